#include "checker/diagnose/other_chains.h"

#include "checker/diagnose/diagnose.h"
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

std::vector<Fault> faults(const Diagnosis& diagnosis) {
  std::vector<Fault> all;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.severity != Severity::error || !is_about_certificates(finding)) continue;
    const auto member = std::ranges::find_if(diagnosis.chain, [&](const ChainMember& each) {
      return finding.where.kind == LocationKind::sent && each.index == finding.where.index;
    });
    all.emplace_back(finding.code,
                     member == diagnosis.chain.end() ? text(finding.where) : member->sha256);
  }
  return all;
}

std::string codes(const std::vector<Fault>& faults) {
  std::string all;
  for (const Fault& fault : faults) all += (all.empty() ? "" : ", ") + fault.first;
  return all;
}

Diagnosis diagnosis_of(const Observation& observation, const Attempt& attempt,
                       const Criteria& criteria) {
  Observation alone = observation;
  alone.attempts = {attempt};
  return diagnose(alone, criteria);
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
    const Diagnosis diagnosis = diagnosis_of(observation, other, criteria);
    const std::vector<Fault> wrong = faults(diagnosis);
    if (wrong.empty()) continue;
    // A fault of a certificate that both chains have is told of already.
    const std::vector<Fault> told = faults(diagnosis_of(observation, judged, criteria));
    const auto is_told = [&](const Fault& fault) {
      return std::ranges::find(told, fault) != told.end();
    };
    if (std::ranges::all_of(wrong, is_told)) continue;
    Finding finding = make_finding(code, point_at(smtp::Point::handshake),
                            {{"shown", std::string(words(other.probe))},
                             {"subject", diagnosis.chain.front().subject},
                             {"sha256", diagnosis.chain.front().sha256},
                             {"fails", codes(wrong)}});
    const bool known = std::ranges::any_of(findings, [&finding](const Finding& before) {
      return before.code == finding.code && before.evidence[2] == finding.evidence[2];
    });
    if (!known) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace badmx::checker
