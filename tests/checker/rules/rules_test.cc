#include "checker/rules/rules.h"

#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <functional>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using ::testing::Contains;
using testing::criteria_for;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using testing::observation_of;
using testing::outcomes;
using testing::short_text;

TEST(RuleTable, HasEachCodeOnceInTheOrderOfTheLayers) {
  std::set<std::string_view> codes;
  FindingLayer layer = FindingLayer::input;
  for (const Rule& rule : rules()) {
    EXPECT_TRUE(codes.insert(rule.code).second) << rule.code;
    EXPECT_LE(layer, rule.layer) << rule.code;
    layer = rule.layer;
    EXPECT_EQ(find_rule(rule.code), &rule);
  }
  EXPECT_EQ(find_rule("no-such-code"), nullptr);
}

TEST(RuleTable, SaysEverythingInEachRow) {
  for (const Rule& rule : rules()) {
    EXPECT_FALSE(rule.title.empty()) << rule.code;
    EXPECT_FALSE(rule.explanation.empty()) << rule.code;
    EXPECT_FALSE(rule.remedy.empty()) << rule.code;
    EXPECT_THAT(std::string(rule.reference),
                ::testing::StartsWith(rule.breaks == Breaks::webpki && rule.find != nullptr &&
                                              !rule.reference.starts_with("RFC ")
                                          ? "CABF BR "
                                          : "RFC "))
        << rule.code;
    EXPECT_FALSE(rule.evidence.empty()) << rule.code;
    EXPECT_NE(rule.title.back(), '.') << rule.code;
    EXPECT_EQ(rule.explanation.back(), '.') << rule.code;
    EXPECT_EQ(rule.remedy.back(), '.') << rule.code;
    const bool is_input = rule.layer == FindingLayer::input;
    EXPECT_EQ(rule.where.empty(), is_input) << rule.code;
  }
}

TEST(RuleTable, KnowsOnlyResultTypesOfRfc8460) {
  const std::set<std::string_view> types{"",
                                         "starttls-not-supported",
                                         "certificate-host-mismatch",
                                         "certificate-expired",
                                         "certificate-not-trusted",
                                         "validation-failure"};
  for (const Rule& rule : rules()) EXPECT_TRUE(types.contains(rule.tlsrpt)) << rule.code;
}

TEST(RuleTable, ExplainsInNoCircle) {
  std::map<std::string_view, int> state;  // 1: on the way, 2: done
  std::function<bool(std::string_view)> visit = [&](std::string_view code) {
    if (state[code] == 1) return false;
    if (state[code] == 2) return true;
    state[code] = 1;
    const Rule* rule = find_rule(code);
    if (rule == nullptr) return false;
    for (const Consequence& consequence : rule->consequences) {
      if (!visit(consequence.code)) return false;
    }
    state[code] = 2;
    return true;
  };
  for (const Rule& rule : rules()) EXPECT_TRUE(visit(rule.code)) << rule.code;
}

TEST(RuleTable, NeverGetsBetterForAStricterPolicy) {
  for (const Rule& rule : rules()) {
    // What is undecided stands in no order to the others.
    if (rule.effects.opportunistic != Outcome::undecided) {
      EXPECT_LE(rule.effects.opportunistic, rule.effects.encrypt) << rule.code;
    }
    EXPECT_LE(rule.effects.encrypt, rule.effects.verify_ca) << rule.code;
    EXPECT_LE(rule.effects.verify_ca, rule.effects.verify) << rule.code;
  }
}

TEST(RuleTable, MakesAnErrorOfWhatAnyPolicyMinds) {
  EXPECT_EQ(severity(*find_rule("name-mismatch")), Severity::error);
  EXPECT_EQ(severity(*find_rule("starttls-not-offered")), Severity::error);
  EXPECT_EQ(severity(*find_rule("chain-out-of-order")), Severity::warning);
  EXPECT_EQ(severity(*find_rule("root-sent")), Severity::note);
  EXPECT_EQ(severity(*find_rule("no-tls-in-transcript")), Severity::warning);
}

