// Holds the checker against suites that nobody here wrote.
//   conformance SUITES DIFFERENCES.tsv [SUITE…]
// Prints agreement and every difference. Exit: 0 all agree or are explained, 1 not, 77 no suites.
#include "checker/diagnose/diagnose.h"
#include "tests/conformance/reasons.h"
#include "tests/conformance/review.h"
#include "tests/conformance/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <string>
#include <vector>

namespace badmx::conformance {
namespace {

using Milliseconds = std::chrono::duration<double, std::milli>;

// Names not judged leaves `verify` undecided: then who verifies the CA alone decides.
bool accepts(const checker::Diagnosis& diagnosis, const checker::Criteria& criteria) {
  const auto policy = criteria.names.empty() ? checker::Policy::verify_ca : checker::Policy::verify;
  return std::ranges::any_of(diagnosis.verdicts, [policy](const checker::Verdict& verdict) {
    return verdict.policy == policy && verdict.outcome == checker::Outcome::deliver;
  });
}

std::string codes(const checker::Diagnosis& diagnosis) {
  std::string text;
  for (const auto* list : {&diagnosis.findings, &diagnosis.consequences}) {
    for (const checker::Finding& finding : *list) {
      if (finding.severity == checker::Severity::note) continue;
      text += (text.empty() ? "" : ", ") + finding.code + "@" + checker::text(finding.where);
      if (finding.code == "openssl-rejects") text += " " + finding.evidence.front().value;
    }
  }
  return text.empty() ? "nothing" : text;
}

struct Score {
  std::size_t cases = 0;
  std::size_t agreed = 0;
  std::size_t explained = 0;
  std::size_t wrong = 0;
  Milliseconds slowest{0};
  std::string slowest_id{};
  std::size_t faults_named = 0;  // by the suite, where it names them
  std::size_t faults_found = 0;
};

// Of the faults that a suite names we have to find so many in a hundred.
constexpr std::size_t wanted_percent = 95;

void judge(const std::string& suite, const Case& one, std::map<std::string, std::string>& reasons,
           Score& tally) {
  const auto begin = std::chrono::steady_clock::now();
  const checker::Diagnosis diagnosis = checker::diagnose(one.observation, one.criteria);
  const Milliseconds took = std::chrono::steady_clock::now() - begin;
  ++tally.cases;
  if (took > tally.slowest) {
    tally.slowest = took;
    tally.slowest_id = one.id;
  }
  const Reasons named = hold_reasons(one.reason, diagnosis);
  tally.faults_named += named.named;
  tally.faults_found += named.found;
  for (const std::string& missed : named.missed) {
    fmt::print("  {}: not found: {}\n", one.id, missed);
  }
  const bool accepted = accepts(diagnosis, one.criteria);
  const auto reason = reasons.find(suite + "/" + one.id);
  if (accepted == one.accepted) {
    ++tally.agreed;
    if (reason != reasons.end()) {
      ++tally.wrong;
      fmt::print("  {}: agrees, but stands among the differences\n", one.id);
    }
  } else if (reason != reasons.end()) {
    ++tally.explained;
    fmt::print("  {}: {}, explained: {}\n", one.id, accepted ? "accepted" : "refused",
               reason->second);
  } else {
    ++tally.wrong;
    fmt::print("  {}: {} against the suite; found {}\n", one.id, accepted ? "accepted" : "refused",
               codes(diagnosis));
  }
  if (reason != reasons.end()) reasons.erase(reason);
}

int run(Job& job) {
  std::string table;
  bool failed = false;
  for (const std::string& name : job.names) {
    fmt::print("{}\n", name);
    Score tally;
    for (const Case& one : read_suite(job.suites / name)) judge(name, one, job.reasons, tally);
    table += fmt::format(
        "{:24} {:3} cases, {:3} agreed, {:2} explained, {:3} wrong; slowest {:.1f} ms ({})\n", name,
        tally.cases, tally.agreed, tally.explained, tally.wrong, tally.slowest.count(),
        tally.slowest_id);
    if (tally.faults_named > 0) {
      table += fmt::format("{:24} {} of the {} faults that it names are found ({} % wanted)\n", "",
                           tally.faults_found, tally.faults_named, wanted_percent);
    }
    failed =
        failed || tally.wrong > 0 || tally.faults_found * 100 < tally.faults_named * wanted_percent;
    failed = !all_met(job, name) || failed;
  }
  fmt::print("\n{}", table);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace badmx::conformance

int main(int argc, char** argv) {
  return badmx::conformance::run_job(argc, argv, badmx::conformance::run);
}
