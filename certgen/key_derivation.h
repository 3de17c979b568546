// Everything secret or random in a PKI, derived by HKDF-SHA256 (RFC 5869) from the seed and what
// it is for, so that neither order nor threads nor OpenSSL's version matter.
#pragma once

#include "certgen/once_cache.h"
#include "certgen/pki.h"
#include "certgen/private_key.h"

#include <cstddef>
#include <initializer_list>
#include <string>
#include <string_view>
#include <tuple>
#include <utility>

namespace badmx::certgen {

struct KeyStore::Impl {
  explicit Impl(Seed seed_bytes);

  // From (seed, parts).
  x509::Bytes derive(std::initializer_list<std::string_view> parts, std::size_t octets) const;

  // An entity's key from (seed, scenario, entity); RSA from (seed, bits, entity) and remembered.
  // `spec` has been checked.
  KeyPair key(const KeySpec& spec, std::string_view scenario, std::string_view entity);
  // From (seed, "root") alone, and remembered.
  const KeyPair& lab_key();

  Seed seed;
  OnceCache<std::pair<std::string, x509::Moment>, IssuedCertificate> lab_roots;  // by {lab}

 private:
  KeyPair make_rsa(const KeySpec& spec, std::string_view entity) const;

  x509::Bytes secret_;
  OnceCache<std::tuple<KeyKind, int, std::string>, KeyPair> rsa_;
  OnceCache<std::string, KeyPair> lab_;
};

}  // namespace badmx::certgen
