#include "cli/choice.h"

#include "cli/failure.h"
#include "cli/options.h"
#include "fixtures/scenario/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <vector>

namespace badmx::cli {

std::size_t chosen_place(std::string_view option, std::string_view word,
                         std::span<const std::string_view> allowed) {
  const auto found = std::ranges::find(allowed, word);
  if (found == allowed.end()) {
    throw Failure(exit_usage, fmt::format("{}: found \"{}\"{}", option, word,
                                          fixtures::suggestion(word, allowed)));
  }
  return static_cast<std::size_t>(found - allowed.begin());
}

std::optional<checker::Policy> chosen_policy(std::string_view word) {
  if (word.empty()) return std::nullopt;
  std::vector<std::string_view> names;
  for (const checker::Policy policy : checker::all_policies) names.push_back(checker::name(policy));
  return checker::all_policies.at(chosen_place("--policy", word, names));
}

}  // namespace badmx::cli
