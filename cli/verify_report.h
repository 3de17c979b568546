// A run of `badmx verify`, for people, programs and CI servers.
#pragma once

#include "cli/terminal.h"
#include "fixtures/proof/verify_run.h"

#include <string>

namespace badmx::cli {

std::string verify_text(const fixtures::VerifyResult& result, checker::Colour colour);
// {"schema": "badmx-verify/2", "passed", "took_ms", "scenarios": [{"scenario", "outcome",
// "findings", "differences", "skipped_because"}]}
std::string verify_json(const fixtures::VerifyResult& result);
// One testcase a scenario.
std::string verify_junit(const fixtures::VerifyResult& result);

std::string_view name(fixtures::VerifyOutcome outcome);  // "passed" "differs" "skipped"

}  // namespace badmx::cli
