// A key pair of any kind a certificate may carry, made from uniform octets.
#pragma once

#include "certgen/rsa_key.h"
#include "certgen/spec.h"
#include "tls/bytes.h"
#include "tls/handle.h"

#include <memory>

namespace badmx::certgen {

struct KeyPair {
  KeySpec spec;
  tls::Bytes pkcs8;        // PrivateKeyInfo (RFC 5958), DER
  tls::Bytes spki;         // SubjectPublicKeyInfo (RFC 5280 4.1.2.7), DER
  tls::Bytes subject_key;  // the octets of its BIT STRING: what key identifiers are made from
  tls::Bytes secret;       // EC: the scalar; Ed25519: the seed; RSA: the RSAPrivateKey
  std::shared_ptr<EVP_PKEY> rsa;  // for signing; null for the others
};

// Octets that ec_key and ed25519_key need.
std::size_t uniform_octets(KeyKind kind);

KeyPair ec_key(KeyKind curve, tls::ByteView uniform);
KeyPair ed25519_key(tls::ByteView uniform);
// `spec` is of kind rsa or rsa_pss.
KeyPair rsa_key(const KeySpec& spec, const RsaKey& numbers);

}  // namespace badmx::certgen
