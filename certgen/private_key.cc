#include "certgen/private_key.h"

#include "certgen/elliptic_curve.h"
#include "certgen/nodes.h"
#include "x509/der.h"
#include "x509/error.h"

#include <openssl/evp.h>

#include <utility>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

constexpr std::size_t ed25519_octets = 32;

x509::Bytes write_spki(der::Node algorithm_identifier, x509::ByteView subject_key) {
  return der::write(sequence_of(std::move(algorithm_identifier), der::bit_string(subject_key)));
}

x509::Bytes write_pkcs8(der::Node algorithm_identifier, x509::ByteView private_key) {
  return der::write(sequence_of(der::integer(0), std::move(algorithm_identifier),
                                der::octet_string(private_key)));
}

}  // namespace

std::size_t uniform_octets(KeyKind kind) {
  // Eight octets more than the order has: the remainder is then as good as uniform.
  return kind == KeyKind::ed25519 ? ed25519_octets : scalar_size(kind) + 8;
}

KeyPair ec_key(KeyKind curve, x509::ByteView uniform) {
  KeyPair key{.spec = KeySpec{.kind = curve},
              .pkcs8 = {},
              .spki = {},
              .subject_key = {},
              .secret = scalar_from(curve, uniform),
              .rsa = nullptr};
  key.subject_key = public_point(curve, key.secret);
  const der::Node named_curve =
      sequence_of(der::oid("1.2.840.10045.2.1"), der::oid(curve_oid(curve)));
  key.spki = write_spki(named_curve, key.subject_key);
  // RFC 5915: ECPrivateKey; with the public key in it, a reader needn't compute it again.
  key.pkcs8 = write_pkcs8(
      named_curve,
      der::write(sequence_of(
          der::integer(1), der::octet_string(key.secret),
          der::constructed(der::context_constructed(1), list(der::bit_string(key.subject_key))))));
  return key;
}

KeyPair ed25519_key(x509::ByteView uniform) {
  const x509::KeyHandle native(
      EVP_PKEY_new_raw_private_key_ex(nullptr, "ED25519", nullptr, uniform.data(), ed25519_octets));
  x509::Bytes subject_key(ed25519_octets);
  std::size_t size = subject_key.size();
  if (!native || EVP_PKEY_get_raw_public_key(native.get(), subject_key.data(), &size) != 1) {
    throw x509::Error("can't make an Ed25519 key");
  }
  KeyPair key{.spec = KeySpec{.kind = KeyKind::ed25519},
              .pkcs8 = {},
              .spki = {},
              .subject_key = std::move(subject_key),
              .secret = x509::copy(uniform.first(ed25519_octets)),
              .rsa = nullptr};
  // RFC 8410: the private key is an OCTET STRING inside the OCTET STRING.
  key.spki = write_spki(algorithm("1.3.101.112"), key.subject_key);
  key.pkcs8 = write_pkcs8(algorithm("1.3.101.112"), der::write(der::octet_string(key.secret)));
  return key;
}

KeyPair rsa_key(const KeySpec& spec, const RsaKey& numbers) {
  // RFC 4055: rsaEncryption has NULL parameters; id-RSASSA-PSS without any leaves it open which
  // digests the key may sign with.
  const der::Node identifier = spec.kind == KeyKind::rsa_pss
                                   ? algorithm("1.2.840.113549.1.1.10")
                                   : sequence_of(der::oid("1.2.840.113549.1.1.1"), der::null());
  const unsigned char* at = numbers.private_key.data();
  // Plain RSA whatever the kind: the padding is ours (certgen/signing.cc).
  x509::KeyHandle native(
      d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(numbers.private_key.size())));
  if (!native) throw x509::Error("OpenSSL can't read an RSA key");
  return KeyPair{.spec = spec,
                 .pkcs8 = write_pkcs8(identifier, numbers.private_key),
                 .spki = write_spki(identifier, numbers.public_key),
                 .subject_key = numbers.public_key,
                 .secret = numbers.private_key,
                 .rsa = std::shared_ptr<EVP_PKEY>(std::move(native))};
}

}  // namespace badmx::certgen
