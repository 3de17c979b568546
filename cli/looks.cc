#include "cli/looks.h"

#include "cli/choice.h"

#include <string_view>

namespace badmx::cli {

std::vector<checker::Attitude> looks_from(const CheckOptions& options) {
  const auto all = checker::all_looks();
  if (options.single) return {};
  if (options.active) return {all.begin(), all.end()};
  if (options.looks.empty()) return {checker::Attitude::without_sni};
  std::vector<std::string_view> names;
  for (const checker::Attitude each : all) names.push_back(checker::name(each));
  std::vector<checker::Attitude> looks;
  for (const std::string& word : options.looks) {
    looks.push_back(all[chosen_place("--look", word, names)]);
  }
  return looks;
}

}  // namespace badmx::cli
