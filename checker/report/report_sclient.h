// The view that readers of `openssl s_client` are used to.
#pragma once

#include "checker/diagnosis.h"
#include "checker/observation.h"

#include <string>

namespace badmx::checker {

// The attempt that got furthest, in s_client's order and words: `verify` lines (of OpenSSL's own
// verdict in the Diagnosis), numbered chain with PEM, server certificate, CA names, what was agreed
// on, the last line. Unlike s_client it says "0 (ok)" only when a chain was verified.
std::string report_sclient(const Observation& observation, const Diagnosis& diagnosis);

}  // namespace badmx::checker
