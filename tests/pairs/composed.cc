#include "tests/pairs/composed.h"

#include "fixtures/scenario/catalogue.h"
#include "fixtures/scenario/compose.h"

#include <cstddef>
#include <string_view>
#include <utility>

namespace badmx::fixtures {

std::vector<Scenario> composed_pairs() {
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

}  // namespace badmx::fixtures
