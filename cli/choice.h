// A word that the user chose from a closed list.
#pragma once

#include "checker/sender_policy.h"

#include <cstddef>
#include <optional>
#include <span>
#include <string_view>

namespace badmx::cli {

// The place of `word` in `allowed`. Where it isn't there, throws Failure that names `option`, the
// word, and the nearest that is allowed, or all.
std::size_t chosen_place(std::string_view option, std::string_view word,
                         std::span<const std::string_view> allowed);

// The policy that `--policy` names, nothing where it isn't said; throws as above.
std::optional<checker::Policy> chosen_policy(std::string_view word);

}  // namespace badmx::cli
