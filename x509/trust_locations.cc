#include "x509/trust_locations.h"

#include <openssl/x509.h>

#include <algorithm>
#include <cstdlib>
#include <string_view>

namespace badmx::x509 {
namespace {

std::string environment_or(const char* variable, const char* otherwise) {
  const char* const value = std::getenv(variable);
  return value != nullptr ? value : otherwise;
}

}  // namespace

TrustLocations system_trust_locations() {
  TrustLocations places;
  places.file = environment_or(X509_get_default_cert_file_env(), X509_get_default_cert_file());
  const std::string folders =
      environment_or(X509_get_default_cert_dir_env(), X509_get_default_cert_dir());
  for (std::size_t at = 0; at <= folders.size();) {
    const std::size_t end = std::min(folders.find(':', at), folders.size());
    if (end > at) places.folders.push_back(folders.substr(at, end - at));
    at = end + 1;
  }
  return places;
}

}  // namespace badmx::x509
