// RSA private keys (RFC 8017), with two primes up to 4096 bits and with four above, where the
// search for long primes would take seconds.
#pragma once

#include "certgen/prime_search.h"
#include "x509/bytes.h"

#include <functional>

namespace badmx::certgen {

inline constexpr int least_rsa_bits = 1024;
inline constexpr int most_rsa_bits = 8192;

struct RsaKey {
  x509::Bytes public_key;   // RSAPublicKey, DER
  x509::Bytes private_key;  // RSAPrivateKey, DER
};

// The uniform octets of the number-th prime (from 0).
using PrimeStream = std::function<UniformOctets(unsigned int number)>;

// `bits` lies between least_rsa_bits and most_rsa_bits; the exponent is 65537.
RsaKey make_rsa_key(int bits, const PrimeStream& stream);

}  // namespace badmx::certgen
