// What well-known senders make of a diagnosis: how each is set, which policy that amounts to, where
// it is known to do otherwise, and what it would write into its log or the bounce.
#pragma once

#include "checker/diagnosis.h"
#include "checker/sender_policy.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

// What a sender makes of a finding, where that isn't what its policy would.
struct Deviation {
  std::string_view code{};
  Outcome outcome = Outcome::deliver;
};

struct SenderProfile {
  std::string_view sender{};   // as in SenderLine
  std::string_view setting{};  // "smtp_tls_security_level = verify"
  std::string_view
      mode{};  // of the adapter in gateways/ by which it was measured; empty: it wasn't
  Policy policy = Policy::opportunistic;
  // What becomes of the mail when the certificate doesn't satisfy it.
  Outcome on_bad_certificate = Outcome::refuse;
  std::span<const Deviation> deviations{};
  // The word for this setting in SenderLine::policies; empty: only lines said under any.
  std::string_view says_under{};
};

// All profiles, by sender. Those of Postfix, Exim, sendmail and OpenSMTPD are measured
// (docs/compat/matrix.md); the services' follow their documentation.
std::span<const SenderProfile> sender_profiles();

struct SenderVerdict {
  const SenderProfile* profile = nullptr;
  Outcome outcome = Outcome::deliver;
  std::string decided_by{};    // the code of the finding; empty when it delivers
  std::string_view says = {};  // a line known of it for that (senders.h); empty: none is known

  bool operator==(const SenderVerdict&) const = default;
};

// One a profile, in their order; none when nothing was observed.
std::vector<SenderVerdict> sender_verdicts(const Diagnosis& diagnosis);

}  // namespace badmx::checker
