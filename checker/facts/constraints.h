// What certificates further up a path say of those below: path length and names.
#pragma once

#include "checker/facts/facts.h"

#include <span>
#include <string>
#include <vector>

namespace badmx::checker {

// RFC 5280 6.1.4 (l), (m): more CAs below a certificate than its path length allows. Self-issued
// ones don't count.
std::vector<ConstraintViolation> path_length_violations(
    std::span<const CertificateFacts* const> path);

// RFC 5280 4.2.1.10: alternative names of all kinds, the subject, and an e-mail address in it where
// no alternative name is one. A name of a kind that can't be compared breaks any constraint of it.
NameJudgement judge_names(std::span<const CertificateFacts* const> path);

}  // namespace badmx::checker
