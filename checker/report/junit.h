// JUnit XML, as CI servers read it.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

enum class JunitResult { passed, failed, error, skipped };

struct JunitCase {
  std::string name{};
  JunitResult result = JunitResult::passed;
  std::string message{};  // short; why it isn't passed
  std::vector<std::string> lines{};

  bool operator==(const JunitCase&) const = default;
};

struct JunitSuite {
  std::string name{};
  std::vector<JunitCase> cases{};

  bool operator==(const JunitSuite&) const = default;
};

// XML 1.0 in UTF-8. Whatever the texts hold is escaped.
std::string junit_xml(std::string_view name, std::span<const JunitSuite> suites);

}  // namespace badmx::checker
