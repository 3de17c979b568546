// What certificates further up a path say of those below: path length and names.
#pragma once

#include "checker/facts.h"

#include <span>
#include <string>
#include <vector>

namespace badmx::checker {

struct ConstraintViolation {
  Where by;           // the certificate that carries the constraint
  Where at;           // the one that breaks it
  std::string name;   // which of its names, printable; empty for a path length
  std::string limit;  // "permitted: badmx.test, localhost", "excluded: example.test", "0"

  bool operator==(const ConstraintViolation&) const = default;
};

// RFC 5280 6.1.4 (l), (m): more CAs below a certificate than its path length allows. Self-issued
// ones don't count.
std::vector<ConstraintViolation> path_length_violations(
    std::span<const CertificateFacts* const> path);

// RFC 5280 4.2.1.10, for alternative names of the kinds dns, ip and email. An anchor's constraints
// count, as they do for current senders.
std::vector<ConstraintViolation> name_violations(std::span<const CertificateFacts* const> path);

}  // namespace badmx::checker
