// From findings to what each policy makes of the mail.
#pragma once

#include "checker/diagnosis.h"
#include "checker/facts/facts.h"

#include <span>
#include <vector>

namespace badmx::checker {

// One a policy, in the order of all_policies: the worst that any finding makes of it, and the first
// finding that does. Where no finding refuses but something that the policy demands couldn't be
// judged, it is undecided.
std::vector<Verdict> verdicts(const Facts& facts, std::span<const Finding> findings);

// Whether a sender with this policy never comes to judge what stands at `where`. It takes the first
// certificate that was sent for the server's and goes up from there (RFC 8446 4.4.2): of one that
// stands below it in the path it misses the name alone.
bool goes_unseen(Policy policy, std::span<const Location> path, const Location& where);

}  // namespace badmx::checker
