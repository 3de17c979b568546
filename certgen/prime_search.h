// Prime numbers for RSA, found by a search of our own: the same stream of octets gives the same
// prime under every version of OpenSSL, eight times faster than its key generation. For test keys
// only: neither constant in time nor as sceptical of a number as FIPS 186-4 is.
#pragma once

#include "x509/bytes.h"
#include "x509/handle.h"

#include <cstddef>
#include <functional>

namespace badmx::certgen {

// The given number of uniform octets for one attempt; each attempt has other ones.
using UniformOctets = std::function<x509::Bytes(unsigned int attempt, std::size_t octets)>;

struct PrimeShape {
  int bits = 0;      // exactly
  int top_ones = 2;  // that many leading bits are ones, so that a product keeps its length
};

// Of every key: F4, the fourth Fermat number.
inline constexpr unsigned long rsa_public_exponent = 65537;

// p is prime and p - 1 is coprime to the public exponent.
x509::BignumHandle find_prime(const PrimeShape& shape, const UniformOctets& uniform);

}  // namespace badmx::certgen
