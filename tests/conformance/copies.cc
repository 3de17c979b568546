// Copies every case of the suites into the lab and diagnoses the copy: it must get what the
// original gets.
//   conformance_copies SUITES REVIEWED.tsv [SUITE…]
// Prints agreement and every difference. Exit: 0 all agree or are explained, 1 not, 77 no suites.
#include "checker/diagnose/diagnose.h"
#include "fixtures/proof/compare.h"
#include "fixtures/reproduce/reproduce.h"
#include "fixtures/scenario/build.h"
#include "fixtures/scenario/catalogue.h"
#include "tests/conformance/review.h"
#include "tests/conformance/suite.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>
#include <string>
#include <vector>

namespace badmx::conformance {
namespace {

constexpr std::string_view lab = "badmx.test";

const fixtures::Catalogue& catalogue() {
  static const fixtures::Catalogue built_in = fixtures::Catalogue::built_in();
  return built_in;
}

// How strictly is no part of a copy.
checker::Criteria as_strict_as(checker::Criteria copy, const checker::Criteria& original) {
  copy.purpose = original.purpose;
  copy.usages = original.usages;
  copy.profile = original.profile;
  copy.anchors = original.anchors;
  copy.depth = original.depth;
  return copy;
}

// What of the copy's diagnosis isn't the original's, a sentence each.
std::vector<std::string> differences(const Case& one, certgen::KeyStore& keys) {
  const checker::Diagnosis original = checker::diagnose(one.observation, one.criteria);
  const fixtures::LabNames names(fixtures::NameRule::in_the_lab, std::string(lab));
  const fixtures::Reproduction copy =
      fixtures::reproduce(one.observation, one.criteria, original, names);
  const fixtures::Scenario scenario =
      fixtures::read_scenario({.id = "copy", .group = "", .file = one.id, .text = copy.scenario},
                              [](std::string_view name) { return catalogue().find(name); });
  const fixtures::BuiltScenario made =
      fixtures::build(scenario, fixtures::naming_context(scenario, lab, one.criteria.moment), keys);

  checker::Observation seen;
  seen.source = one.observation.source;
  seen.attempts.resize(1);
  seen.attempts.front().certificate_seen = true;
  seen.attempts.front().chain =
      made.behaviour.connections.front().identities.front().identity.chain;
  checker::Criteria criteria = as_strict_as(made.criteria, one.criteria);
  // The lab's own root is no part of the original.
  criteria.trust->erase(criteria.trust->begin());
  fixtures::Expectation expected = scenario.expect;
  if (one.criteria.names.empty()) {
    criteria.names.clear();
    expected.outcomes.erase(checker::Policy::verify);
  }
  const checker::Diagnosis diagnosis = checker::diagnose(seen, criteria);
  return fixtures::differences(expected, diagnosis,
                               fixtures::placed(diagnosis, seen, criteria, made.pki));
}

int run(Job& job) {
  certgen::KeyStore keys(certgen::Seed{x509::Bytes(32, 5)});
  bool failed = false;
  std::string table;
  for (const std::string& name : job.names) {
    Tally tally;
    for (const Case& one : read_suite(job.suites / name)) {
      std::vector<std::string> says;
      try {
        says = differences(one, keys);
      } catch (const std::runtime_error& error) {
        says = {error.what()};
      }
      hold(name + "/" + one.id, fmt::format("{}", fmt::join(says, "; ")), job, tally);
    }
    failed = !all_met(job, name) || tally.failed || failed;
    table += fmt::format("{:24} {:3} cases, {:3} copies with the same diagnosis, {:2} explained\n",
                         name, tally.cases, tally.same, tally.explained);
  }
  fmt::print("\n{}", table);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace badmx::conformance

int main(int argc, char** argv) {
  return badmx::conformance::run_job(argc, argv, badmx::conformance::run);
}
