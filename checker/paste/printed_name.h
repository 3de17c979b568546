// Distinguished names as OpenSSL prints them, in the form in which x509::text() prints its own.
#pragma once

#include "x509/certificate.h"

#include <string>
#include <string_view>

namespace badmx::checker {

// Takes "/C=GB/O=Lab" (OpenSSL up to 1.0), "C = GB, O = \"Lab, Inc\"" (1.1 to 3.1) and "C=GB,
// O=Lab" (3.2 up); gives "C=GB, O=Lab, Inc", printable and bounded.
std::string printed_name(std::string_view as_printed);

// The same text, or what printed_name() gives, as a name: its values are UTF-8, its `der` is empty,
// and attributes of a type that OpenSSL doesn't know are left out.
x509::Name read_printed_name(std::string_view as_printed);

}  // namespace badmx::checker
