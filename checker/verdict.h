// From findings to what each policy makes of the mail.
#pragma once

#include "checker/diagnosis.h"
#include "checker/facts.h"

#include <span>
#include <vector>

namespace badmx::checker {

// One a policy, in the order of all_policies: the worst that any finding makes of it, and the first
// finding that does. Where no finding refuses but something that the policy demands couldn't be
// judged, it is undecided.
std::vector<Verdict> verdicts(const Facts& facts, std::span<const Finding> findings);

}  // namespace badmx::checker