// One attempt that stopped somewhere, from the wire.
Observation stopped(smtp::Point reached, Stop stop) {
  Attempt attempt;
  attempt.reached = reached;
  attempt.stop = stop;
  Observation observation;
  observation.origin = "192.0.2.25:25";
  observation.attempts.push_back(attempt);
  return observation;
}

struct Dialogue {
  std::string label;
  Observation seen;
  std::vector<std::string> findings;
  std::string outcomes;
};

Dialogue dialogue(const std::string& label, Observation seen,
                  const std::function<void(Observation&, Attempt&)>& change,
                  const std::string& finding, const std::string& expected) {
  change(seen, seen.attempts.front());
  return {label, std::move(seen), {finding}, expected};
}

std::vector<Dialogue> dialogues() {
  using smtp::Point;
  const auto as_it_is = [](Observation&, Attempt&) {};
  return {
      dialogue("nobody_listens", stopped(Point::connect, Stop::unreachable), as_it_is,
               "connect-failed: connect", "rrrr"),
      dialogue("no_greeting", stopped(Point::connect, Stop::timed_out), as_it_is,
               "connect-failed: connect", "rrrr"),
      dialogue(
          "banner_421", stopped(Point::connect, Stop::refused),
          [](Observation&, Attempt& a) {
            a.greeting.code = 421;
            a.greeting.lines = {"4.3.2 too busy"};
          },
          "banner-refused: connect", "rrrr"),
      dialogue(
          "http_server", stopped(Point::connect, Stop::malformed_reply),
          [](Observation&, Attempt& a) {
            a.transcript.push_back({.text = "HTTP/1.1 400 Bad Request"});
          },
          "reply-malformed: connect", "rrrr"),
      dialogue(
          "endless_line", stopped(Point::ehlo, Stop::limit_exceeded),
          [](Observation&, Attempt& a) { a.error = "a line longer than 4096 octets"; },
          "limit-exceeded: ehlo", "rrrr"),
      dialogue(
          "ehlo_refused", stopped(Point::ehlo, Stop::refused),
          [](Observation&, Attempt& a) { a.ehlo.code = 502; }, "ehlo-refused: ehlo", "crrr"),
      dialogue(
          "only_helo", stopped(Point::helo, Stop::not_offered),
          [](Observation&, Attempt& a) { a.ehlo.code = 500; }, "ehlo-refused: ehlo", "crrr"),
      dialogue(
          "no_starttls", stopped(Point::ehlo, Stop::not_offered),
          [](Observation&, Attempt& a) {
            a.ehlo.code = 250;
            a.ehlo.lines = {"mx.lab.test", "PIPELINING", "8BITMIME"};
          },
          "starttls-not-offered: ehlo", "crrr"),
      dialogue(
          "masked", stopped(Point::ehlo, Stop::not_offered),
          [](Observation&, Attempt& a) {
            a.ehlo.code = 250;
            a.ehlo.lines = {"mx.lab.test", "PIPELINING", "XXXXXXXA"};
          },
          "starttls-masked: ehlo", "crrr"),
      dialogue(
          "starttls_454", stopped(Point::starttls, Stop::refused),
          [](Observation&, Attempt& a) {
            a.starttls.code = 454;
            a.starttls.lines = {"4.7.0 TLS not available"};
          },
          "starttls-refused: starttls", "crrr"),
      dialogue("hung_up_at_ehlo", stopped(Point::ehlo, Stop::closed), as_it_is,
               "connection-lost: ehlo", "rrrr"),
      dialogue("closes", stopped(Point::handshake, Stop::closed), as_it_is,
               "handshake-closed: handshake", "crrr"),
      dialogue("resets", stopped(Point::handshake, Stop::reset), as_it_is,
               "handshake-closed: handshake", "crrr"),
      dialogue("silence", stopped(Point::handshake, Stop::timed_out), as_it_is,
               "handshake-timeout: handshake", "crrr"),
      dialogue(
          "plaintext", stopped(Point::handshake, Stop::not_tls),
          [](Observation&, Attempt& a) { a.plaintext = "500 what?\r\n"; },
          "starttls-plaintext-reply: handshake", "crrr"),
      dialogue(
          "plaintext_465", stopped(Point::handshake, Stop::not_tls),
          [](Observation& o, Attempt& a) {
            o.target.tls = smtp::TlsMode::implicit;
            a.plaintext = "220 mx.lab.test ESMTP\r\n";
          },
          "plaintext-on-tls-port: handshake", "rrrr"),
      dialogue(
          "alert", stopped(Point::handshake, Stop::alert),
          [](Observation&, Attempt& a) { a.alerts = {{.number = 40}}; },
          "handshake-alert: handshake", "crrr"),
      dialogue(
          "alert_70", stopped(Point::handshake, Stop::alert),
          [](Observation&, Attempt& a) { a.alerts = {{.number = 70}}; },
          "tls-version-not-shared: handshake", "crrr"),
      dialogue(
          "tls10", stopped(Point::handshake, Stop::alert),
          [](Observation& o, Attempt& a) {
            a.alerts = {{.number = 80}};
            Attempt second;
            second.probe = Probe::permissive;
            second.handshake_done = true;
            second.reached = Point::quit;
            second.tls.version = "TLSv1";
            o.attempts.push_back(second);
          },
          "tls-version-not-shared: handshake", "crrr"),
      dialogue(
          "unknown_to_our_library", stopped(Point::handshake, Stop::tls_failed),
          [](Observation&, Attempt& a) { a.tls_errors = {{.reason = "length mismatch"}}; },
          "handshake-failed: handshake", "crrr"),
      dialogue(
          "required_by_tls_13", stopped(Point::ehlo, Stop::alert),
          [](Observation&, Attempt& a) {
            a.layer = net::Layer::tls;
            a.handshake_done = true;
            a.client_certificate_requested = true;
            a.client_certificate_required = true;
            a.alerts = {{.number = 116}};
          },
          "client-certificate-required: handshake", "crrr"),
      dialogue(
          "required_by_tls_12", stopped(Point::handshake, Stop::alert),
          [](Observation&, Attempt& a) {
            a.client_certificate_requested = true;
            a.client_certificate_required = true;
            a.alerts = {{.number = 40}};
          },
          "client-certificate-required: handshake", "crrr"),
  };
}

