// Reviewed differences: what isn't as a suite or an original has it, with the reason.
#pragma once

#include <map>
#include <string>

namespace badmx::conformance {

// "SUITE/ID" to the reason, from lines of both with a tab between; "#" begins a comment.
std::map<std::string, std::string> read_differences(const char* file);

}  // namespace badmx::conformance
