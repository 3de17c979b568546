// An Observation of a chain that was sent, a Question about it, and findings as short text.
#pragma once

#include "checker/diagnose/diagnose.h"
#include "tests/checker/test_pki.h"

#include <string>
#include <utility>
#include <vector>

namespace badmx::checker::testing {

inline Observation sent(std::vector<x509::Bytes> chain) {
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

inline Question ask(std::vector<x509::Bytes> trust, std::vector<x509::Bytes> given = {}) {
  Question question;
  question.names = {"mx.lab.test"};
  question.mail_domain = "lab.test";
  question.trust = std::move(trust);
  question.trust_description = "the test's root";
  question.intermediates = std::move(given);
  question.moment = test_moment;
  return question;
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
