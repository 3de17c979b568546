// What the evidence leaves open, and what would close it.
#pragma once

#include "checker/diagnosis.h"
#include "checker/facts/facts.h"

#include <vector>

namespace badmx::checker {

std::vector<Undecided> open_questions(const Facts& facts, const std::vector<Finding>& findings);

}  // namespace badmx::checker
