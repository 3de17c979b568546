// x509-limbo's harness: https://x509-limbo.com/
#pragma once

#include <string>
#include <string_view>

namespace badmx::cli {

// Judges every test case of a limbo.json (schema version 1), each by the standard that its id is
// about, and returns the results in the suite's own form. Throws Failure when the text isn't one.
std::string judge_limbo(std::string_view limbo);

}  // namespace badmx::cli
