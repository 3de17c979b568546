// All that can be found, one row each: the third table of the design. A row is looked up by its
// code; nothing else in the project knows what a finding means.
#pragma once

#include "checker/diagnosis.h"
#include "checker/facts/facts.h"
#include "checker/sender_policy.h"

#include <span>
#include <string_view>
#include <vector>

namespace badmx::checker {

// The layers of a delivery, in the order in which they are met; `session` is what only shows once
// TLS is up.
enum class FindingLayer {
  input,
  connect,
  smtp,
  handshake,
  session,
  certificate,
  chain,
  name,
  policy
};
std::string_view name(FindingLayer layer);

// Whether a later layer can still be seen past this fault.
enum class Ends { no, yes };

// What a row without effect on the current profile is worth.
enum class Outlook {
  harmless,  // a note
  matters,   // a warning: other senders refuse, or this one will soon
};

// How far a cause explains another finding.
enum class Reach {
  same_place,  // on the same certificate or Point
  above,       // also on those above it in the path
  only_above,  // on those above it in the path, not on the same
  anywhere,
};

// Which standards for certificates a fault breaks: who holds certificates to one refuses for it.
enum class Breaks { none, rfc5280, webpki, both };

struct Consequence {
  std::string_view code{};
  Reach reach = Reach::same_place;
};

struct Rule {
  std::string_view code{};
  FindingLayer layer = FindingLayer::certificate;
  Ends ends = Ends::no;
  Effects effects{};
  Outlook outlook = Outlook::matters;
  Breaks breaks = Breaks::none;
  FixAt fix_at = FixAt::server;
  std::string_view reference{};    // "RFC 5280 4.1.2.5"
  std::string_view tlsrpt{};       // RFC 8460 4.3 result type, empty: none
  std::string_view title{};        // "The server's certificate has expired"
  std::string_view explanation{};  // what it means, for a reader who sees it the first time
  std::string_view remedy{};       // what to do, in the imperative
  std::string_view where{};  // the place that an expectation means when it says none: "leaf", or
                             // a Point's name
  std::span<const std::string_view> evidence{};  // the names of its evidence
  std::span<const Consequence> consequences{};   // what it explains
  std::span<const int> openssl{};                // X509_V_ERR_* that it explains
  // The findings of this row; null for rows that diagnose() itself adds.
  std::vector<Finding> (*find)(const Facts& facts) = nullptr;
};

// What a policy makes of the finding, for the sender of that profile.
Outcome outcome(const Rule& rule, Policy policy, Profile profile);
// error: some policy refuses or delivers in cleartext; else by outlook.
Severity severity(const Rule& rule, Profile profile = Profile::current);

// All rows, in the order of the layers and, within one, nearest cause first.
std::span<const Rule> rules();
// Null when there is none.
const Rule* find_rule(std::string_view code);

}  // namespace badmx::checker
