// The certificates that the server should send.
#pragma once

#include "checker/criteria.h"
#include "checker/observation.h"

#include <optional>
#include <vector>

namespace badmx::checker {

// The path to a trust anchor, the leaf first, with what was given or fetched in its place and
// without the anchor itself (RFC 8446 4.4.2); nothing when no path leads to one.
std::optional<std::vector<x509::Bytes>> mended_chain(const Observation& observation,
                                                     const Criteria& criteria);

}  // namespace badmx::checker
