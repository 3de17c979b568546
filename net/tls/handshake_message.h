// What a channel notes of handshake messages, read from their bytes with their 4-octet header: what
// OpenSSL tells of them has gone through its own parser.
#pragma once

#include "x509/bytes.h"

#include <cstdint>
#include <optional>
#include <vector>

namespace badmx::tls {

enum class MessageFormat { tls10, tls12, tls13 };
enum class KeyExchange { ecdhe, dhe };

// HandshakeType; -1 where there is none.
int message_type(x509::ByteView message);

// Of a Certificate message (RFC 8446 4.4.2, RFC 5246 7.4.2): the entries up to the first that
// isn't whole, at most 1024.
std::vector<x509::Bytes> certificates_of(x509::ByteView message, MessageFormat format);

// Of a CertificateRequest (RFC 8446 4.3.2 and 4.2.4, RFC 5246 7.4.4): DER Names, at most 1024.
std::vector<x509::Bytes> ca_names_of(x509::ByteView message, MessageFormat format);

// The SignatureScheme in a TLS 1.2 ServerKeyExchange (RFC 5246 7.4.3, RFC 8422 5.4); nothing where
// it isn't signed.
std::optional<std::uint16_t> key_exchange_signature(x509::ByteView message, KeyExchange exchange);

// The SignatureScheme in a CertificateVerify (RFC 8446 4.4.3).
std::optional<std::uint16_t> verify_signature(x509::ByteView message);

}  // namespace badmx::tls
