// Faults that hide each other: every pair of scenarios that composes is generated, served,
// observed and diagnosed, and must get what is computed from the two files
// (fixtures/scenario/compose.h).
#include "fixtures/proof/verify_run.h"
#include "fixtures/scenario/document.h"
#include "fixtures/scenario/read_expect.h"
#include "fixtures/scenario/table_reader.h"
#include "tests/pairs/composed.h"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <iterator>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace badmx::fixtures {
namespace {

// A pair that is honestly otherwise, and why: an entry of tests/pairs/exemptions.toml.
struct Exemption {
  std::string pair;
  std::string because;
  bool run = true;
  const Value* expect = nullptr;  // in the format of a scenario's [expect]
};

const Document& pairs_file() {
  static const Document document = [] {
    std::ifstream stream(BADMX_SOURCE_DIR "/tests/pairs/exemptions.toml", std::ios::binary);
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    return parse_document(text, "tests/pairs/exemptions.toml");
  }();
  return document;
}

std::vector<Exemption> exemptions() {
  std::vector<Exemption> all;
  TableReader top(pairs_file(), pairs_file().root, "");
  const Value* list = top.value("pair");
  top.finish();
  if (list == nullptr) return all;
  for (const Value& item : list->items) {
    TableReader reader(pairs_file(), item, "pair");
    Exemption exemption;
    exemption.pair = reader.text("name").value_or("");
    exemption.because = reader.text("because").value_or("");
    exemption.run = reader.flag("run").value_or(true);
    exemption.expect = reader.value("expect");
    reader.finish();
    all.push_back(std::move(exemption));
  }
  return all;
}

// Puts what is honestly otherwise in the place of what was computed.
void put_in_place(const std::vector<Exemption>& all, std::vector<Scenario>& pairs) {
  for (const Exemption& exemption : all) {
    const auto pair = std::ranges::find(pairs, exemption.pair, &Scenario::id);
    ASSERT_NE(pair, pairs.end()) << exemption.pair << " is no pair that composes";
    if (!exemption.run) {
      pairs.erase(pair);
      continue;
    }
    ASSERT_NE(exemption.expect, nullptr) << exemption.pair;
    const Scenario computed = *pair;
    TableReader expect(pairs_file(), *exemption.expect, "pair.expect");
    read_expect(expect, *pair);
    EXPECT_NE(*pair, computed) << exemption.pair << " needs no exemption";
  }
}

VerifyOptions options() {
  VerifyOptions options;
  options.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  options.seed = certgen::random_seed();
  // Few at a time, so that on a busy machine each has its ten seconds a Point.
  options.at_once = 16;
  return options;
}

TEST(Pairs, GetWhatIsComputedFromTheTwoFiles) {
  std::vector<Scenario> pairs = composed_pairs();
  put_in_place(exemptions(), pairs);
  ASSERT_GE(pairs.size(), 500U);
  const VerifyOptions each = options();
  // A bounded number of listeners at once: each is a descriptor, and so is each connection.
  constexpr std::size_t batch = 300;
  std::vector<std::string> failures;
  for (std::size_t from = 0; from < pairs.size(); from += batch) {
    const std::size_t count = std::min(batch, pairs.size() - from);
    const VerifyResult result = verify_run(std::span(pairs).subspan(from, count), each);
    for (const ScenarioResult& pair : result.scenarios) {
      for (const std::string& difference : pair.differences) {
        failures.push_back(fmt::format("{}: {}", pair.scenario, difference));
      }
    }
  }
  EXPECT_TRUE(failures.empty()) << failures.size() << " differences\n"
                                << fmt::format("{}", fmt::join(failures, "\n"));
}

TEST(Pairs, EveryExemptionHasItsReason) {
  for (const Exemption& exemption : exemptions()) {
    EXPECT_FALSE(exemption.because.empty()) << exemption.pair << " says no `because`";
  }
}

}  // namespace
}  // namespace badmx::fixtures
