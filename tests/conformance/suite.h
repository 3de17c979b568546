// Cases of certificate suites that nobody here wrote, read where they lie (suites' README.md).
#pragma once

#include "checker/criteria.h"
#include "checker/observation.h"

#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace badmx::conformance {

struct Case {
  std::string id{};
  bool accepted = false;              // by the suite
  std::vector<std::string> reason{};  // the suite's words
  std::filesystem::path folder{};
  checker::Observation observation{};
  checker::Criteria criteria{};
};

// In the order of index.tsv. Throws std::runtime_error when a file can't be read.
std::vector<Case> read_suite(const std::filesystem::path& folder);

}  // namespace badmx::conformance
