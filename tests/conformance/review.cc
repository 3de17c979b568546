#include "tests/conformance/review.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <fstream>

namespace badmx::conformance {
namespace {

// Lines of both with a tab between; "#" begins a comment.
std::map<std::string, std::string> read_reasons(const char* file) {
  std::map<std::string, std::string> reasons;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t tab = line.find('\t');
    if (line.empty() || line.front() == '#' || tab == std::string::npos) continue;
    reasons[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return reasons;
}

}  // namespace

int run_job(int argc, char** argv, int (*work)(Job& job)) {
  if (argc < 3) {
    std::fprintf(stderr, "usage: %s SUITES REVIEWED.tsv [SUITE...]\n", argv[0]);
    return 64;
  }
  try {
    Job job{.suites = argv[1],
            .reasons = read_reasons(argv[2]),
            .names = std::vector<std::string>(argv + 3, argv + argc)};
    if (!std::filesystem::exists(job.suites)) {
      fmt::print("skipped: there are no suites in {}\n", job.suites.string());
      return 77;
    }
    if (job.names.empty()) job.names = {"x509-limbo", "bettertls-pathbuilding", "boringssl-chains"};
    return work(job);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "%s: %s\n", argv[0], error.what());
    return 70;
  }
}

void hold(const std::string& id, const std::string& says, Job& job, Tally& tally) {
  const auto reason = job.reasons.find(id);
  const bool is_reviewed = reason != job.reasons.end();
  ++tally.cases;
  if (says.empty() && !is_reviewed) {
    ++tally.same;
  } else if (!says.empty() && is_reviewed) {
    ++tally.explained;
  } else {
    tally.failed = true;
    fmt::print("{}\t{}\n", id, says.empty() ? "agrees, but stands among the reviewed" : says);
  }
  if (is_reviewed) job.reasons.erase(reason);
}

bool all_met(const Job& job, const std::string& suite) {
  bool met = true;
  for (const auto& [id, reason] : job.reasons) {
    if (!id.starts_with(suite + "/")) continue;
    met = false;
    fmt::print("{}\tthere is no such case\n", id);
  }
  return met;
}

}  // namespace badmx::conformance
