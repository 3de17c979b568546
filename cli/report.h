// Diagnoses on their way to the terminal, to JSON and to JUnit.
#pragma once

#include "checker/diagnosis.h"
#include "checker/observation.h"
#include "checker/report/report_junit.h"
#include "checker/report/report_text.h"
#include "cli/options.h"

#include <string>
#include <string_view>
#include <vector>

namespace badmx::cli {

enum class View { report, s_client };

struct Result {
  checker::Observation observation{};
  checker::Diagnosis diagnosis{};
  bool from_list = false;  // shown in one line unless the detail is verbose
};

// Throws Failure where there isn't exactly one: `what` is the option and what it does.
const Result& only_result(const std::vector<Result>& results, std::string_view what);

struct Report {
  OutputOptions output{};
  View view = View::report;
  checker::Detail detail = checker::Detail::normal;
  checker::JunitOptions junit{};
  std::string domain{};  // the mail domain, where it is known
  std::vector<Result> results{};
};

// Throws Failure when a destination can't be written.
void write_report(const Report& report);

}  // namespace badmx::cli
