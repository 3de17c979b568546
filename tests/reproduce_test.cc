// The copy of a server gets the diagnosis of the server: for every scenario, over the wire.
#include "fixtures/reproduce/reproduce.h"

#include "fixtures/proof/verify_run.h"
#include "fixtures/scenario/build.h"
#include "fixtures/scenario/catalogue.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace badmx::fixtures {
namespace {

const Catalogue& catalogue() {
  static const Catalogue built_in = Catalogue::built_in();
  return built_in;
}

VerifyOptions options(const std::string& lab) {
  VerifyOptions options;
  options.lab = lab;
  options.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  options.seed = certgen::Seed{x509::Bytes(32, 7)};
  return options;
}

struct Copied {
  std::string original;
  std::string text;
  Scenario copy;
};

// Of every scenario as somebody in the domain `customer` serves it.
std::vector<Copied> copies(const std::string& customer, const LabNames& names) {
  const VerifyOptions how = options(customer);
  const VerifyResult run = verify_run(catalogue().scenarios(), how);
  certgen::KeyStore keys(how.seed);
  std::vector<Copied> all;
  for (const ScenarioResult& result : run.scenarios) {
    if (result.outcome == VerifyOutcome::skipped) continue;
    const Scenario& scenario = *catalogue().find(result.scenario);
    const BuiltScenario built =
        build(scenario, naming_context(scenario, how.lab, how.moment), keys);
    const Reproduction made =
        reproduce(result.observation, built.criteria, result.from_the_wire, names);
    const ScenarioText text{.id = "copy-of-" + result.scenario,
                            .group = "",
                            .file = result.scenario + " copied",
                            .text = made.scenario};
    const auto find = [](std::string_view name) { return catalogue().find(name); };
    all.push_back(
        {.original = result.scenario, .text = made.scenario, .copy = read_scenario(text, find)});
  }
  return all;
}

void expect_same_diagnoses(const std::vector<Copied>& all, const std::string& lab) {
  std::vector<Scenario> scenarios;
  for (const Copied& copied : all) scenarios.push_back(copied.copy);
  const VerifyResult run = verify_run(scenarios, options(lab));
  ASSERT_EQ(run.scenarios.size(), all.size());
  for (std::size_t i = 0; i < all.size(); ++i) {
    EXPECT_THAT(run.scenarios[i].differences, ::testing::IsEmpty())
        << all[i].original << ", copied as:\n"
        << all[i].text;
  }
}

TEST(Reproduce, TheCopyOfEveryScenarioGetsItsDiagnosis) {
  expect_same_diagnoses(copies("customer.example", LabNames(NameRule::in_the_lab, "badmx.test")),
                        "badmx.test");
}

TEST(Reproduce, SoDoesACopyThatKeepsTheNames) {
  expect_same_diagnoses(copies("customer.example", LabNames(NameRule::kept, "badmx.test")),
                        "badmx.test");
}

}  // namespace
}  // namespace badmx::fixtures
