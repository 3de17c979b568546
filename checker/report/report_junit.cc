#include "checker/report/report_junit.h"

#include "checker/report/junit.h"
#include "checker/rules/rules.h"

#include <fmt/format.h>

#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

JunitCase policy_case(const Verdict& verdict, const JunitOptions& options) {
  JunitCase result;
  result.name = fmt::format("policy {}", name(verdict.policy));
  result.message = std::string(name(verdict.outcome));
  if (!verdict.decided_by.empty()) result.message += fmt::format(": {}", verdict.decided_by);
  const bool counts =
      options.policy ? *options.policy == verdict.policy : options.fail_on.has_value();
  if (verdict.outcome == Outcome::undecided) {
    result.result = counts && options.policy ? JunitResult::failed : JunitResult::skipped;
  } else if (verdict.outcome != Outcome::deliver && counts) {
    result.result = JunitResult::failed;
  }
  return result;
}

JunitCase finding_case(const Finding& finding, const JunitOptions& options) {
  JunitCase result;
  const std::string where = text(finding.where);
  result.name = fmt::format("finding {}{}", finding.code, where.empty() ? "" : " at " + where);
  const Rule* const rule = find_rule(finding.code);
  result.message = fmt::format("{}: {}", name(finding.severity),
                               rule == nullptr ? std::string_view(finding.code) : rule->title);
  const bool fails = !options.policy && options.fail_on && finding.severity >= *options.fail_on;
  result.result = fails ? JunitResult::failed : JunitResult::passed;
  for (const Evidence& evidence : finding.evidence) {
    result.lines.push_back(fmt::format("{}: {}", evidence.name, evidence.value));
  }
  if (rule != nullptr) result.lines.emplace_back(rule->remedy);
  return result;
}

std::vector<JunitCase> cases_of(const TargetReport& report, const JunitOptions& options) {
  if (!report.diagnosis) {
    return {{.name = "observation",
             .result = JunitResult::error,
             .message = report.error,
             .lines = {}}};
  }
  std::vector<JunitCase> cases;
  if (report.diagnosis->verdicts.empty()) {
    cases.push_back({.name = "observation",
                     .result = JunitResult::error,
                     .message = answer(*report.diagnosis),
                     .lines = {}});
  }
  for (const Verdict& verdict : report.diagnosis->verdicts) {
    cases.push_back(policy_case(verdict, options));
  }
  for (const Finding& finding : report.diagnosis->findings) {
    cases.push_back(finding_case(finding, options));
  }
  return cases;
}

}  // namespace

std::string report_junit(std::span<const TargetReport> reports, const JunitOptions& options) {
  std::vector<JunitSuite> suites;
  for (const TargetReport& report : reports) {
    suites.push_back({.name = report.target, .cases = cases_of(report, options)});
  }
  return junit_xml("badmx check", suites);
}

}  // namespace badmx::checker
