#include "checker/facts/signatures.h"

#include <string>
#include <unordered_map>

namespace badmx::checker {
namespace {

constexpr std::size_t most_remembered = 512;

std::string pair_key(const CertificateFacts& child, const CertificateFacts& issuer) {
  std::string key(x509::as_text(x509::sha256(child.der)));
  key += x509::as_text(x509::sha256(issuer.read->key.spki));
  return key;
}

}  // namespace

x509::SignatureCheck check_signed_by(const CertificateFacts& child,
                                     const CertificateFacts& issuer) {
  thread_local std::unordered_map<std::string, x509::SignatureCheck> remembered;
  const std::string key = pair_key(child, issuer);
  const auto known = remembered.find(key);
  if (known != remembered.end()) return known->second;
  const x509::SignatureCheck result = x509::signed_by(*child.read, issuer.read->key);
  if (remembered.size() >= most_remembered) remembered.clear();
  remembered.emplace(key, result);
  return result;
}

}  // namespace badmx::checker
