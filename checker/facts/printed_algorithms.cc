#include "checker/facts/printed_algorithms.h"

#include "x509/ascii.h"

#include <algorithm>
#include <array>
#include <charconv>
#include <string>
#include <utility>

namespace badmx::checker {
namespace {

constexpr std::string_view list_separator = ", ";

// OpenSSL's long names, and how x509::PublicKey has them.
constexpr std::array<std::pair<std::string_view, std::string_view>, 6> key_algorithms{{
    {"rsaEncryption", "rsa"},
    {"rsassaPss", "rsa-pss"},
    {"id-ecPublicKey", "ec"},
    {"ED25519", "ed25519"},
    {"ED448", "ed448"},
    {"dsaEncryption", "dsa"},
}};

constexpr std::array<std::string_view, 8> digests{"sha1",   "sha224", "sha256", "sha384",
                                                  "sha512", "md5",    "md4",    "md2"};

std::string_view curve_of(int bits) {
  if (bits == 256) return "P-256";
  if (bits == 384) return "P-384";
  return bits == 521 ? "P-521" : "";
}

}  // namespace

x509::PublicKey read_printed_key(std::string_view text) {
  x509::PublicKey key;
  const std::size_t end = text.find(list_separator);
  for (const auto& [name, algorithm] : key_algorithms) {
    if (text.substr(0, end) == name) key.algorithm = algorithm;
  }
  if (end != std::string_view::npos) {
    const std::string_view number = text.substr(end + list_separator.size());
    std::from_chars(number.data(), number.data() + number.size(), key.bits);
  }
  if (key.algorithm == "ec") key.curve = curve_of(key.bits);
  return key;
}

x509::SignatureAlgorithm read_printed_signature(std::string_view text) {
  x509::SignatureAlgorithm signature{.oid = {}, .name = std::string(text)};
  const std::string lower = x509::lower(text);
  const auto* const digest = std::ranges::find_if(
      digests, [&](std::string_view name) { return lower.find(name) != std::string::npos; });
  if (digest != digests.end()) signature.digest = *digest;
  return signature;
}

}  // namespace badmx::checker