class DialogueFault : public ::testing::TestWithParam<Dialogue> {};

TEST_P(DialogueFault, IsFoundAlone) {
  Criteria criteria = criteria_for({});
  const Diagnosis diagnosis = diagnose(GetParam().seen, criteria);
  EXPECT_EQ(short_text(diagnosis.findings), GetParam().findings);
  EXPECT_EQ(outcomes(diagnosis), GetParam().outcomes);
}

INSTANTIATE_TEST_SUITE_P(Each, DialogueFault, ::testing::ValuesIn(dialogues()),
                         [](const auto& instance) { return instance.param.label; });

TEST(Dialogue, ThatBreaksForWantOfAClientCertificateExplainsTheLostConnection) {
  Observation seen = stopped(smtp::Point::ehlo, Stop::alert);
  seen.attempts[0].layer = net::Layer::tls;
  seen.attempts[0].handshake_done = true;
  seen.attempts[0].client_certificate_required = true;
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({})).consequences),
              ElementsAre("connection-lost-under-tls: ehlo"));
}

TEST(Dialogue, ThatEndsWithoutAGoodbyeIsNoFault) {
  Observation seen = stopped(smtp::Point::quit, Stop::closed);
  seen.attempts[0].layer = net::Layer::tls;
  seen.attempts[0].handshake_done = true;
  EXPECT_THAT(diagnose(seen, criteria_for({})).findings, IsEmpty());
}

