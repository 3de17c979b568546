// Diagnoses for tests of the reports, made by hand.
#pragma once

#include "checker/diagnosis.h"
#include "x509/certificate.h"

namespace badmx::checker::examples {

inline Diagnosis healthy_diagnosis() {
  const auto moment = [](const char* text) { return x509::read_rfc3339(text).value(); };
  const Location leaf{.kind = LocationKind::sent, .index = 0};
  const Location intermediate{.kind = LocationKind::sent, .index = 1};
  const Location root{.kind = LocationKind::trusted, .index = 143};
  Diagnosis result;
  result.grounds = {.moment = moment("2026-12-24"),
                    .names = {"mx.example.test"},
                    .trust = "the system's 144 roots",
                    .intermediates = 0,
                    .source = "live",
                    .origin = "mx.example.test:25"};
  for (const Policy policy : all_policies) {
    result.verdicts.push_back({.policy = policy, .outcome = Outcome::deliver, .decided_by = {}});
  }
  result.chain = {{.index = 0,
                   .subject = "CN=mx.example.test",
                   .issuer = "CN=Lab Intermediate",
                   .sha256 = "00ff",
                   .not_before = moment("2026-11-24"),
                   .not_after = moment("2027-02-22"),
                   .names = {"mx.example.test", "mail.example.test"},
                   .key = "EC P-256",
                   .signature = "ecdsa-with-SHA256",
                   .on_path = true},
                  {.index = 1,
                   .subject = "CN=Lab Intermediate",
                   .issuer = "CN=Lab Root",
                   .sha256 = "11ee",
                   .not_before = moment("2024-11-24"),
                   .not_after = moment("2034-11-22"),
                   .names = {},
                   .key = "RSA 2048 bits",
                   .signature = "sha256WithRSAEncryption",
                   .on_path = true}};
  result.path = {{leaf, "CN=mx.example.test", "CN=Lab Intermediate", false},
                 {intermediate, "CN=Lab Intermediate", "CN=Lab Root", false},
                 {root, "CN=Lab Root", "CN=Lab Root", true}};
  result.path_trusted = true;
  result.openssl_skipped.clear();
  return result;
}

inline void refuse(Diagnosis& diagnosis, Policy policy, const char* code) {
  Verdict& verdict = diagnosis.verdicts.at(static_cast<std::size_t>(policy));
  verdict.outcome = Outcome::refuse;
  verdict.decided_by = code;
}

// Only the leaf was sent; it has expired too, and a stray certificate came along.
inline Diagnosis broken_diagnosis() {
  Diagnosis result = healthy_diagnosis();
  const Location leaf{.kind = LocationKind::sent, .index = 0};
  result.path.resize(1);
  result.path_trusted = false;
  result.chain[1].subject = "CN=Old CA, O=Somebody Else";
  result.chain[1].on_path = false;
  result.findings = {{.code = "issuer-unknown",
                      .severity = Severity::error,
                      .fix_at = FixAt::server,
                      .where = leaf,
                      .attempt = 0,
                      .evidence = {{"issuer", "CN=Lab Intermediate"},
                                   {"issuer-key-id", "9e7f3ba1f9f9770a59dc6f1a936d55ef8769ba54"}},
                      .because_of = {}},
                     {.code = "certificate-expired",
                      .severity = Severity::error,
                      .fix_at = FixAt::server,
                      .where = leaf,
                      .attempt = 0,
                      .evidence = {{"not-after", "2027-02-22"}},
                      .because_of = {}},
                     {.code = "chain-unrelated",
                      .severity = Severity::note,
                      .fix_at = FixAt::server,
                      .where = {.kind = LocationKind::sent, .index = 1},
                      .attempt = 0,
                      .evidence = {},
                      .because_of = {}}};
  result.consequences = {{.code = "root-not-trusted",
                          .severity = Severity::error,
                          .fix_at = FixAt::sender,
                          .where = {},
                          .attempt = 0,
                          .evidence = {},
                          .because_of = {"issuer-unknown"}}};
  result.undecided = {{.between = {"intermediate-missing", "root-not-trusted"},
                       .decided_by =
                           "Ask the CA for the certificate of \"CN=Lab Intermediate\" and run: "
                           "badmx check mx.example.test:25 --intermediates FILE"}};
  refuse(result, Policy::verify_ca, "issuer-unknown");
  refuse(result, Policy::verify, "issuer-unknown");
  result.openssl = {{.depth = 0, .code = 20, .text = "unable to get local issuer certificate"},
                    {.depth = 0, .code = 10, .text = "certificate has expired"}};
  return result;
}

// Everything that a peer can say, said in bad faith.
inline Diagnosis hostile_diagnosis() {
  Diagnosis result = broken_diagnosis();
  const std::string evil = "\x1b[2J\x1b]0;owned\x07 ]]> <b a=\"1\">&\xff\xfe" +
                           std::string(3, '\0') + std::string(500, 'x') +
                           "\xe2\x80\xae\xe6\xbc\xa2\xe5\xad\x97";
  result.grounds.origin = evil;
  result.grounds.names = {evil, evil};
  result.grounds.trust = evil;
  result.grounds.source = evil;
  for (Step& step : result.path) {
    step.subject = evil;
    step.issuer = evil;
  }
  for (ChainMember& member : result.chain) {
    member.subject = evil;
    member.issuer = evil;
    member.names.assign(50, evil);
    member.key = evil;
    member.signature = evil;
  }
  for (Finding& finding : result.findings) finding.evidence = {{evil, evil}};
  result.undecided[0].decided_by = evil;
  for (Complaint& complaint : result.openssl) complaint.text = evil;
  return result;
}

}  // namespace badmx::checker::examples
