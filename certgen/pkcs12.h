// An identity as PKCS#12 (RFC 7292), which some servers import instead of PEM.
#pragma once

#include "x509/bytes.h"
#include "x509/identity.h"

#include <string>
#include <string_view>
#include <variant>

namespace badmx::certgen {

// Why there is none: OpenSSL can't read one of the certificates, or the key isn't the first one's.
struct NoPkcs12 {
  std::string why;
};

// The same identity and password give the same bytes. Throws x509::Error when OpenSSL fails us.
std::variant<x509::Bytes, NoPkcs12> write_pkcs12(const x509::Identity& identity,
                                                 std::string_view password);

}  // namespace badmx::certgen
