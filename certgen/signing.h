// Signatures that are a function of key and message alone: RSASSA-PKCS1-v1_5, RSASSA-PSS with a
// derived salt, ECDSA with derived nonces, Ed25519.
#pragma once

#include "certgen/private_key.h"
#include "certgen/spec.h"
#include "x509/bytes.h"
#include "x509/der.h"

#include <optional>
#include <string>
#include <string_view>

namespace badmx::certgen {

// How a key signs. Ed25519 has no digest to choose: `digest` is passed over.
struct SignatureScheme {
  Digest digest = Digest::sha256;
  Padding padding = Padding::by_key;
};

// What of a certificate's spec is wrong: the key, and what was found and is allowed there.
struct Refusal {
  std::string key;
  std::string says;
};

// Why the key of `signer` can't sign in that way (MD5 with ECDSA, PSS with an EC key, …); nothing
// when it can.
std::optional<Refusal> refusal(const KeyPair& key, const SignatureScheme& scheme,
                               std::string_view signer);

// The AlgorithmIdentifier (RFC 5280 4.1.1.2) and the signature's octets. The scheme must not be
// one that is refused. Throw x509::Error.
x509::der::Node signature_algorithm(const KeyPair& key, const SignatureScheme& scheme);
x509::Bytes sign(const KeyPair& key, const SignatureScheme& scheme, x509::ByteView message);

}  // namespace badmx::certgen
