// An Observation of a chain that was sent, a Criteria about it, and findings as short text.
#pragma once

#include "checker/diagnose/diagnose.h"
#include "tests/checker/test_pki.h"

#include <string>
#include <utility>
#include <vector>

namespace badmx::checker::testing {

inline Observation observation_of(std::vector<x509::Bytes> chain) {
  Attempt attempt;
  attempt.reached = smtp::Point::quit;
  attempt.layer = net::Layer::tls;
  attempt.stop = Stop::finished;
  attempt.handshake_done = true;
  attempt.certificate_seen = true;
  attempt.tls.version = "TLSv1.3";
  attempt.chain = std::move(chain);
  Observation observation;
  observation.origin = "192.0.2.25:25";
  observation.moment = test_moment;
  observation.attempts.push_back(std::move(attempt));
  return observation;
}

inline Criteria criteria_for(std::vector<x509::Bytes> trust, std::vector<x509::Bytes> given = {}) {
  Criteria criteria;
  criteria.names = {"mx.lab.test"};
  criteria.mail_domain = "lab.test";
  criteria.trust = std::move(trust);
  criteria.trust_description = "the test's root";
  criteria.intermediates = std::move(given);
  criteria.moment = test_moment;
  return criteria;
}

// "code: place" each, in the diagnosis' order.
inline std::vector<std::string> short_text(const std::vector<Finding>& findings) {
  std::vector<std::string> lines;
  for (const Finding& finding : findings) {
    const std::string place = text(finding.where);
    lines.push_back(place.empty() ? finding.code : finding.code + ": " + place);
  }
  return lines;
}

// The outcomes of opportunistic, encrypt, verify-ca and verify, by their first letters: deliver,
// clear, refuse, undecided.
inline std::string outcomes(const Diagnosis& diagnosis) {
  std::string text;
  for (const Verdict& verdict : diagnosis.verdicts) {
    text += "dcru"[static_cast<int>(verdict.outcome)];
  }
  return text;
}

}  // namespace badmx::checker::testing
