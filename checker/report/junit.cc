#include "checker/report/junit.h"

#include "x509/printable.h"

#include <fmt/format.h>

namespace badmx::checker {
namespace {

// Printable text has no character that XML 1.0 forbids.
std::string escaped(std::string_view text) {
  std::string result;
  for (const char c : x509::printable(text, 8192)) {
    switch (c) {
      case '&':
        result += "&amp;";
        break;
      case '<':
        result += "&lt;";
        break;
      case '>':
        result += "&gt;";
        break;
      case '"':
        result += "&quot;";
        break;
      default:
        result += c;
    }
  }
  return result;
}

std::string body(const JunitCase& one) {
  std::string lines;
  for (const std::string& line : one.lines) lines += escaped(line) + "\n";
  const auto element = [&](std::string_view tag) {
    return fmt::format("      <{0} message=\"{1}\">{2}</{0}>\n", tag, escaped(one.message), lines);
  };
  switch (one.result) {
    case JunitResult::failed:
      return element("failure");
    case JunitResult::error:
      return element("error");
    case JunitResult::skipped:
      return fmt::format("      <skipped message=\"{}\"/>\n", escaped(one.message));
    case JunitResult::passed:
      break;
  }
  if (one.message.empty() && lines.empty()) return {};
  return fmt::format("      <system-out>{}\n{}</system-out>\n", escaped(one.message), lines);
}

struct Counts {
  std::size_t tests = 0;
  std::size_t failures = 0;
  std::size_t errors = 0;
  std::size_t skipped = 0;

  void add(JunitResult result) {
    ++tests;
    failures += result == JunitResult::failed ? 1U : 0U;
    errors += result == JunitResult::error ? 1U : 0U;
    skipped += result == JunitResult::skipped ? 1U : 0U;
  }
  std::string attributes() const {
    return fmt::format("tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\"", tests, failures,
                       errors, skipped);
  }
};

}  // namespace

std::string junit_xml(std::string_view name, std::span<const JunitSuite> suites) {
  Counts all;
  std::string body_of_suites;
  for (const JunitSuite& suite : suites) {
    Counts counts;
    std::string cases;
    const std::string suite_name = escaped(suite.name);
    for (const JunitCase& one : suite.cases) {
      counts.add(one.result);
      all.add(one.result);
      cases += fmt::format("    <testcase classname=\"{}\" name=\"{}\">\n{}    </testcase>\n",
                           suite_name, escaped(one.name), body(one));
    }
    body_of_suites += fmt::format("  <testsuite name=\"{}\" {}>\n{}  </testsuite>\n", suite_name,
                                  counts.attributes(), cases);
  }
  return fmt::format(
      "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites name=\"{}\" {}>\n{}</testsuites>\n",
      escaped(name), all.attributes(), body_of_suites);
}

}  // namespace badmx::checker
