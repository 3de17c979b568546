// The reader of pasted s_client output: any text gives an observation that can be saved and read
// again, or none.
#include "checker/observation_json.h"
#include "checker/paste/input_kind.h"
#include "checker/paste/transcript_reader.h"
#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  checker::recognise(text);
  for (const checker::Observation& seen : checker::read_transcripts(text, "pasted")) {
    const auto again = checker::read_observation(checker::observation_json(seen));
    fuzz::claim(again == seen, "a transcript's observation survives JSON");
  }
  return 0;
}
