// Distinguished names as OpenSSL prints them, in the form in which tls::text() prints its own.
#pragma once

#include <string>
#include <string_view>

namespace badmx::checker {

// Takes "/C=GB/O=Lab" (OpenSSL up to 1.0), "C = GB, O = \"Lab, Inc\"" (1.1 to 3.1) and "C=GB,
// O=Lab" (3.2 up); gives "C=GB, O=Lab, Inc", printable and bounded.
std::string printed_name(std::string_view as_printed);

}  // namespace badmx::checker
