// The loader of scenario files: any text is a scenario, or one clear error; never anything else.
#include "fixtures/scenario/catalogue.h"
#include "fixtures/scenario/scenario_file.h"
#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  static const fixtures::Catalogue catalogue = fixtures::Catalogue::built_in();
  const fixtures::ScenarioText source{
      .id = "fuzzed",
      .group = "",
      .file = "fuzzed.toml",
      .text = std::string(reinterpret_cast<const char*>(data), size)};
  const auto find = [](std::string_view name) { return catalogue.find(name); };
  try {
    const fixtures::Scenario scenario = fixtures::read_scenario(source, find);
    fuzz::claim(scenario.expect.outcomes.size() == 4, "each policy has an outcome");
    fixtures::deviations(source);
  } catch (const fixtures::ScenarioError& error) {
    fuzz::claim(std::string_view(error.what()).starts_with("fuzzed.toml"),
                "an error names the file");
  }
  return 0;
}
