#include "checker/probe/probe.h"

#include "tests/checker/scripted_server.h"
#include "tests/x509/made_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace badmx::checker {
namespace {

using namespace std::chrono_literals;
using net::Layer;
using smtp::Point;
using testing::Contains;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::Not;
using testing::StartsWith;

const x509::Identity& identity() {
  static const x509::Identity made = x509::make_identity(x509::MadeKey::p256);
  return made;
}

Script honest() {
  Script script;
  script.tls.identities = {identity()};
  return script;
}

Target target_of(std::uint16_t port) {
  Target target;
  target.host = "mx.example.test";
  target.address = "127.0.0.1";
  target.port = port;
  target.sni = "mx.example.test";
  target.limits.point = 5s;
  return target;
}

Observation observed(const Script& script) {
  const ScriptedServer server(script);
  return observe(target_of(server.port()));
}

// Of a server that one attempt is enough for.
Attempt only_attempt(const Script& script) {
  Observation observation = observed(script);
  EXPECT_EQ(observation.attempts.size(), 1U);
  return std::move(observation.attempts.front());
}

std::string last_said(const Attempt& attempt) {
  for (auto line = attempt.transcript.rbegin(); line != attempt.transcript.rend(); ++line) {
    if (line->speaker == net::Speaker::client) return line->text;
  }
  return {};
}

TEST(Probe, SeesAllOfAHealthyServer) {
  const auto before = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const ScriptedServer server(honest());
  const Target target = target_of(server.port());
  const Observation observation = observe(target);
  EXPECT_EQ(observation.source, Source::live);
  EXPECT_EQ(observation.origin, "127.0.0.1:" + std::to_string(server.port()));
  EXPECT_EQ(observation.target, target);
  EXPECT_GE(observation.moment, before);
  ASSERT_EQ(observation.attempts.size(), 1U);
  const Attempt& seen = observation.attempts.front();
  EXPECT_EQ(seen.probe, Probe::ordinary);
  EXPECT_EQ(seen.sni, "mx.example.test");
  EXPECT_EQ(seen.reached, Point::quit);
  EXPECT_EQ(seen.layer, Layer::tls);
  EXPECT_EQ(seen.stop, Stop::finished);
  EXPECT_EQ(seen.error, "");
  EXPECT_EQ(seen.greeting, (ReplySeen{220, {"mx.example.test ESMTP"}}));
  EXPECT_EQ(seen.ehlo, (ReplySeen{250, {"mx.example.test", "STARTTLS"}}));
  EXPECT_EQ(seen.starttls, (ReplySeen{220, {"2.0.0 go ahead"}}));
  EXPECT_EQ(seen.ehlo_tls.code, 250);
  EXPECT_EQ(seen.plaintext_after_starttls, "");
  EXPECT_TRUE(seen.handshake_done);
  EXPECT_EQ(seen.tls.version, "TLSv1.3");
  EXPECT_EQ(seen.tls.signature_algorithm, "ecdsa_secp256r1_sha256");
  EXPECT_TRUE(seen.certificate_seen);
  EXPECT_EQ(seen.chain, identity().chain);
  EXPECT_FALSE(seen.client_certificate_requested);
  EXPECT_THAT(seen.staple, IsEmpty());
  EXPECT_GT(seen.handshake_took.count(), 0);
  EXPECT_GT(seen.took, seen.handshake_took);
  std::vector<std::string> said;
  for (const net::Line& line : seen.transcript) {
    if (line.speaker == net::Speaker::client) said.push_back(line.text);
  }
  EXPECT_THAT(said, ElementsAre("EHLO badmx.invalid", "STARTTLS", "EHLO badmx.invalid", "QUIT"));
}

TEST(Probe, FindsStarttlsWhateverItsCase) {
  Script script = honest();
  script.ehlo = "250-mx\r\n250-starttls\r\n250 SIZE 1\r\n";
  EXPECT_TRUE(only_attempt(script).handshake_done);
}

TEST(Probe, AMaskedStarttlsIsNotOffered) {
  Script script = honest();
  script.ehlo = "250-mx\r\n250 XXXXXXXA\r\n";
  const Attempt seen = only_attempt(script);
  EXPECT_EQ(seen.stop, Stop::not_offered);
  EXPECT_EQ(seen.reached, Point::ehlo);
  EXPECT_THAT(seen.ehlo.lines, Contains("XXXXXXXA"));
  EXPECT_EQ(last_said(seen), "QUIT");
}

struct RefusalCase {
  const char* name;
  std::string Script::*field;
  const char* reply;
  Point reached;
  ReplySeen Attempt::*seen;
  int code;
};

class Refusals : public testing::TestWithParam<RefusalCase> {};

TEST_P(Refusals, AreKeptAndAnsweredWithQuit) {
  Script script = honest();
  script.*GetParam().field = GetParam().reply;
  const Attempt seen = only_attempt(script);
  EXPECT_EQ(seen.stop, Stop::refused);
  EXPECT_EQ(seen.reached, GetParam().reached);
  EXPECT_EQ((seen.*GetParam().seen).code, GetParam().code);
  EXPECT_FALSE(seen.handshake_done);
  EXPECT_EQ(last_said(seen), "QUIT");
}

INSTANTIATE_TEST_SUITE_P(
    Probe, Refusals,
    testing::Values(RefusalCase{"Greeting421", &Script::greeting, "421 later\r\n", Point::connect,
                                &Attempt::greeting, 421},
                    RefusalCase{"Greeting354", &Script::greeting, "354 go\r\n", Point::connect,
                                &Attempt::greeting, 354},
                    RefusalCase{"Ehlo502", &Script::ehlo, "502 no\r\n", Point::ehlo, &Attempt::ehlo,
                                502},
                    RefusalCase{"Starttls454", &Script::starttls, "454 4.7.0 not now\r\n",
                                Point::starttls, &Attempt::starttls, 454}),
    [](const testing::TestParamInfo<RefusalCase>& row) { return std::string(row.param.name); });

TEST(Probe, KeepsWhatStandsBehindThe220) {
  Script script = honest();
  script.starttls = "220 go\r\n250 injected\r\n";
  const Attempt seen = only_attempt(script);
  EXPECT_EQ(seen.plaintext_after_starttls, "250 injected\r\n");
  EXPECT_TRUE(seen.handshake_done);
}

TEST(Probe, AnEndInsteadOfAHandshakeIsNotTriedTwice) {
  Script script = honest();
  script.then = Then::close;
  const Attempt closed = only_attempt(script);
  EXPECT_EQ(closed.stop, Stop::closed);
  EXPECT_EQ(closed.reached, Point::handshake);
  EXPECT_EQ(closed.layer, Layer::clear);
  script.then = Then::reset;
  EXPECT_EQ(only_attempt(script).stop, Stop::reset);
}

TEST(Probe, SilenceEndsAtTheDeadlineOfItsPoint) {
  Script script = honest();
  script.then = Then::silence;
  const ScriptedServer server(script);
  Target target = target_of(server.port());
  target.limits.at[Point::handshake] = 100ms;
  const Observation observation = observe(target);
  ASSERT_EQ(observation.attempts.size(), 1U);
  EXPECT_EQ(observation.attempts[0].stop, Stop::timed_out);
  EXPECT_EQ(observation.attempts[0].reached, Point::handshake);
  EXPECT_GE(observation.attempts[0].took, 100ms);
  EXPECT_LT(observation.attempts[0].took, 4s);
}

TEST(Probe, TextInsteadOfTlsIsKept) {
  Script script = honest();
  script.then = Then::text;
  script.text = "250 still here\r\n" + std::string(500, 'x');
  const Attempt seen = only_attempt(script);
  EXPECT_EQ(seen.stop, Stop::not_tls);
  EXPECT_EQ(seen.reached, Point::handshake);
  EXPECT_EQ(seen.plaintext_bytes, 516U);
  EXPECT_EQ(seen.plaintext.size(), 256U);
  EXPECT_THAT(seen.plaintext, StartsWith("250 still here\r\n"));
}

TEST(Probe, ImplicitTlsBeginsWithTheHandshake) {
  Script script = honest();
  script.tls_first = true;
  script.ehlo = "250 mx\r\n";
  const ScriptedServer server(script);
  Target target = target_of(server.port());
  target.tls = smtp::TlsMode::implicit;
  const Observation observation = observe(target);
  const Attempt& seen = observation.attempts.front();
  EXPECT_EQ(seen.stop, Stop::finished);
  EXPECT_EQ(seen.greeting.code, 220);
  EXPECT_EQ(seen.ehlo, ReplySeen{});
  EXPECT_EQ(seen.ehlo_tls, (ReplySeen{250, {"mx"}}));
  EXPECT_EQ(seen.chain, identity().chain);
}

TEST(Probe, AGreetingOnAnImplicitTlsPortIsNotTls) {
  const ScriptedServer server(honest());
  Target target = target_of(server.port());
  target.tls = smtp::TlsMode::implicit;
  const Observation observation = observe(target);
  ASSERT_EQ(observation.attempts.size(), 1U);
  EXPECT_EQ(observation.attempts[0].stop, Stop::not_tls);
  EXPECT_THAT(observation.attempts[0].plaintext, StartsWith("220 mx.example.test ESMTP\r\n"));
}

TEST(Probe, PlainAsksForNoTls) {
  const ScriptedServer server(honest());
  Target target = target_of(server.port());
  target.tls = smtp::TlsMode::plain;
  const Attempt seen = observe(target).attempts.front();
  EXPECT_EQ(seen.stop, Stop::finished);
  EXPECT_EQ(seen.layer, Layer::clear);
  EXPECT_EQ(seen.ehlo.code, 250);
}

TEST(Probe, APermissiveAttemptShowsTheCertificateOfAnOldServer) {
  Script script = honest();
  script.tls.versions = {"1.0"};
  const Observation observation = observed(script);
  ASSERT_EQ(observation.attempts.size(), 2U);
  const Attempt& first = observation.attempts[0];
  EXPECT_EQ(first.probe, Probe::ordinary);
  EXPECT_EQ(first.stop, Stop::alert);
  EXPECT_THAT(first.alerts, ElementsAre(tls::AlertSeen{
                                .direction = tls::Direction::received, .level = 2, .number = 70}));
  EXPECT_THAT(first.tls_errors, Not(IsEmpty()));
  EXPECT_FALSE(first.certificate_seen);
  const Attempt& second = observation.attempts[1];
  EXPECT_EQ(second.probe, Probe::permissive);
  EXPECT_EQ(second.stop, Stop::finished);
  EXPECT_EQ(second.tls.version, "TLSv1");
  EXPECT_EQ(second.chain, identity().chain);
}

TEST(Probe, ASignatureByAnotherKeyIsOurRefusalAndTheChainIsSeen) {
  Script script = honest();
  script.tls.identities[0].key = x509::make_identity(x509::MadeKey::p256).key;
  const Attempt seen = only_attempt(script);
  EXPECT_EQ(seen.stop, Stop::tls_failed);
  EXPECT_EQ(seen.reached, Point::handshake);
  EXPECT_THAT(seen.tls_errors, Not(IsEmpty()));
  EXPECT_EQ(seen.chain, identity().chain);
}

TEST(Probe, TellsThatAClientCertificateIsRequired) {
  for (const char* version : {"1.2", "1.3"}) {
    Script script = honest();
    script.tls.versions = {version};
    script.tls.client_certificate = tls::CertificateRequest::require;
    script.tls.client_ca_names = {tls::distinguished_name("CN=Partner CA")};
    const Attempt seen = only_attempt(script);
    EXPECT_EQ(seen.stop, Stop::alert) << version;
    EXPECT_TRUE(seen.client_certificate_requested) << version;
    EXPECT_TRUE(seen.client_certificate_required) << version;
    EXPECT_EQ(seen.requested_ca_names, script.tls.client_ca_names) << version;
    EXPECT_TRUE(seen.certificate_seen) << version;
    EXPECT_EQ(seen.handshake_done, std::string(version) == "1.3");
  }
}

TEST(Probe, AMereRequestForAClientCertificateIsNoHindrance) {
  Script script = honest();
  script.tls.client_certificate = tls::CertificateRequest::request;
  const Attempt seen = only_attempt(script);
  EXPECT_EQ(seen.stop, Stop::finished);
  EXPECT_TRUE(seen.client_certificate_requested);
  EXPECT_FALSE(seen.client_certificate_required);
}

TEST(Probe, BoundsTheChain) {
  Script script = honest();
  script.tls.identities[0].chain.resize(5, identity().chain[0]);
  const ScriptedServer server(script);
  Target few = target_of(server.port());
  few.limits.certificates = 4;
  const Attempt counted = observe(few).attempts.front();
  EXPECT_EQ(counted.stop, Stop::limit_exceeded);
  EXPECT_EQ(counted.chain.size(), 4U);
  Target small = target_of(server.port());
  small.limits.chain = 300;
  const Observation weighed = observe(small);
  ASSERT_EQ(weighed.attempts.size(), 1U);
  EXPECT_EQ(weighed.attempts[0].stop, Stop::limit_exceeded);
}

TEST(Probe, ReadsAChainOfNearlyAMegabyte) {
  Script script = honest();
  script.tls.identities[0].chain.resize(2000, identity().chain[0]);
  const ScriptedServer server(script);
  Target target = target_of(server.port());
  target.limits.certificates = 3000;
  target.limits.point = 20s;
  const Attempt seen = observe(target).attempts.front();
  EXPECT_TRUE(seen.certificate_seen);
  EXPECT_GE(seen.chain.size(), 1024U);
}

TEST(Probe, HostileRepliesAreBounded) {
  Script endless = honest();
  endless.greeting = "220 " + std::string(200000, 'x');
  const Attempt line = only_attempt(endless);
  EXPECT_EQ(line.stop, Stop::limit_exceeded);
  EXPECT_EQ(line.reached, Point::connect);
  Script flood = honest();
  flood.ehlo.clear();
  for (int i = 0; i < 3000; ++i) flood.ehlo += "250-x\r\n";
  const Attempt lines = only_attempt(flood);
  EXPECT_EQ(lines.stop, Stop::limit_exceeded);
  EXPECT_EQ(lines.reached, Point::ehlo);
  EXPECT_EQ(lines.ehlo.lines.size(), 256U);
  Script garbage = honest();
  garbage.greeting = std::string("\x1b[2J\0\xff\r\n", 8);
  const Attempt malformed = only_attempt(garbage);
  EXPECT_EQ(malformed.stop, Stop::malformed_reply);
  EXPECT_EQ(malformed.greeting.code, 0);
  EXPECT_EQ(malformed.transcript.front().text, std::string("\x1b[2J\0\xff", 6));
}

TEST(Probe, AGreetingThatDripsEndsAtTheDeadline) {
  Script script = honest();
  script.drip = 30ms;
  const ScriptedServer server(script);
  Target target = target_of(server.port());
  target.limits.point = 200ms;
  const Attempt seen = observe(target).attempts.front();
  EXPECT_EQ(seen.stop, Stop::timed_out);
  EXPECT_EQ(seen.reached, Point::connect);
  EXPECT_LT(seen.took, 4s);
}

TEST(Probe, TheWholeAttemptHasADeadlineToo) {
  Script script = honest();
  script.then = Then::silence;
  const ScriptedServer server(script);
  Target target = target_of(server.port());
  target.limits.total = 150ms;
  const Attempt seen = observe(target).attempts.front();
  EXPECT_EQ(seen.stop, Stop::timed_out);
  EXPECT_LT(seen.took, 4s);
}

TEST(Probe, SaysWhyThereIsNoConnection) {
  std::uint16_t port = 0;
  {
    const ScriptedServer gone(honest());
    port = gone.port();
  }
  const Attempt refused = observe(target_of(port)).attempts.front();
  EXPECT_EQ(refused.stop, Stop::unreachable);
  EXPECT_EQ(refused.reached, Point::connect);
  EXPECT_EQ(refused.error, "Connection refused");
  Target named = target_of(port);
  named.address = "mx.example.test";
  const Observation observation = observe(named);
  EXPECT_EQ(observation.attempts.front().stop, Stop::unreachable);
  EXPECT_THAT(observation.attempts.front().error, HasSubstr("address"));
}

TEST(ObserveAll, KeepsTheOrderOfTheTargets) {
  const ScriptedServer good(honest());
  Script refusing = honest();
  refusing.greeting = "554 no\r\n";
  const ScriptedServer bad(refusing);
  std::vector<Target> targets;
  for (int i = 0; i < 40; ++i) {
    targets.push_back(target_of(i % 2 == 0 ? good.port() : bad.port()));
  }
  std::vector<std::size_t> done;
  const std::vector<Observation> observations =
      observe_all(targets, 8, 2, [&](std::size_t index) { done.push_back(index); });
  ASSERT_EQ(observations.size(), targets.size());
  for (std::size_t i = 0; i < observations.size(); ++i) {
    EXPECT_EQ(observations[i].target, targets[i]);
    EXPECT_EQ(observations[i].attempts.front().stop, i % 2 == 0 ? Stop::finished : Stop::refused);
  }
  std::sort(done.begin(), done.end());
  EXPECT_EQ(done.size(), targets.size());
  EXPECT_EQ(std::unique(done.begin(), done.end()), done.end());
}

TEST(ObserveAll, OfNothingIsNothing) { EXPECT_THAT(observe_all({}, 8, 2, {}), IsEmpty()); }

TEST(Resolve, ANumericAddressIsItself) {
  EXPECT_THAT(resolve("192.0.2.1").addresses, ElementsAre("192.0.2.1"));
  EXPECT_THAT(resolve("2001:db8::1").addresses, ElementsAre("2001:db8::1"));
}

TEST(Resolve, KnowsLocalhost) {
  const Resolution found = resolve("localhost");
  EXPECT_THAT(found.addresses, testing::Contains(testing::AnyOf("127.0.0.1", "::1")));
}

TEST(Resolve, SaysWhyThereIsNone) {
  const Resolution none = resolve(std::string(300, 'a'));  // longer than any name
  EXPECT_THAT(none.addresses, IsEmpty());
  EXPECT_NE(none.error, "");
}

}  // namespace
}  // namespace badmx::checker
