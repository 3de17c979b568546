// `badmx demo`: one scenario served, checked and explained, with no port to remember and no second
// terminal.
#include "checker/diagnose.h"
#include "checker/probe.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "fixtures/live_scenario.h"

namespace badmx::cli {

int run_demo(const DemoOptions& options) {
  const Lab lab = open_lab(options.lab);
  const auto scenario = lab.catalogue.get(options.lab.names.front());
  fixtures::LiveOptions live;
  live.lab = lab.domain;
  live.seed = lab.seed;
  live.moment = lab.moment;
  live.lab_made = lab.lab_made;
  const fixtures::LiveScenario server(scenario, live);
  const checker::Observation observation = checker::observe(server.target());
  const checker::Question question =
      options.with_intermediates ? server.question_with_intermediates() : server.question();
  Report report{.output = options.output,
                .view = options.s_client ? View::s_client : View::report,
                .detail = options.verbose ? checker::Detail::verbose : checker::Detail::normal};
  report.results.push_back(
      {.observation = observation, .diagnosis = checker::diagnose(observation, question)});
  write_report(report);
  return exit_fine;
}

}  // namespace badmx::cli
