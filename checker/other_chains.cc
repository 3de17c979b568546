#include "checker/other_chains.h"

#include "checker/diagnose.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <string>
#include <string_view>
#include <utility>

namespace badmx::checker {
namespace {

// Empty for an attempt whose certificate says nothing of what other senders are shown.
std::string_view code_for(Attitude attitude) {
  switch (attitude) {
    case Attitude::without_sni:
      return "sni-dependent-certificate";
    case Attitude::again:
    case Attitude::rsa_only:
    case Attitude::ecdsa_only:
      return "certificate-inconsistent";
    default:
      return "";
  }
}

bool is_about_certificates(const Finding& finding) {
  const PlaceKind kind = finding.where.kind;
  return kind == PlaceKind::sent || kind == PlaceKind::trusted || kind == PlaceKind::given;
}

// The codes of all that makes some policy refuse it.
std::string faults(const Diagnosis& diagnosis) {
  std::string codes;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.severity != Severity::error || !is_about_certificates(finding)) continue;
    codes += (codes.empty() ? "" : ", ") + finding.code;
  }
  return codes;
}

}  // namespace

std::vector<Finding> other_chains(const Observation& observation, const Question& question,
                                  std::size_t judged_attempt) {
  std::vector<Finding> findings;
  if (judged_attempt >= observation.attempts.size()) return findings;
  const Attempt& judged = observation.attempts[judged_attempt];
  for (const Attempt& other : observation.attempts) {
    const std::string_view code = code_for(other.attitude);
    if (code.empty() || other.chain.empty() || judged.chain.empty() ||
        other.chain.front() == judged.chain.front()) {
      continue;
    }
    Observation alone = observation;
    alone.attempts = {other};
    const Diagnosis diagnosis = diagnose(alone, question);
    std::string wrong = faults(diagnosis);
    if (wrong.empty()) continue;
    Finding finding = found(code, point_at(smtp::Point::handshake),
                            {{"shown", std::string(words(other.attitude))},
                             {"subject", diagnosis.chain.front().subject},
                             {"sha256", diagnosis.chain.front().sha256},
                             {"fails", std::move(wrong)}});
    const bool known = std::ranges::any_of(findings, [&finding](const Finding& before) {
      return before.code == finding.code && before.evidence[2] == finding.evidence[2];
    });
    if (!known) findings.push_back(std::move(finding));
  }
  return findings;
}

}  // namespace badmx::checker
