// The public suffix list, as libpsl has it built in.
#pragma once

#include <string>

namespace badmx::checker {

// Whether anybody may register names below it: "com", "co.uk", "s3.amazonaws.com". Of a name that
// no rule of the list covers: false.
bool is_public_suffix(const std::string& domain);

}  // namespace badmx::checker
