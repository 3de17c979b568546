// Public keys as certificates carry them, and signatures checked by them.
#pragma once

#include "x509/bytes.h"

#include <string>

namespace badmx::x509 {

// Read from a SubjectPublicKeyInfo (RFC 5280 4.1.2.7) without OpenSSL.
struct PublicKey {
  // "rsa" "rsa-pss" "ec" "ed25519" "ed448" "dsa", or the OID's dotted text.
  std::string algorithm{};
  int bits = 0;         // of the RSA modulus or the curve's order; 0 where it can't be told
  std::string curve{};  // "P-256" "P-384" "P-521" …, the OID's dotted text, or "explicit"
  Bytes spki{};         // the whole SubjectPublicKeyInfo
  Bytes subject_key{};  // the BIT STRING's octets, what key identifiers are made from

  bool operator==(const PublicKey&) const = default;
};

// Fields stay empty where the bytes don't say.
PublicKey read_public_key(ByteView spki);

struct SignatureAlgorithm {
  std::string oid{};
  std::string name{};    // "ecdsa-with-SHA256", "sha1WithRSAEncryption"; the OID where unknown
  std::string digest{};  // "sha256"; empty where the algorithm names none (Ed25519) or is unknown
  Bytes der{};           // the whole AlgorithmIdentifier

  bool operator==(const SignatureAlgorithm&) const = default;
};

SignatureAlgorithm read_signature_algorithm(ByteView algorithm_identifier);

enum class SignatureCheck {
  valid,
  invalid,
  not_checked,  // unknown algorithm, or key and algorithm don't fit: no proof either way
};

// Whether `signature` over `message` is by `key`. No security level applies.
SignatureCheck check_signature(const PublicKey& key, const SignatureAlgorithm& algorithm,
                               ByteView message, ByteView signature);

}  // namespace badmx::x509
