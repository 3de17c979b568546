// The certificates that other connections were shown: judged like the first one's, by themselves.
#pragma once

#include "checker/criteria.h"
#include "checker/diagnosis.h"
#include "checker/observation.h"

#include <cstddef>
#include <vector>

namespace badmx::checker {

// One finding for each kind of sender that meets another certificate than the judged attempt's, and
// one that fails. Severity and who mends it are diagnose()'s to fill in.
std::vector<Finding> other_chains(const Observation& observation, const Criteria& criteria,
                                  std::size_t judged_attempt);

}  // namespace badmx::checker
