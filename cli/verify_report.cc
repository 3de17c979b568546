#include "cli/verify_report.h"

#include "checker/report/junit.h"
#include "cli/terminal.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>

namespace badmx::cli {
namespace {

std::string codes(const checker::Diagnosis& diagnosis) {
  std::string all;
  for (const checker::Finding& finding : diagnosis.findings) {
    all += (all.empty() ? "" : ", ") + finding.code;
  }
  return all.empty() ? "nothing to find" : all;
}

// Coloured text between escapes where colour is wanted.
std::string painted(std::string_view text, std::string_view code, checker::Colour colour) {
  if (colour == checker::Colour::off) return std::string(text);
  return fmt::format("\x1b[{}m{}\x1b[0m", code, text);
}

std::string line(const fixtures::ScenarioResult& result, std::size_t width,
                 checker::Colour colour) {
  const bool passed = result.outcome == fixtures::VerifyOutcome::passed;
  const bool skipped = result.outcome == fixtures::VerifyOutcome::skipped;
  const std::string mark = passed    ? painted("ok  ", "32", colour)
                           : skipped ? painted("skip", "33", colour)
                                     : painted("DIFF", "31", colour);
  const std::string what = skipped ? result.skipped_because : codes(result.from_the_wire);
  std::string text = fmt::format("{}  {:<{}}  {}\n", mark, result.scenario, width, what);
  for (const std::string& difference : result.differences) {
    text += fill(x509::printable(difference), "      ");
  }
  return text;
}

}  // namespace

std::string_view name(fixtures::VerifyOutcome outcome) {
  switch (outcome) {
    case fixtures::VerifyOutcome::passed:
      return "passed";
    case fixtures::VerifyOutcome::differs:
      return "differs";
    case fixtures::VerifyOutcome::skipped:
      return "skipped";
  }
  return "";
}

std::string verify_text(const fixtures::VerifyResult& result, checker::Colour colour) {
  std::size_t width = 0;
  std::size_t counts[3] = {0, 0, 0};
  for (const auto& each : result.scenarios) {
    width = std::max(width, each.scenario.size());
    ++counts[static_cast<std::size_t>(each.outcome)];
  }
  std::string text;
  for (const auto& each : result.scenarios) text += line(each, width, colour);
  return text + fmt::format(
                    "\n{} scenarios in {:.2f} s: {} diagnosed as they must be, {} differently, "
                    "{} skipped\n",
                    result.scenarios.size(), static_cast<double>(result.took.count()) / 1000.0,
                    counts[0], counts[1], counts[2]);
}

std::string verify_junit(const fixtures::VerifyResult& result) {
  checker::JunitSuite suite{.name = "badmx verify", .cases = {}};
  for (const auto& each : result.scenarios) {
    checker::JunitCase one{.name = each.scenario, .lines = each.differences};
    if (each.outcome == fixtures::VerifyOutcome::skipped) {
      one.result = checker::JunitResult::skipped;
      one.message = each.skipped_because;
    } else if (each.outcome == fixtures::VerifyOutcome::differs) {
      one.result = checker::JunitResult::failed;
      one.message = "another diagnosis than the scenario expects";
    }
    suite.cases.push_back(std::move(one));
  }
  return checker::junit_xml("badmx verify", {&suite, 1});
}

}  // namespace badmx::cli
