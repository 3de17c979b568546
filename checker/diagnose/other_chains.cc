#include "checker/diagnose/other_chains.h"

#include "checker/diagnose/judge.h"
#include "checker/facts/facts.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace badmx::checker {
namespace {

// Empty for an attempt whose certificate says nothing of what other senders are shown.
std::string_view code_for(Probe probe) {
  switch (probe) {
    case Probe::without_sni:
      return "sni-dependent-certificate";
    case Probe::again:
    case Probe::rsa_only:
    case Probe::ecdsa_only:
      return "certificate-inconsistent";
    default:
      return "";
  }
}

bool is_about_certificates(const Finding& finding) {
  const LocationKind kind = finding.where.kind;
  return kind == LocationKind::sent || kind == LocationKind::trusted || kind == LocationKind::given;
}

// What makes some policy refuse the chain: its code, and the certificate by its hash, or by its
// place where it wasn't sent.
using Fault = std::pair<std::string, std::string>;

std::vector<Fault> faults(const Facts& facts) {
  std::vector<Fault> all;
  for (const Finding& finding : judge(facts, {}).findings) {
    if (finding.severity != Severity::error || !is_about_certificates(finding)) continue;
    const bool sent = finding.where.kind == LocationKind::sent;
    const x509::Bytes& der = facts.at(finding.where).der;
    all.emplace_back(finding.code,
                     sent && !der.empty() ? x509::hex(x509::sha256(der)) : text(finding.where));
  }
  return all;
}

std::string codes(const std::vector<Fault>& faults) {
  std::string all;
  for (const Fault& fault : faults) all += (all.empty() ? "" : ", ") + fault.first;
  return all;
}

Observation only(const Attempt& attempt, const Observation& observation) {
  Observation alone = observation;
  alone.attempts = {attempt};
  return alone;
}

}  // namespace

std::vector<Finding> other_chains(const Observation& observation, const Criteria& criteria,
                                  std::size_t judged_attempt) {
  std::vector<Finding> findings;
  if (judged_attempt >= observation.attempts.size()) return findings;
  const Attempt& judged = observation.attempts[judged_attempt];
  for (const Attempt& other : observation.attempts) {
    const std::string_view code = code_for(other.probe);
    if (code.empty() || other.chain.empty() || judged.chain.empty() ||
        other.chain.front() == judged.chain.front()) {
      continue;
    }
    const Observation alone = only(other, observation);
    const Facts facts = read_facts(alone, criteria);
    const std::vector<Fault> wrong = faults(facts);
    if (wrong.empty()) continue;
    // A fault of a certificate that both chains have is told of already.
    const Observation without_other = only(judged, observation);
    const std::vector<Fault> told = faults(read_facts(without_other, criteria));
    const auto is_told = [&](const Fault& fault) {
      return std::ranges::find(told, fault) != told.end();
    };
    if (std::ranges::all_of(wrong, is_told)) continue;
    Finding finding = make_finding(code, point_at(smtp::Point::handshake),
                                   {{"shown", std::string(words(other.probe))},
                                    {"subject", facts.sent.front().subject},
                                    {"sha256", x509::hex(x509::sha256(other.chain.front()))},
                                    {"fails", codes(wrong)}});
    const bool known = std::ranges::any_of(findings, [&finding](const Finding& before) {
      return before.code == finding.code && before.evidence[2] == finding.evidence[2];
    });
    if (!known) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace badmx::checker
