#include "cli/exit_code.h"

#include "cli/options.h"

#include <algorithm>

namespace badmx::cli {
namespace {

bool is_undecided(const checker::Diagnosis& diagnosis) {
  return diagnosis.verdicts.empty() ||
         std::ranges::all_of(diagnosis.verdicts, [](const checker::Verdict& verdict) {
           return verdict.outcome == checker::Outcome::undecided;
         });
}

bool delivers(const checker::Diagnosis& diagnosis, checker::Policy policy) {
  return std::ranges::any_of(diagnosis.verdicts, [&](const checker::Verdict& verdict) {
    return verdict.policy == policy && verdict.outcome == checker::Outcome::deliver;
  });
}

bool was_unreachable(const checker::Observation& observation) {
  return !observation.attempts.empty() &&
         observation.attempts.front().stop == checker::Stop::unreachable;
}

}  // namespace

int exit_code_of(const checker::Observation& observation, const checker::Diagnosis& diagnosis,
                 std::optional<checker::Policy> policy, std::size_t fail_on) {
  if (is_undecided(diagnosis) || was_unreachable(observation)) return exit_unobserved;
  if (policy) return delivers(diagnosis, *policy) ? exit_fine : exit_findings;
  const bool fails =
      std::ranges::any_of(diagnosis.findings, [fail_on](const checker::Finding& finding) {
        return static_cast<std::size_t>(finding.severity) >= fail_on;
      });
  return fails ? exit_findings : exit_fine;
}

int worse(int one, int other) { return std::max(one, other); }

}  // namespace badmx::cli
