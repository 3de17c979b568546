// An Observation as JSON, so that it can be kept and diagnosed later, elsewhere.
#pragma once

#include "checker/observation.h"

#include <optional>
#include <string>
#include <string_view>

namespace badmx::checker {

inline constexpr std::string_view observation_schema = "badmx-observation/2";

// Bytes are base64; a peer's text stands there printable, and in base64 beside it where the two
// differ. Valid UTF-8 whatever was observed.
std::string observation_json(const Observation& observation);

// Nothing when it isn't such a JSON text: another schema, a missing or unknown enumerator, a value
// of the wrong type or out of its range, more than 64 MiB, 100 attempts or 100000 items in a list.
std::optional<Observation> read_observation(std::string_view text);

}  // namespace badmx::checker
