// What a diagnosis makes of the exit code.
#pragma once

#include "checker/diagnosis.h"
#include "checker/observation.h"
#include "checker/sender_policy.h"

#include <cstddef>
#include <optional>

namespace badmx::cli {

// Of one target: exit_unobserved where nothing could be judged; exit_findings for a finding at or
// above `fail_on` (note, warning, error, never), or where `policy` is given and doesn't deliver.
int exit_code_of(const checker::Observation& observation, const checker::Diagnosis& diagnosis,
                 std::optional<checker::Policy> policy, std::size_t fail_on);

// Of two targets: nothing seen outweighs findings, findings outweigh none.
int worse(int one, int other);

}  // namespace badmx::cli
