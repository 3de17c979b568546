// What the programs of this folder have in common: their arguments, the reviewed differences, and
// how a case that differs is held against them.
//   PROGRAM SUITES REVIEWED.tsv [SUITE…]
#pragma once

#include <cstddef>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

namespace badmx::conformance {

struct Job {
  std::filesystem::path suites{};
  std::map<std::string, std::string> reasons{};  // "SUITE/ID" to why it differs, not yet met
  std::vector<std::string> names{};              // of the suites, all unless some are named
};

// Exit: what `work` returns; 64 usage, 70 an exception, 77 there are no suites.
int run_job(int argc, char** argv, int (*work)(Job& job));

struct Tally {
  std::size_t cases = 0;
  std::size_t same = 0;
  std::size_t explained = 0;
  bool failed = false;
};

// `says` is how the case differs, empty when it doesn't. Prints what isn't reviewed, and what is
// though it agrees.
void hold(const std::string& id, const std::string& says, Job& job, Tally& tally);

// Prints the reasons of that suite that no case has met; false when there are any.
bool all_met(const Job& job, const std::string& suite);

}  // namespace badmx::conformance
