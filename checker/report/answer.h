// The diagnosis in a sentence or two, to paste into a ticket.
#pragma once

#include "checker/diagnosis.h"

#include <optional>
#include <string>

namespace badmx::checker {

// "mx.example.test:25: A certificate has expired (sent[0], CN=mx.example.test). Senders that verify
// the certificate refuse; others deliver."
std::string answer(const Diagnosis& diagnosis);

// One target of a report: its diagnosis, or why there is none.
struct TargetReport {
  std::string target;  // as the user named it
  std::optional<Diagnosis> diagnosis;
  std::string error;  // safe to show

  bool operator==(const TargetReport&) const = default;
};

}  // namespace badmx::checker
