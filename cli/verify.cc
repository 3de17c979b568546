// `badmx verify`: the main job, and its result for people, programs and CI servers.
#include "checker/host_port.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "cli/verify_report.h"
#include "fixtures/proof/verify_run.h"
#include "fixtures/scenario/scenario_error.h"

#include <fmt/format.h>

#include <cstdio>
#include <string>

namespace badmx::cli {
namespace {

// Somebody who gives a host here wants the other command.
void refuse_hosts(const VerifyOptions& options, const Lab& lab) {
  for (const std::string& name : options.lab.names) {
    const auto target = checker::read_host_port(name);
    const bool file = name.find('/') != std::string::npos || name.ends_with(".toml");
    if (file || lab.catalogue.find(name) != nullptr || !target) continue;
    if (target->port || name.find('.') != std::string::npos) {
      throw Failure(exit_usage,
                    fmt::format("verify proves scenarios; for a server: badmx check {}", name));
    }
  }
}

}  // namespace

int run_verify(const VerifyOptions& options) {
  const Lab lab = open_lab(options.lab);
  refuse_hosts(options, lab);
  LabOptions choice = options.lab;
  choice.all = choice.names.empty();
  const auto scenarios = chosen(lab, choice);
  fixtures::VerifyOptions run;
  run.lab = lab.domain;
  run.moment = lab.moment;
  run.lab_made = lab.lab_made;
  run.seed = lab.seed;
  const bool progress = wants_progress();
  if (progress) {
    run.on_progress = [](std::size_t done, std::size_t all) {
      std::fprintf(stderr, "\r%zu of %zu", done, all);
    };
  }
  const fixtures::VerifyResult result = fixtures::verify_run(scenarios, run);
  if (progress) std::fprintf(stderr, "\r\x1b[K");
  const OutputOptions& output = options.output;
  if (output.json) write_to(*output.json, verify_json(result));
  if (output.junit) write_to(*output.junit, verify_junit(result));
  if (output.json != "-" && output.junit != "-") {
    print(verify_text(result, colour_for(output.colour)));
  }
  return result.passed() ? exit_fine : exit_findings;
}

}  // namespace badmx::cli
