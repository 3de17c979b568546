// ECDSA over the NIST curves: public keys from private scalars, and signatures whose nonce is a
// function of key and message (RFC 6979), so that the same seed gives the same bytes.
#pragma once

#include "certgen/spec.h"
#include "x509/bytes.h"

#include <cstddef>
#include <string_view>

namespace badmx::certgen {

// Big-endian scalars have this many octets: 32, 48, 66.
std::size_t scalar_size(KeyKind curve);
std::string_view curve_oid(KeyKind curve);

// A scalar from 1 to order - 1, from at least scalar_size + 8 uniform octets (FIPS 186-4 B.4.1).
x509::Bytes scalar_from(KeyKind curve, x509::ByteView uniform);
// The uncompressed point (RFC 5480 2.2).
x509::Bytes public_point(KeyKind curve, x509::ByteView scalar);

// ECDSA-Sig-Value (RFC 3279 2.2.3), DER.
x509::Bytes sign_ecdsa(KeyKind curve, x509::ByteView scalar, Digest digest, x509::ByteView message);

}  // namespace badmx::certgen
