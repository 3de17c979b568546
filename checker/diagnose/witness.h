// OpenSSL's word on the same chain: a witness, not the judge.
#pragma once

#include "checker/diagnosis.h"
#include "checker/facts/facts.h"

#include <span>
#include <string>
#include <vector>

namespace badmx::checker {

struct OpensslAnswer {
  std::string skipped{};  // why it wasn't asked ("trust wasn't checked"); empty when it was
  std::vector<Complaint> complaints{};
};

OpensslAnswer ask_openssl(const Facts& facts);

// The complaints that no row of the findings explains, as findings. Where OpenSSL has nothing
// against the path that was taken and only didn't find it, that is one finding of another kind.
std::vector<Finding> unexplained(const Facts& facts, std::span<const Complaint> complaints,
                                 std::span<const Finding> findings);

}  // namespace badmx::checker
