// The rows, a table a layer; checker/rules/rules.cc puts them together.
#pragma once

#include "checker/rules/rules.h"

#include <array>
#include <span>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace badmx::checker {

std::span<const Rule> input_rules();
std::span<const Rule> connect_rules();
std::span<const Rule> smtp_rules();
std::span<const Rule> handshake_rules();
std::span<const Rule> connection_rules();
std::span<const Rule> certificate_rules();
std::span<const Rule> compliance_rules();
std::span<const Rule> leaf_compliance_rules();
std::span<const Rule> revocation_rules();
std::span<const Rule> staple_rules();
std::span<const Rule> chain_rules();
std::span<const Rule> issuer_rules();
std::span<const Rule> fetched_rules();
std::span<const Rule> order_rules();
std::span<const Rule> name_rules();
std::span<const Rule> policy_rules();

// What most rows do to the four policies.
inline constexpr Effects nobody_minds{};
inline constexpr Effects all_refuse{Outcome::refuse, Outcome::refuse, Outcome::refuse,
                                    Outcome::refuse};
// There is no TLS: who needs none goes on in cleartext, at once or with the next attempt.
inline constexpr Effects no_tls{Outcome::deliver_cleartext, Outcome::refuse, Outcome::refuse,
                                Outcome::refuse};
inline constexpr Effects no_trust{Outcome::deliver, Outcome::deliver, Outcome::refuse,
                                  Outcome::refuse};
inline constexpr Effects no_name{Outcome::deliver, Outcome::deliver, Outcome::deliver,
                                 Outcome::refuse};
inline constexpr Effects nobody_knows{Outcome::undecided, Outcome::undecided, Outcome::undecided,
                                      Outcome::undecided};

// What rows about one certificate show of it.
inline constexpr std::array<std::string_view, 1> subject_evidence{"subject"};
inline constexpr std::array<std::string_view, 2> field_evidence{"subject", "field"};
inline constexpr std::array<std::string_view, 2> key_evidence{"subject", "key"};
inline constexpr std::array<std::string_view, 2> oid_evidence{"subject", "oid"};

inline Location point_at(smtp::Point point) {
  return {.kind = LocationKind::point, .point = point};
}

// Severity, who mends it and the attempt are the row's and the facts', and filled in by diagnose().
inline Finding make_finding(std::string_view code, Location where, std::vector<Evidence> evidence) {
  return {.code = std::string(code), .where = where, .evidence = std::move(evidence)};
}

}  // namespace badmx::checker
