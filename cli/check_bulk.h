// `badmx check --input`: many hosts, each reported as soon as it is done.
#pragma once

#include "checker/sender_policy.h"
#include "cli/options.h"

#include <optional>

namespace badmx::cli {

// Writes one line of JSON a target, in the order in which they are done; what stands in --resume
// already is left out, and what is new goes behind it. Returns the exit code.
int run_check_bulk(const CheckOptions& options, std::optional<checker::Policy> policy,
                   std::size_t fail_on);

}  // namespace badmx::cli
