#include "net/tls/groups.h"

#include "x509/error.h"

#include <openssl/err.h>

#include <array>

namespace badmx::tls {
namespace {

constexpr std::size_t current_count = 5;
constexpr std::array<std::string_view, 14> offered_groups{
    "X25519",          "P-256",           "X448",      "P-521",     "P-384",
    "ffdhe2048",       "ffdhe3072",       "ffdhe4096", "secp256k1", "brainpoolP256r1",
    "brainpoolP384r1", "brainpoolP512r1", "P-224",     "P-192"};

}  // namespace

std::span<const std::string_view> all_groups() { return offered_groups; }

std::span<const std::string_view> current_groups() { return all_groups().first(current_count); }

std::vector<std::string> known_groups(SSL_CTX* context, std::span<const std::string_view> names) {
  std::vector<std::string> known;
  for (const std::string_view name : names) {
    std::string alone(name);
    // A colon would make a list of it.
    const bool is_one = !alone.empty() && alone.find(':') == std::string::npos;
    ERR_set_mark();
    if (is_one && SSL_CTX_set1_groups_list(context, alone.c_str()) == 1) {
      known.push_back(std::move(alone));
    }
    ERR_pop_to_mark();
  }
  return known;
}

std::vector<std::string> known_groups(const Library& library,
                                      std::span<const std::string_view> names) {
  const x509::SslContextHandle context(SSL_CTX_new_ex(library.native(), nullptr, TLS_method()));
  if (!context) throw x509::Error("can't make a TLS context");
  return known_groups(context.get(), names);
}

}  // namespace badmx::tls
