#include "certgen/key_derivation.h"

#include "certgen/hash.h"
#include "x509/error.h"

#include <openssl/rand.h>

namespace badmx::certgen {

Seed random_seed() {
  Seed seed{.bytes = x509::Bytes(32)};
  if (RAND_bytes(seed.bytes.data(), static_cast<int>(seed.bytes.size())) != 1) {
    throw x509::Error("no random octets for a seed");
  }
  return seed;
}

KeyStore::Impl::Impl(Seed seed_bytes)
    : seed(std::move(seed_bytes)), secret_(hkdf_extract(x509::as_bytes("badmx v1"), seed.bytes)) {}

x509::Bytes KeyStore::Impl::derive(std::initializer_list<std::string_view> parts,
                                   std::size_t octets) const {
  x509::Bytes info;
  for (const std::string_view part : parts) {
    x509::append(info, x509::as_bytes(part));
    info.push_back(0);  // no name has a NUL: ("a", "bc") and ("ab", "c") differ
  }
  return hkdf_expand(secret_, info, octets);
}

KeyPair KeyStore::Impl::key(const KeySpec& spec, std::string_view scenario,
                            std::string_view entity) {
  switch (spec.kind) {
    case KeyKind::rsa:
    case KeyKind::rsa_pss:
      return rsa_.get({spec.kind, spec.bits, std::string(entity)},
                      [&] { return make_rsa(spec, entity); });
    case KeyKind::ed25519:
      return ed25519_key(derive({"ed25519", scenario, entity}, uniform_octets(KeyKind::ed25519)));
    case KeyKind::ec_p256:
      return ec_key(spec.kind, derive({"p256", scenario, entity}, uniform_octets(spec.kind)));
    case KeyKind::ec_p384:
      return ec_key(spec.kind, derive({"p384", scenario, entity}, uniform_octets(spec.kind)));
    case KeyKind::ec_p521:
      return ec_key(spec.kind, derive({"p521", scenario, entity}, uniform_octets(spec.kind)));
  }
  throw std::logic_error("no such kind of key");
}

const KeyPair& KeyStore::Impl::lab_key() {
  const KeySpec spec = lab_root().key;
  return lab_.get("root", [&] {
    return ec_key(spec.kind, derive({"lab", "root"}, uniform_octets(spec.kind)));
  });
}

KeyPair KeyStore::Impl::make_rsa(const KeySpec& spec, std::string_view entity) const {
  const std::string bits = std::to_string(spec.bits);
  const auto stream = [&](unsigned int number) {
    return [this, bits, entity, number](unsigned int attempt, std::size_t octets) {
      return derive({"rsa", bits, entity, std::to_string(number), std::to_string(attempt)}, octets);
    };
  };
  return rsa_key(spec, make_rsa_key(spec.bits, stream));
}

KeyStore::KeyStore(Seed seed) : impl_(std::make_unique<Impl>(std::move(seed))) {}
KeyStore::~KeyStore() = default;
const Seed& KeyStore::seed() const { return impl_->seed; }

}  // namespace badmx::certgen