TEST(Dialogue, WithARequestForAClientCertificateIsNoted) {
  const testing::TestPki pki = testing::healthy_pki();
  Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  seen.attempts[0].client_certificate_requested = true;
  const Diagnosis diagnosis = diagnose(seen, criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("client-certificate-requested: handshake"));
  EXPECT_EQ(diagnosis.findings[0].severity, Severity::note);
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(Dialogue, WithWordsBehindTheAnswerToStarttlsIsAWarning) {
  const testing::TestPki pki = testing::healthy_pki();
  Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  seen.attempts[0].plaintext_after_starttls = "250 injected\x1b[2J\r\n";
  const Diagnosis diagnosis = diagnose(seen, criteria_for({pki["root"]}));
  ASSERT_THAT(short_text(diagnosis.findings), ElementsAre("starttls-response-injection: starttls"));
  EXPECT_EQ(diagnosis.findings[0].severity, Severity::warning);
  EXPECT_THAT(diagnosis.findings[0].evidence[0].value,
              ::testing::Not(::testing::HasSubstr("\x1b")));
}

TEST(Dialogue, WithTheWrongPrivateKeyStillShowsTheCertificate) {
  testing::TestPki pki = testing::healthy_pki();
  testing::CertificateRecipe old;
  old.from = -120;
  old.to = -30;
  pki.issue("leaf", old, "intermediate");
  Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  Attempt& attempt = seen.attempts[0];
  attempt.reached = smtp::Point::handshake;
  attempt.layer = net::Layer::clear;
  attempt.stop = Stop::tls_failed;
  attempt.handshake_done = false;
  attempt.tls_errors = {{.reason = "bad signature"}};
  const Diagnosis diagnosis = diagnose(seen, criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("private-key-mismatch: handshake", "certificate-expired: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "crrr");
}

TEST(Dialogue, OverAnOldVersionShowsTheCertificateOfTheSecondAttempt) {
  testing::TestPki pki = testing::healthy_pki();
  testing::CertificateRecipe own;
  pki.issue("own", own, "own");
  Observation seen = stopped(smtp::Point::handshake, Stop::alert);
  seen.attempts[0].alerts = {{.number = 70}};
  Attempt second = observation_of({pki["own"]}).attempts[0];
  second.probe = Probe::permissive;
  second.tls.version = "TLSv1";
  seen.attempts.push_back(second);
  const Diagnosis diagnosis = diagnose(seen, criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("tls-version-not-shared: handshake", "self-signed: sent[0]"));
  EXPECT_EQ(diagnosis.findings[0].attempt, 0U);
  EXPECT_EQ(diagnosis.findings[1].attempt, 1U);
}

Observation transcript() {
  Observation seen = stopped(smtp::Point::handshake, Stop::unknown);
  seen.source = Source::transcript;
  seen.origin = "paste.txt";
  return seen;
}

TEST(Transcript, WithoutTlsLeavesEverythingUndecidedWhateverItSaysOfZero) {
  Observation seen = transcript();
  seen.pasted.no_peer_certificate = true;
  seen.pasted.verify_return_code = 0;
  seen.pasted.gaps = {"There is no certificate in it."};
  const Diagnosis diagnosis = diagnose(seen, criteria_for({}));
  ASSERT_THAT(short_text(diagnosis.findings), ElementsAre("no-tls-in-transcript"));
  EXPECT_THAT(diagnosis.findings[0].evidence,
              Contains(Evidence{"void", "Verify return code: 0 (ok)"}));
  EXPECT_THAT(short_text(diagnosis.consequences), ElementsAre("transcript-incomplete"));
  EXPECT_EQ(outcomes(diagnosis), "uuuu");
}

// A forced-TLS sender refuses whether the greeting was refused, the EHLO, or STARTTLS isn't
// offered; one that needs none goes on in clear only in the last two.
TEST(Transcript, InWhichStarttlsWasLookedForInVainDecidesForWhoDemandsTls) {
  Observation seen = transcript();
  seen.pasted.no_peer_certificate = true;
  seen.pasted.starttls_not_found = true;
  seen.pasted.octets_read = 88;
  const Diagnosis diagnosis = diagnose(seen, criteria_for({}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("starttls-not-found: ehlo"));
  EXPECT_EQ(outcomes(diagnosis), "urrr");
  seen.pasted.octets_read = 0;  // it may wait for TLS from the first byte
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({})).findings),
              ElementsAre("no-tls-in-transcript"));
}

// s_client sends its ClientHello whatever the answer to STARTTLS was.
TEST(Transcript, WithPlainTextForTlsLeavesOpenWhatStarttlsWasAnswered) {
  Observation seen = transcript();
  seen.attempts[0].stop = Stop::not_tls;
  const Diagnosis diagnosis = diagnose(seen, criteria_for({}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("starttls-plaintext-reply: handshake"));
  ASSERT_EQ(diagnosis.undecided.size(), 1U);
  EXPECT_THAT(diagnosis.undecided[0].between,
              ElementsAre("starttls-refused", "starttls-plaintext-reply"));
  EXPECT_EQ(outcomes(diagnosis), "crrr");
  seen.source = Source::live;
  EXPECT_THAT(diagnose(seen, criteria_for({})).undecided, IsEmpty());
}

TEST(Transcript, WithASecretWarnsWithoutRepeatingIt) {
  const testing::TestPki pki = testing::healthy_pki();
  Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  seen.source = Source::transcript;
  seen.pasted.secrets = {"a session's master key"};
  const Diagnosis diagnosis = diagnose(seen, criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("session-secret-pasted"));
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(Transcript, OfPrintedNamesAloneIsJudgedByThemAsAGuess) {
  Observation seen = transcript();
  seen.attempts[0].certificate_seen = true;
  seen.attempts[0].handshake_done = true;
  seen.pasted.gaps = {"Certificates 0, 1 are named, but the PEM is not there."};
  seen.pasted.certificates = {
      {.position = 0, .subject = "CN=mx.lab.test", .issuer = "CN=Private CA"},
      {.position = 1, .subject = "CN=Private CA", .issuer = "CN=Private CA"}};
  const Diagnosis diagnosis = diagnose(seen, criteria_for({}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("transcript-incomplete", "root-not-trusted: sent[1]"));
  EXPECT_THAT(diagnosis.findings[1].evidence,
              Contains(Evidence{"basis", "a guess from printed names"}));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(Transcript, OfALeafsPemAndAPrintedIssuerCantBeTrustedNorRefused) {
  const testing::TestPki pki = testing::healthy_pki();
  Observation seen = observation_of({pki["leaf"]});
  seen.source = Source::transcript;
  seen.pasted.certificates = {
      {.position = 1, .subject = "O=Lab, CN=Lab Intermediate", .issuer = "O=Lab, CN=Lab Root"}};
  const Diagnosis diagnosis = diagnose(seen, criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "dduu");
  EXPECT_EQ(diagnosis.openssl_skipped, "the chain in the input is incomplete");
}

TEST(Transcript, JudgesPrintedDates) {
  Observation seen = transcript();
  seen.attempts[0].certificate_seen = true;
  seen.attempts[0].handshake_done = true;
  seen.pasted.certificates = {{.position = 0,
                               .subject = "CN=mx.lab.test",
                               .issuer = "CN=Some CA",
                               .not_after = testing::test_moment - std::chrono::hours(24)}};
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({})).findings),
              ElementsAre("certificate-expired: sent[0]", "issuer-unknown: sent[0]"));
}

}  // namespace
}  // namespace badmx::checker
