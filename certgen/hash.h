// Digests and what is made of them: HMAC (RFC 2104) and HKDF (RFC 5869).
#pragma once

#include "certgen/spec.h"
#include "x509/bytes.h"

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace badmx::certgen {

std::size_t digest_size(Digest digest);
std::string_view digest_name(Digest digest);  // "sha256"

// All of these throw x509::Error when OpenSSL lacks the digest. The parts are hashed as if joined.
x509::Bytes hash(Digest digest, std::initializer_list<x509::ByteView> parts);
x509::Bytes hmac(Digest digest, x509::ByteView key, std::initializer_list<x509::ByteView> parts);

// RFC 5869 with SHA-256; at most 255 * 32 octets can be expanded.
x509::Bytes hkdf_extract(x509::ByteView salt, x509::ByteView input_key);
x509::Bytes hkdf_expand(x509::ByteView pseudorandom_key, x509::ByteView info, std::size_t octets);

}  // namespace badmx::certgen
