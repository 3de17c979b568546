// A whole bounce or log extract, held against a diagnosis.
#pragma once

#include "checker/diagnosis.h"
#include "checker/senders/senders.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

// A message as it can be matched: quoted-printable undone where it is declared. At most a mebi
// octets are read.
std::string readable_bounce(std::string_view message);

// Which of what it says (explain_line() of it) the findings explain.
std::vector<BounceLine> explain_bounce(std::span<const Explanation> bounce,
                                       const Diagnosis& diagnosis);

}  // namespace badmx::checker
