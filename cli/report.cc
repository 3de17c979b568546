#include "cli/report.h"

#include "checker/report/answer.h"
#include "checker/report/report_html.h"
#include "checker/report/report_json.h"
#include "checker/report/report_sclient.h"
#include "checker/report/report_tlsrpt.h"
#include "cli/exit_code.h"
#include "cli/failure.h"
#include "cli/terminal.h"

#include <fmt/format.h>

#include <string>

namespace badmx::cli {
namespace {

std::string result_text(const Result& result, const Report& report) {
  if (report.view == View::s_client) {
    return checker::report_sclient(result.observation, result.diagnosis);
  }
  if (result.from_list && report.detail == checker::Detail::normal) {
    return fill(checker::answer(result.diagnosis));
  }
  const checker::TextOptions options{.colour = colour_for(report.output.colour),
                                     .detail = report.detail};
  return checker::report_text(result.diagnosis, &result.observation, options);
}

std::vector<checker::TargetReport> targets_of(const Report& report) {
  std::vector<checker::TargetReport> targets;
  for (const Result& result : report.results) {
    targets.push_back(
        {.target = result.observation.origin, .diagnosis = result.diagnosis, .error = {}});
  }
  return targets;
}

std::string json_of(const Report& report) {
  if (report.results.size() == 1 && !report.results.front().from_list) {
    return checker::report_json(report.results.front().diagnosis);
  }
  return checker::report_json(targets_of(report));
}

std::string tlsrpt_of(const Report& report) {
  std::vector<checker::TlsrptTarget> targets;
  for (const Result& result : report.results) {
    targets.push_back({.observation = &result.observation, .diagnosis = &result.diagnosis});
  }
  return checker::report_tlsrpt(targets, report.domain);
}

}  // namespace

const Result& only_result(const std::vector<Result>& results, std::string_view what) {
  if (results.size() == 1) return results.front();
  throw Failure(exit_usage, fmt::format("{}; found {} inputs", what, results.size()));
}

void write_report(const Report& report) {
  const OutputOptions& output = report.output;
  if (output.json) write_to(*output.json, json_of(report));
  if (output.junit) {
    write_to(*output.junit, checker::report_junit(targets_of(report), report.junit));
  }
  if (output.html) write_to(*output.html, checker::report_html(targets_of(report)));
  if (output.tlsrpt) write_to(*output.tlsrpt, tlsrpt_of(report));
  const Destination standard_output = "-";
  for (const Destination& taken : {output.json, output.junit, output.html, output.tlsrpt}) {
    if (taken == standard_output) return;
  }
  bool first = true;
  for (const Result& result : report.results) {
    if (!first && !result.from_list) print("\n");
    print(result_text(result, report));
    first = false;
  }
}

}  // namespace badmx::cli
