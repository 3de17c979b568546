// OpenSSL's names of object identifiers, as its commands print them.
#pragma once

#include <string>
#include <string_view>

namespace badmx::x509 {

// Dotted, of a short or a long name ("CN", "jurisdictionCountryName"); empty for one that OpenSSL
// doesn't have.
std::string oid_of(std::string_view name);

}  // namespace badmx::x509
