// The diagnosis as JUnit XML, for what runs tests: one suite a target, one case a policy and a
// finding.
#pragma once

#include "checker/diagnosis.h"
#include "checker/report/answer.h"
#include "checker/sender_policy.h"

#include <optional>
#include <span>
#include <string>

namespace badmx::checker {

struct JunitOptions {
  // The least severity that fails a case; nothing: none does. A policy's case fails when its mail
  // wouldn't be delivered under TLS.
  std::optional<Severity> fail_on = Severity::error;
  // Only this policy counts: the others' cases, and the findings', don't fail.
  std::optional<Policy> policy;

  bool operator==(const JunitOptions&) const = default;
};

// XML 1.0 in UTF-8; what a peer said is escaped.
std::string report_junit(std::span<const TargetReport> reports, const JunitOptions& options);

}  // namespace badmx::checker
