// Certificate policies along a path (RFC 5280 6.1.2 to 6.1.5): which remain valid for the leaf.
#pragma once

#include "checker/facts/facts.h"

#include <span>
#include <string>
#include <vector>

namespace badmx::checker {

struct PolicyOutcome {
  bool explicit_demanded = false;    // some certificate demands a valid policy
  std::vector<std::string> valid{};  // OIDs; "2.5.29.32.0" stands for any
  bool satisfied() const { return !explicit_demanded || !valid.empty(); }

  bool operator==(const PolicyOutcome&) const = default;
};

// The path as members() has it, the leaf first, an anchor whose constraints count among them. The
// sender itself demands nothing and takes any policy. A set a certificate instead of the RFC's
// tree: it says the same of the leaf, and can't grow beyond what the certificates name
// (CVE-2023-0464).
PolicyOutcome process_policies(std::span<const CertificateFacts* const> path);

}  // namespace badmx::checker
