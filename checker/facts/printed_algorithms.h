// Keys and signature algorithms as s_client of OpenSSL 3 prints them behind "a:PKEY:".
#pragma once

#include "x509/key.h"

#include <string_view>

namespace badmx::checker {

// Of "rsaEncryption, 2048 (bit)": the algorithm and the bits. The curve is a guess from the bits.
// Fields stay empty where the text doesn't say.
x509::PublicKey read_printed_key(std::string_view text);

// Of "RSA-SHA256", "ecdsa-with-SHA256", "ED25519": the name as printed, and the digest.
x509::SignatureAlgorithm read_printed_signature(std::string_view text);

}  // namespace badmx::checker
