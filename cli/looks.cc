#include "cli/looks.h"

#include "cli/failure.h"
#include "fixtures/suggest.h"

#include <fmt/format.h>

#include <string_view>

namespace badmx::cli {

std::vector<checker::Attitude> looks_from(const CheckOptions& options) {
  const auto all = checker::all_looks();
  if (options.single) return {};
  if (options.active) return {all.begin(), all.end()};
  if (options.looks.empty()) return {checker::Attitude::without_sni};
  std::vector<checker::Attitude> looks;
  for (const std::string& word : options.looks) {
    const auto look = checker::look_from(word);
    if (!look) {
      std::vector<std::string_view> allowed;
      for (const checker::Attitude each : all) allowed.push_back(checker::name(each));
      throw Failure(exit_usage, fmt::format("--look: found \"{}\"{}", word,
                                            fixtures::suggestion(word, allowed)));
    }
    looks.push_back(*look);
  }
  return looks;
}

}  // namespace badmx::cli
