// The diagnosis in the form in which senders report TLS failures (RFC 8460 4.4).
#pragma once

#include "checker/diagnosis.h"
#include "checker/observation.h"

#include <span>
#include <string>

namespace badmx::checker {

struct TlsrptTarget {
  const Observation* observation = nullptr;  // borrowed
  const Diagnosis* diagnosis = nullptr;      // borrowed
};

// One report over all targets, a policy for each; a session has failed when a sender that verifies
// refuses. `domain` is the policy domain, the target's host where it is empty.
std::string report_tlsrpt(std::span<const TlsrptTarget> targets, const std::string& domain);

}  // namespace badmx::checker
