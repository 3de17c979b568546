// BoringSSL names the faults of each certificate: whether we found them too.
#pragma once

#include "checker/diagnosis.h"

#include <cstddef>
#include <string>
#include <vector>

namespace badmx::conformance {

struct Reasons {
  std::size_t named = 0;
  std::size_t found = 0;
  std::vector<std::string> missed{};
};

// Of the suite's words for one case ("Certificate i=1 (CN=…) => ERROR: …"), its errors.
Reasons hold_reasons(const std::vector<std::string>& words, const checker::Diagnosis& diagnosis);

}  // namespace badmx::conformance
