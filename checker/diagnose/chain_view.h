// The chain and the path as a reader sees them.
#pragma once

#include "checker/diagnosis.h"
#include "checker/facts/facts.h"

#include <vector>

namespace badmx::checker {

// The certificates sent, in their order.
std::vector<ChainMember> chain_of(const Facts& facts);

// The path that was judged, from the leaf up.
std::vector<Step> steps_of(const Facts& facts);

}  // namespace badmx::checker
