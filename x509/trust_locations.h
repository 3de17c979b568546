// Where this machine's OpenSSL keeps the certificates that its programs trust.
#pragma once

#include <string>
#include <vector>

namespace badmx::x509 {

struct TrustLocations {
  std::string file;                  // a PEM bundle
  std::vector<std::string> folders;  // with files named by hash

  bool operator==(const TrustLocations&) const = default;
};

// Those compiled into OpenSSL, SSL_CERT_FILE and SSL_CERT_DIR in the environment heeded. Whether
// they exist isn't looked at.
TrustLocations system_trust_locations();

}  // namespace badmx::x509
