// An identity as PKCS#12 (RFC 7292), which some servers import instead of PEM.
#pragma once

#include "tls/bytes.h"
#include "tls/identity.h"

#include <string>
#include <string_view>
#include <variant>

namespace badmx::certgen {

// Why there is none: OpenSSL can't read one of the certificates, or the key isn't the first one's.
struct NoPkcs12 {
  std::string why;
};

// The same identity and password give the same bytes. Throws tls::Error when OpenSSL fails us.
std::variant<tls::Bytes, NoPkcs12> write_pkcs12(const tls::Identity& identity,
                                                std::string_view password);

}  // namespace badmx::certgen
