// `badmx demo`: one scenario served, checked and explained, with no port to remember and no second
// terminal.
#include "checker/diagnose/diagnose.h"
#include "checker/probe/probe.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/terminal.h"
#include "fixtures/live_scenario.h"
#include "fixtures/proof/delivery.h"
#include "fixtures/scenario/needs.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>
#include <vector>

namespace badmx::cli {
namespace {

// A server of its own for each channel, so that its first connection is the message's.
std::vector<checker::MessageEnd> deliver_messages(const fixtures::Scenario& scenario,
                                                  const fixtures::LiveOptions& live) {
  std::vector<checker::MessageEnd> ends;
  for (const client::Channel channel : fixtures::channels_of(scenario)) {
    if (!fixtures::is_expected(scenario, channel)) continue;
    const fixtures::LiveScenario server(scenario, live);
    const client::Order order =
        fixtures::order_for(scenario, server.built().place, channel, server.host(), server.port());
    const client::Delivery delivery = client::deliver_all({&order, 1}, 1).front();
    ends.push_back({.channel = std::string(client::name(channel)),
                    .accepted = delivery.end.fate == client::Fate::accepted,
                    .end = fixtures::words(delivery)});
  }
  const bool all_accepted = std::ranges::all_of(ends, &checker::MessageEnd::accepted);
  return all_accepted ? std::vector<checker::MessageEnd>{} : ends;
}

}  // namespace

int run_demo(const DemoOptions& options) {
  const Lab lab = open_lab(options.lab);
  const auto scenario = lab.catalogue.get(options.lab.names.front());
  if (const std::string need = fixtures::unmet_need(scenario); !need.empty()) {
    throw Failure(exit_unobserved,
                  fmt::format("{} is skipped: {}", scenario.id, fixtures::lacking(need)));
  }
  fixtures::LiveOptions live;
  live.lab = lab.domain;
  live.seed = lab.seed;
  live.moment = lab.moment;
  live.lab_made = lab.lab_made;
  const fixtures::LiveScenario server(scenario, live);
  const checker::Observation observation = checker::observe(server.target());
  const checker::Criteria criteria =
      options.with_intermediates ? server.criteria_with_intermediates() : server.criteria();
  Report report{.output = options.output,
                .view = options.s_client ? View::s_client : View::report,
                .detail = options.verbose ? checker::Detail::verbose : checker::Detail::normal};
  checker::Diagnosis diagnosis = checker::diagnose(observation, criteria);
  diagnosis.messages = deliver_messages(scenario, live);
  report.results.push_back({.observation = observation, .diagnosis = std::move(diagnosis)});
  write_report(report);
  return exit_fine;
}

}  // namespace badmx::cli
