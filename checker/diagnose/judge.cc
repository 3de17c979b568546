#include "checker/diagnose/judge.h"

#include "checker/rules/rules.h"

#include <algorithm>
#include <cstddef>
#include <iterator>
#include <optional>
#include <string>
#include <utility>

namespace badmx::checker {
namespace {

Finding with_row_fields(Finding finding, const Facts& facts) {
  const Rule& rule = *find_rule(finding.code);
  finding.severity = severity(rule, facts.criteria.profile);
  // What is wrong with the sender's own list isn't the server's to mend.
  finding.fix_at = finding.where.kind == LocationKind::trusted ? FixAt::sender : rule.fix_at;
  const bool of_chain =
      finding.where.kind != LocationKind::point && finding.where.kind != LocationKind::nowhere;
  finding.attempt = of_chain ? facts.attempt : 0;
  return finding;
}

std::vector<Finding> apply_rules(const Facts& facts) {
  std::vector<Finding> findings;
  for (const Rule& rule : rules()) {
    if (rule.find == nullptr) continue;
    for (Finding& finding : rule.find(facts)) {
      findings.push_back(with_row_fields(std::move(finding), facts));
    }
  }
  return findings;
}

// A certificate's height in the path; a place elsewhere has none.
std::optional<std::size_t> height(const Facts& facts, const Location& where) {
  const auto& path = facts.path.certificates;
  const auto it = std::ranges::find(path, where);
  if (it == path.end()) return std::nullopt;
  return static_cast<std::size_t>(it - path.begin());
}

bool reaches(const Facts& facts, Reach reach, const Location& cause, const Location& effect) {
  const auto from = height(facts, cause);
  const auto to = height(facts, effect);
  const bool above = from && to && *to > *from;
  switch (reach) {
    case Reach::same_place:
      return cause == effect;
    case Reach::above:
      return cause == effect || above;
    case Reach::only_above:
      return above;
    case Reach::anywhere:
      return true;
  }
  return false;
}

bool explains(const Facts& facts, const Finding& cause, const Finding& effect) {
  const Rule* rule = find_rule(cause.code);
  if (rule == nullptr || &cause == &effect) return false;
  return std::ranges::any_of(rule->consequences, [&](const Consequence& consequence) {
    return consequence.code == effect.code &&
           reaches(facts, consequence.reach, cause.where, effect.where);
  });
}

void separate_consequences(const Facts& facts, const std::vector<Finding>& all,
                           Judgement& judgement) {
  for (const Finding& finding : all) {
    std::vector<std::string> causes;
    for (const Finding& cause : all) {
      if (explains(facts, cause, finding)) causes.push_back(cause.code);
    }
    Finding kept = finding;
    kept.because_of = std::move(causes);
    auto& list = kept.because_of.empty() ? judgement.findings : judgement.consequences;
    list.push_back(std::move(kept));
  }
}

}  // namespace

Judgement judge(const Facts& facts, std::vector<Finding> further) {
  Judgement judgement;
  std::vector<Finding> all = apply_rules(facts);
  for (Finding& finding : further) all.push_back(with_row_fields(std::move(finding), facts));
  judgement.openssl = ask_openssl(facts);
  for (Finding& finding : unexplained(facts, judgement.openssl.complaints, all)) {
    all.push_back(with_row_fields(std::move(finding), facts));
  }
  // Rows stand nearest cause first; pointers into one table compare as their places.
  std::ranges::stable_sort(all, {}, [](const Finding& finding) { return find_rule(finding.code); });
  separate_consequences(facts, all, judgement);
  return judgement;
}

}  // namespace badmx::checker
