#include "checker/diagnose/verdict.h"

#include "checker/facts/certificate_facts.h"
#include "checker/rules/rules.h"

#include <algorithm>

namespace badmx::checker {
namespace {

// Whether what the policy demands of the certificate was there to be judged.
bool could_be_judged(const Facts& facts, Policy policy) {
  if (policy == Policy::opportunistic || policy == Policy::encrypt) return true;
  if (!facts.trust_judged() || !facts.leaf) return false;
  const bool proven =
      std::ranges::all_of(facts.path.edges, [](const Edge& edge) { return !edge.guessed; });
  if (!proven) return false;
  if (policy == Policy::verify_ca) return true;
  return !facts.criteria.names.empty() && facts.sent[*facts.leaf].read.has_value();
}

}  // namespace

std::vector<Verdict> verdicts(const Facts& facts, std::span<const Finding> findings) {
  std::vector<Verdict> result;
  for (const Policy policy : all_policies) {
    Verdict verdict{.policy = policy};
    bool open = !could_be_judged(facts, policy);
    for (const Finding& finding : findings) {
      const Rule* rule = find_rule(finding.code);
      if (rule == nullptr) continue;
      if (goes_unseen(policy, facts.path.certificates, finding.where)) continue;
      const Outcome outcome = checker::outcome(*rule, policy, facts.criteria.profile);
      if (outcome == Outcome::undecided) {
        open = true;
      } else if (outcome > verdict.outcome) {
        verdict.outcome = outcome;
        verdict.decided_by = finding.code;
      }
    }
    if (open && verdict.outcome != Outcome::refuse) {
      verdict.outcome = Outcome::undecided;
      verdict.decided_by.clear();
    }
    result.push_back(verdict);
  }
  return result;
}

bool goes_unseen(Policy policy, std::span<const Location> path, const Location& where) {
  const auto first = std::ranges::find(path, sent_at(0));
  return policy == Policy::verify_ca && first != path.end() &&
         std::ranges::find(path, where) < first;
}

}  // namespace badmx::checker
