// What is wrong, by the facts of one attempt: the rules, and OpenSSL as their witness.
#pragma once

#include "checker/diagnose/witness.h"
#include "checker/diagnosis.h"
#include "checker/facts/facts.h"

#include <vector>

namespace badmx::checker {

// Findings in the order of the rows, nearest cause first.
struct Judgement {
  std::vector<Finding> findings{};
  std::vector<Finding> consequences{};  // with the codes of what they follow from
  OpensslAnswer openssl{};
};

// `further`: what was found otherwise, to be sorted in; their codes are rules'.
Judgement judge(const Facts& facts, std::vector<Finding> further);

}  // namespace badmx::checker
