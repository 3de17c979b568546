// The reader of saved observations: what it takes, it writes and reads again as the same value.
#include "checker/observation_json.h"
#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto observation = checker::read_observation(text);
  if (!observation) return 0;
  const auto again = checker::read_observation(checker::observation_json(*observation));
  fuzz::claim(again.has_value(), "what was written can be read");
  fuzz::claim(*again == *observation, "an observation survives JSON");
  return 0;
}
