// OpenSSL's integers as values: every function throws x509::Error when OpenSSL is out of memory.
#pragma once

#include "x509/bytes.h"
#include "x509/der.h"
#include "x509/handle.h"

#include <cstddef>

namespace badmx::certgen {

x509::BignumHandle new_number();
x509::BignumHandle number_from(x509::ByteView big_endian);
// Left-padded with zeros to that many octets.
x509::Bytes octets_of(const BIGNUM* number, std::size_t octets);
x509::Bytes octets_of(const BIGNUM* number);
x509::der::Node integer_of(const BIGNUM* number);  // not negative
x509::BignumContextHandle new_number_context();

// OpenSSL's functions return 1 for success.
void expect_success(int result);

}  // namespace badmx::certgen
