// The pairs of scenarios that can be laid over each other.
#pragma once

#include "fixtures/scenario/scenario.h"

#include <vector>

namespace badmx::fixtures {

// Each pair of built-in scenarios that composes, in the catalogue's order.
std::vector<Scenario> composed_pairs();

}  // namespace badmx::fixtures
