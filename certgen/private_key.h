// A key pair of any kind a certificate may carry, made from uniform octets.
#pragma once

#include "certgen/rsa_key.h"
#include "certgen/spec.h"
#include "x509/bytes.h"
#include "x509/handle.h"

#include <memory>

namespace badmx::certgen {

struct KeyPair {
  KeySpec spec;
  x509::Bytes pkcs8;        // PrivateKeyInfo (RFC 5958), DER
  x509::Bytes spki;         // SubjectPublicKeyInfo (RFC 5280 4.1.2.7), DER
  x509::Bytes subject_key;  // the octets of its BIT STRING: what key identifiers are made from
  x509::Bytes secret;       // EC: the scalar; Ed25519: the seed; RSA: the RSAPrivateKey
  std::shared_ptr<EVP_PKEY> rsa;  // for signing; null for the others
};

// Octets that ec_key and ed25519_key need.
std::size_t uniform_octets(KeyKind kind);

KeyPair ec_key(KeyKind curve, x509::ByteView uniform);
KeyPair ed25519_key(x509::ByteView uniform);
// `spec` is of kind rsa or rsa_pss.
KeyPair rsa_key(const KeySpec& spec, const RsaKey& numbers);

}  // namespace badmx::certgen
