// Digests and what is made of them: HMAC (RFC 2104) and HKDF (RFC 5869).
#pragma once

#include "certgen/spec.h"
#include "tls/bytes.h"

#include <cstddef>
#include <initializer_list>
#include <string_view>

namespace badmx::certgen {

std::size_t digest_size(Digest digest);
std::string_view digest_name(Digest digest);  // "sha256"

// All of these throw tls::Error when OpenSSL lacks the digest. The parts are hashed as if joined.
tls::Bytes hash(Digest digest, std::initializer_list<tls::ByteView> parts);
tls::Bytes hmac(Digest digest, tls::ByteView key, std::initializer_list<tls::ByteView> parts);

// RFC 5869 with SHA-256; at most 255 * 32 octets can be expanded.
tls::Bytes hkdf_extract(tls::ByteView salt, tls::ByteView input_key);
tls::Bytes hkdf_expand(tls::ByteView pseudorandom_key, tls::ByteView info, std::size_t octets);

}  // namespace badmx::certgen
