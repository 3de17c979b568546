#include "net/tls/channel.h"

#include "net/tls/context.h"
#include "tests/net/tls/memory_wire.h"
#include "tests/x509/made_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <iterator>

namespace badmx::tls {
namespace {

using testing::AnyOf;
using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

ClientSetup permissive() {
  ClientSetup setup;
  setup.tolerance = Tolerance::all;
  return setup;
}

ServerSetup honest(x509::MadeKey kind = x509::MadeKey::p256) {
  ServerSetup setup;
  setup.identities = {x509::make_identity(kind)};
  return setup;
}

AlertSeen received(int number) {
  return {.direction = Direction::received, .level = 2, .number = number};
}

struct VersionCase {
  const char* version;
  const char* shown;
  x509::MadeKey key;
  const char* signature;
};

class EveryVersion : public testing::TestWithParam<VersionCase> {};

TEST_P(EveryVersion, IsSpokenByAPermissiveClient) {
  const VersionCase& row = GetParam();
  ServerSetup setup = honest(row.key);
  setup.versions = {row.version};
  Pair pair(setup, permissive());
  const Ends ends = pair.shake();
  ASSERT_EQ(ends.client, Progress::done) << text(pair.client.errors());
  ASSERT_EQ(ends.server, Progress::done) << text(pair.server.errors());
  const Negotiated agreed = pair.client.negotiated();
  EXPECT_EQ(agreed.version, row.shown);
  EXPECT_EQ(agreed.group, "X25519");
  EXPECT_EQ(agreed.signature_algorithm, row.signature);
  EXPECT_FALSE(agreed.cipher.empty());
  EXPECT_FALSE(agreed.resumed);
  EXPECT_EQ(pair.server.negotiated(), agreed);
  EXPECT_TRUE(pair.client.certificate_message_seen());
  EXPECT_EQ(pair.client.peer_certificates(), setup.identities[0].chain);
  EXPECT_FALSE(pair.client.client_certificate_requested());
  EXPECT_THAT(pair.client.alerts(), IsEmpty());
}

INSTANTIATE_TEST_SUITE_P(
    Channel, EveryVersion,
    testing::Values(VersionCase{"1.0", "TLSv1", x509::MadeKey::p256, ""},
                    VersionCase{"1.1", "TLSv1.1", x509::MadeKey::rsa_2048, ""},
                    VersionCase{"1.2", "TLSv1.2", x509::MadeKey::p256, "ecdsa_secp256r1_sha256"},
                    VersionCase{"1.2", "TLSv1.2", x509::MadeKey::rsa_2048, "rsa_pss_rsae_sha256"},
                    VersionCase{"1.3", "TLSv1.3", x509::MadeKey::p384, "ecdsa_secp384r1_sha384"},
                    VersionCase{"1.3", "TLSv1.3", x509::MadeKey::ed25519, "ed25519"}),
    [](const testing::TestParamInfo<VersionCase>& row) {
      return "Row" + std::to_string(row.index);
    });

TEST(Channel, CarriesDataBothWaysAndTellsOfItsEnd) {
  Pair pair(honest(), {});
  ASSERT_EQ(pair.shake().client, Progress::done);
  const std::string greeting(40000, 'g');
  ASSERT_EQ(pair.server.write(x509::as_bytes(greeting)), Progress::done);
  ASSERT_EQ(pair.client.write(x509::as_bytes("EHLO a\r\n")), Progress::done);
  pair.server.close();
  carry(pair.client, pair.server);
  x509::Bytes heard;
  while (pair.client.read(heard) == Progress::done) {
  }
  EXPECT_EQ(x509::as_text(heard), greeting);
  EXPECT_EQ(pair.client.read(heard), Progress::closed);
  EXPECT_THAT(pair.client.alerts(),
              ElementsAre(AlertSeen{.direction = Direction::received, .level = 1, .number = 0}));
  x509::Bytes command;
  EXPECT_EQ(pair.server.read(command), Progress::done);
  EXPECT_EQ(x509::as_text(command), "EHLO a\r\n");
}

TEST(Channel, AStreamThatEndsMidHandshakeIsClosedWithoutAnAlertOfOurs) {
  Pair pair(honest(), {});
  EXPECT_EQ(pair.client.handshake(), Progress::needs_input);
  pair.client.take_output();
  pair.client.feed_end();
  EXPECT_EQ(pair.client.handshake(), Progress::closed);
  EXPECT_FALSE(pair.client.has_output());
  EXPECT_THAT(pair.client.alerts(), IsEmpty());
  EXPECT_FALSE(pair.client.certificate_message_seen());
}

TEST(Channel, TheChainArrivesExactlyAsItWasTold) {
  const x509::Bytes other = x509::make_identity(x509::MadeKey::p256, "other").chain[0];
  for (const char* version : {"1.2", "1.3"}) {
    ServerSetup setup = honest();
    setup.versions = {version};
    std::vector<x509::Bytes>& chain = setup.identities[0].chain;
    chain = {chain[0], other, other, chain[0]};
    Pair pair(setup, {});
    ASSERT_EQ(pair.shake().client, Progress::done) << version;
    EXPECT_EQ(pair.client.peer_certificates(), chain) << version;
  }
}

TEST(Channel, ACertificateThatOpenSslCannotParseIsStillSeen) {
  ServerSetup setup = honest();
  setup.versions = {"1.2"};  // whose Certificate message goes in clear
  Pair pair(setup, {});
  x509::Bytes broken = setup.identities[0].chain[0];
  pair.client.handshake();
  pair.server.feed(pair.client.take_output());
  pair.server.handshake();
  x509::Bytes flight = pair.server.take_output();
  const auto at = std::search(flight.begin(), flight.end(), broken.begin(), broken.end());
  ASSERT_NE(at, flight.end());
  *at = 0xff;
  broken[0] = 0xff;
  pair.client.feed(flight);
  EXPECT_EQ(pair.client.handshake(), Progress::failed);
  EXPECT_TRUE(pair.client.certificate_message_seen());
  EXPECT_THAT(pair.client.peer_certificates(), ElementsAre(broken));
  EXPECT_THAT(pair.client.errors(), Not(IsEmpty()));
  // bad_certificate, and it waits to be sent.
  EXPECT_THAT(pair.client.alerts(),
              ElementsAre(AlertSeen{.direction = Direction::sent, .level = 2, .number = 42}));
  EXPECT_TRUE(pair.client.has_output());
}

TEST(Channel, AChainLongerThanAllowedIsSaidToBeTooLong) {
  for (const char* version : {"1.2", "1.3"}) {
    ServerSetup setup = honest();
    setup.versions = {version};
    Pair pair(setup, {}, 100);
    EXPECT_EQ(pair.shake().client, Progress::failed);
    EXPECT_TRUE(pair.client.chain_too_long()) << text(pair.client.errors());
  }
}

TEST(Channel, AnOldServerRefusesACurrentClientByAlert) {
  ServerSetup setup = honest();
  setup.versions = {"1.0"};
  Pair pair(setup, {});
  const Ends ends = pair.shake();
  EXPECT_EQ(ends.client, Progress::failed);
  EXPECT_EQ(ends.server, Progress::failed);
  EXPECT_THAT(pair.client.alerts(), ElementsAre(received(70)));
  EXPECT_THAT(pair.server.alerts(),
              ElementsAre(AlertSeen{.direction = Direction::sent, .level = 2, .number = 70}));
  EXPECT_FALSE(pair.client.certificate_message_seen());
}

TEST(Channel, ARequestForAClientCertificateNamesItsCas) {
  for (const char* version : {"1.0", "1.2", "1.3"}) {
    ServerSetup setup = honest();
    setup.versions = {version};
    setup.client_certificate = CertificateRequest::request;
    setup.client_ca_names = {distinguished_name("CN=Partner CA, O=Example"),
                             distinguished_name("CN=Second")};
    Pair pair(setup, permissive());
    EXPECT_EQ(pair.shake().client, Progress::done) << version;
    EXPECT_TRUE(pair.client.client_certificate_requested()) << version;
    EXPECT_EQ(pair.client.requested_ca_names(), setup.client_ca_names) << version;
  }
}

TEST(Channel, WithoutTheRequiredCertificateTls12EndsInTheHandshake) {
  ServerSetup setup = honest();
  setup.versions = {"1.2"};
  setup.client_certificate = CertificateRequest::require;
  Pair pair(setup, {});
  EXPECT_EQ(pair.shake().client, Progress::failed);
  EXPECT_THAT(pair.client.alerts(), ElementsAre(received(40)));
  EXPECT_TRUE(pair.client.client_certificate_requested());
}

TEST(Channel, WithoutTheRequiredCertificateTls13EndsOnTheFirstRead) {
  ServerSetup setup = honest();
  setup.versions = {"1.3"};
  setup.client_certificate = CertificateRequest::require;
  Pair pair(setup, {});
  EXPECT_EQ(pair.shake().client, Progress::done);
  x509::Bytes nothing;
  EXPECT_EQ(pair.client.read(nothing), Progress::failed);
  EXPECT_THAT(pair.client.alerts(), ElementsAre(received(116)));
}

TEST(Channel, AServerKeepsTheClientsCertificate) {
  ServerSetup setup = honest();
  setup.client_certificate = CertificateRequest::require;
  ClientSetup client;
  client.identity = x509::make_identity(x509::MadeKey::p256, "client");
  Pair pair(setup, client);
  const Ends ends = pair.shake();
  EXPECT_EQ(ends.client, Progress::done);
  EXPECT_EQ(ends.server, Progress::done);
  EXPECT_EQ(pair.server.peer_certificates(), client.identity->chain);
}

TEST(Channel, AStapleArrivesAsItWasTold) {
  for (const char* version : {"1.2", "1.3"}) {
    ServerSetup setup = honest();
    setup.versions = {version};
    setup.staple = {'n', 'o', ' ', 'D', 'E', 'R'};
    Pair pair(setup, {});
    ASSERT_EQ(pair.shake().client, Progress::done);
    EXPECT_EQ(pair.client.staple(), setup.staple);
  }
  Pair without(honest(), {});
  ASSERT_EQ(without.shake().client, Progress::done);
  EXPECT_THAT(without.client.staple(), IsEmpty());
}

TEST(Channel, TellsTheKeyExchangeOfOldCipherSuites) {
  ServerSetup setup = honest(x509::MadeKey::rsa_2048);
  setup.versions = {"1.2"};
  setup.ciphers = "AES128-SHA";
  Pair static_rsa(setup, permissive());
  ASSERT_EQ(static_rsa.shake().client, Progress::done);
  EXPECT_EQ(static_rsa.client.negotiated().group, "");
  EXPECT_EQ(static_rsa.client.negotiated().signature_algorithm, "");
  setup.ciphers = "DHE-RSA-AES128-GCM-SHA256";
  Pair diffie_hellman(setup, permissive());
  ASSERT_EQ(diffie_hellman.shake().client, Progress::done);
  EXPECT_THAT(diffie_hellman.client.negotiated().group, testing::StartsWith("DH-"));
  EXPECT_EQ(diffie_hellman.client.negotiated().signature_algorithm, "rsa_pss_rsae_sha256");
}

TEST(Channel, TakesGarbageWithoutHarm) {
  std::uint32_t state = 1;
  const ServerSetup setup = honest();
  for (int round = 0; round < 20; ++round) {
    Pair pair(setup, {});
    x509::Bytes garbage;
    for (int i = 0; i < 200; ++i) {
      state = state * 1664525U + 1013904223U;
      garbage.push_back(static_cast<std::uint8_t>(state >> 24U));
    }
    if (round % 2 == 0) {
      std::copy_n("\x16\x03\x03\x00\xc3\x02", 6, garbage.begin());  // a ServerHello, it seems
    }
    pair.client.handshake();
    pair.client.feed(garbage);
    pair.server.feed(garbage);
    pair.client.feed_end();
    pair.server.feed_end();
    EXPECT_THAT(pair.client.handshake(), AnyOf(Progress::failed, Progress::closed));
    EXPECT_THAT(pair.server.handshake(), AnyOf(Progress::failed, Progress::closed));
  }
}

TEST(Channel, AMovedOneGoesOn) {
  Pair pair(honest(), {});
  Channel moved = std::move(pair.client);
  EXPECT_EQ(shake(moved, pair.server).client, Progress::done);
}

TEST(AlertName, IsTheRegistrysAndElseTheNumber) {
  EXPECT_EQ(alert_name(0), "close_notify");
  EXPECT_EQ(alert_name(40), "handshake_failure");
  EXPECT_EQ(alert_name(116), "certificate_required");
  EXPECT_EQ(alert_name(200), "200");
}

}  // namespace
}  // namespace badmx::tls
