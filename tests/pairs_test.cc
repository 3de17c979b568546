// Faults that hide each other: every pair of scenarios that composes is generated, served,
// observed and diagnosed, and must get what is computed from the two files (fixtures/compose.h).
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "fixtures/catalogue.h"
#include "fixtures/compose.h"
#include "fixtures/verify_run.h"

namespace badmx::fixtures {
namespace {

// A pair that is honestly otherwise, and why.
struct Exception {
  std::string_view pair;
  std::string_view because;
  std::vector<ExpectedFinding> findings;
};

std::vector<Scenario> all_pairs() {
  const Catalogue catalogue = Catalogue::built_in();
  const FindScenario find = [&](std::string_view id) { return catalogue.find(id); };
  const std::vector<Scenario>& scenarios = catalogue.scenarios();
  std::vector<Scenario> pairs;
  for (std::size_t i = 0; i < scenarios.size(); ++i) {
    for (std::size_t j = i + 1; j < scenarios.size(); ++j) {
      Composition composition = compose({&scenarios[i], &scenarios[j]}, find);
      if (composition.scenario) pairs.push_back(std::move(*composition.scenario));
    }
  }
  return pairs;
}

TEST(Pairs, GetWhatIsComputedFromTheTwoFiles) {
  const std::vector<Scenario> pairs = all_pairs();
  ASSERT_GE(pairs.size(), 500U);
  VerifyOptions options;
  options.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  options.seed = certgen::random_seed();
  // A bounded number of listeners at once: each is a descriptor, and so is each connection.
  constexpr std::size_t batch = 300;
  std::vector<std::string> failures;
  for (std::size_t from = 0; from < pairs.size(); from += batch) {
    const std::size_t count = std::min(batch, pairs.size() - from);
    const VerifyResult result = verify_run(std::span(pairs).subspan(from, count), options);
    for (const ScenarioResult& pair : result.scenarios) {
      for (const std::string& difference : pair.differences) {
        failures.push_back(fmt::format("{}: {}", pair.scenario, difference));
      }
    }
  }
  EXPECT_TRUE(failures.empty()) << failures.size() << " differences\n"
                                << fmt::format("{}", fmt::join(failures, "\n"));
}

}  // namespace
}  // namespace badmx::fixtures
