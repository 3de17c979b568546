// OpenSSL's integers as values: every function throws tls::Error when OpenSSL is out of memory.
#pragma once

#include "tls/bytes.h"
#include "tls/der.h"
#include "tls/handle.h"

#include <cstddef>

namespace badmx::certgen {

tls::BignumHandle new_number();
tls::BignumHandle number_from(tls::ByteView big_endian);
// Left-padded with zeros to that many octets.
tls::Bytes octets_of(const BIGNUM* number, std::size_t octets);
tls::Bytes octets_of(const BIGNUM* number);
tls::der::Node integer_of(const BIGNUM* number);  // not negative
tls::BignumContextHandle new_number_context();

// OpenSSL's functions return 1 for success.
void expect_success(int result);

}  // namespace badmx::certgen
