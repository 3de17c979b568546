#include "cli/probes.h"

#include "cli/choice.h"

#include <string_view>

namespace badmx::cli {

std::vector<checker::Probe> probes_from(const CheckOptions& options) {
  const auto all = checker::further_probes();
  if (options.single) return {};
  if (options.active) return {all.begin(), all.end()};
  if (options.probes.empty()) return {checker::Probe::without_sni};
  std::vector<std::string_view> names;
  for (const checker::Probe each : all) names.push_back(checker::name(each));
  std::vector<checker::Probe> probes;
  for (const std::string& word : options.probes) {
    probes.push_back(all[chosen_place("--probe", word, names)]);
  }
  return probes;
}

}  // namespace badmx::cli
