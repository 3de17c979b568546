// Whole connections to honest servers, and what their records say.
#include "tests/server/smtp/live_server.h"
#include "tests/server/smtp/test_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <string>
#include <vector>

namespace badmx::server {
namespace {

using net::Layer;
using smtp::Point;
using smtp::TlsMode;
using ::testing::Each;
using testing::ec_identity;
using ::testing::ElementsAre;
using ::testing::EndsWith;
using ::testing::Field;
using ::testing::HasSubstr;
using testing::honest_conversation;
using ::testing::IsEmpty;
using testing::listener;
using testing::LiveServer;
using ::testing::Not;
using testing::rsa_identity;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::TestClient;

std::string fingerprint(const x509::Identity& identity) {
  return x509::hex(x509::sha256(identity.chain.front()));
}

std::vector<std::string> lines(const ConnectionRecord& record) {
  std::vector<std::string> all;
  for (const CommandRecord& command : record.commands) all.push_back(command.line);
  return all;
}

TEST(Conversation, RecordsAWholeSessionUnderStarttls) {
  LiveServer live(honest_conversation());
  {
    TestClient client(live.port());
    EXPECT_EQ(client.reply(), "220 mx.example.test ESMTP badmx\r\n");
    EXPECT_THAT(client.criteria_for("EHLO client.example.test"), EndsWith("250 STARTTLS\r\n"));
    EXPECT_THAT(client.criteria_for("STARTTLS"), StartsWith("220 "));
    ASSERT_TRUE(client.start_tls("mx.example.test"));
    EXPECT_THAT(client.channel().peer_certificates(), ElementsAre(ec_identity().chain.front()));
    EXPECT_THAT(client.criteria_for("EHLO client.example.test"), Not(HasSubstr("STARTTLS")));
    EXPECT_THAT(client.criteria_for("MAIL FROM:<a@client.test>"), StartsWith("250 "));
    EXPECT_THAT(client.criteria_for("RCPT TO:<b@example.test>"), StartsWith("250 "));
    EXPECT_THAT(client.criteria_for("DATA"), StartsWith("354 "));
    EXPECT_THAT(client.criteria_for("Subject: x\r\n\r\n..dot\r\n."), StartsWith("250 "));
    EXPECT_THAT(client.criteria_for("QUIT"), StartsWith("221 "));
    EXPECT_EQ(client.rest(), "");
    EXPECT_THAT(client.channel().alerts(),
                ElementsAre(tls::AlertSeen{tls::Direction::received, 1, 0}));
  }
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.number, 1U);
  EXPECT_EQ(record.scenario, "it");
  EXPECT_THAT(record.peer, StartsWith("127.0.0.1:"));
  ASSERT_TRUE(record.client_hello);
  EXPECT_EQ(record.client_hello->sni, "mx.example.test");
  EXPECT_TRUE(record.client_hello->status_request);
  EXPECT_TRUE(record.handshake_done);
  EXPECT_EQ(record.tls_version, "TLSv1.3");
  EXPECT_EQ(record.group, "X25519");
  EXPECT_FALSE(record.resumed);
  EXPECT_THAT(record.certificates_sent, ElementsAre(fingerprint(ec_identity())));
  EXPECT_THAT(lines(record), ElementsAre("EHLO client.example.test", "STARTTLS",
                                         "EHLO client.example.test", "MAIL FROM:<a@client.test>",
                                         "RCPT TO:<b@example.test>", "DATA", ".", "QUIT"));
  EXPECT_EQ(record.commands.at(1).layer, Layer::clear);
  EXPECT_EQ(record.commands.at(2).layer, Layer::tls);
  EXPECT_EQ(record.commands.at(1).answer, "220 2.0.0 Ready to start TLS");
  EXPECT_EQ(record.delivered, Delivered::under_tls);
  EXPECT_EQ(record.messages, 1);
  EXPECT_EQ(record.auth, Auth::none);
  EXPECT_EQ(record.reached, Point::quit);
  EXPECT_EQ(record.end, End::quit);
  EXPECT_EQ(record.error, "");
  EXPECT_GT(record.lasted.count(), 0);

  const std::vector<Message> messages = live.server().messages();
  ASSERT_THAT(messages, SizeIs(1));
  EXPECT_EQ(messages[0].layer, Layer::tls);
  EXPECT_EQ(messages[0].from, "a@client.test");
  EXPECT_THAT(messages[0].to, ElementsAre("b@example.test"));
  EXPECT_EQ(messages[0].text, "Subject: x\r\n\r\n.dot\r\n");
}

TEST(Conversation, BeginsWithTlsWhereItIsImplicit) {
  LiveServer live(listener(honest_conversation(), TlsMode::implicit));
  TestClient client(live.port());
  ASSERT_TRUE(client.start_tls());
  EXPECT_THAT(client.reply(), StartsWith("220 "));
  EXPECT_THAT(client.criteria_for("EHLO me"), Not(HasSubstr("STARTTLS")));
  EXPECT_THAT(client.criteria_for("QUIT"), StartsWith("221 "));
  client.leave();
  const ConnectionRecord record = live.record();
  ASSERT_TRUE(record.client_hello);
  EXPECT_EQ(record.client_hello->sni, std::nullopt);
  EXPECT_THAT(record.commands, Each(Field(&CommandRecord::layer, Layer::tls)));
  EXPECT_EQ(record.end, End::quit);
}

TEST(Conversation, StaysInClearWhereItIsPlain) {
  LiveServer live(listener(honest_conversation(), TlsMode::plain));
  TestClient client(live.port());
  client.reply();
  EXPECT_THAT(client.criteria_for("EHLO me"), Not(HasSubstr("STARTTLS")));
  EXPECT_THAT(client.criteria_for("STARTTLS"), StartsWith("502 "));
  client.criteria_for("MAIL FROM:<>");
  client.criteria_for("RCPT TO:<b@example.test>");
  client.criteria_for("DATA");
  EXPECT_THAT(client.criteria_for("hello\r\n."), StartsWith("250 "));
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.delivered, Delivered::in_clear);
  EXPECT_EQ(record.client_hello, std::nullopt);
  EXPECT_FALSE(record.handshake_done);
  EXPECT_EQ(record.end, End::client_closed);
  EXPECT_EQ(record.reached, Point::message);
}

TEST(Conversation, AnswersPipelinedCommandsInOrder) {
  LiveServer live(honest_conversation());
  TestClient client(live.port());
  client.reply();
  client.criteria_for("EHLO me");
  client.send("MAIL FROM:<>\r\nRCPT TO:<a@b.test>\r\nDATA\r\n");
  EXPECT_THAT(client.reply(), StartsWith("250 2.1.0"));
  EXPECT_THAT(client.reply(), StartsWith("250 2.1.5"));
  EXPECT_THAT(client.reply(), StartsWith("354 "));
  client.send("text\r\n.\r\nQUIT\r\n");
  EXPECT_THAT(client.reply(), StartsWith("250 2.0.0"));
  EXPECT_THAT(client.reply(), StartsWith("221 "));
}

TEST(Conversation, ThrowsAwayWhatIsPipelinedInClearBehindStarttls) {
  LiveServer live(honest_conversation());
  TestClient client(live.port());
  client.reply();
  client.criteria_for("EHLO me");
  client.send("STARTTLS\r\nRSET\r\nNOOP\r\n");
  EXPECT_THAT(client.reply(), StartsWith("220 "));
  ASSERT_TRUE(client.start_tls());
  EXPECT_THAT(client.criteria_for("EHLO me"), StartsWith("250-mx.example.test\r\n"));
  client.criteria_for("QUIT");
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.discarded_in_clear, std::string_view("RSET\r\nNOOP\r\n").size());
  EXPECT_THAT(lines(record), ElementsAre("EHLO me", "STARTTLS", "EHLO me", "QUIT"));
}

TEST(Conversation, RecordsAuthWithoutItsArguments) {
  Conversation conversation = honest_conversation();
  conversation.capabilities = {"AUTH PLAIN LOGIN"};
  LiveServer live(conversation);
  TestClient client(live.port());
  client.reply();
  client.criteria_for("EHLO me");
  client.criteria_for("STARTTLS");
  ASSERT_TRUE(client.start_tls());
  client.criteria_for("EHLO me");
  EXPECT_THAT(client.criteria_for("AUTH LOGIN"), StartsWith("334 "));
  EXPECT_THAT(client.criteria_for("c2VjcmV0"), StartsWith("334 "));
  EXPECT_THAT(client.criteria_for("aHVudGVyMg=="), StartsWith("235 "));
  EXPECT_THAT(client.criteria_for("AUTH PLAIN AHNlY3JldAA="), StartsWith("235 "));
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.auth, Auth::under_tls);
  EXPECT_THAT(lines(record), ElementsAre("EHLO me", "STARTTLS", "EHLO me", "AUTH", "AUTH"));
}

TEST(Conversation, RecordsNoCredentialsThatFollowARefusedAuth) {
  LiveServer live(honest_conversation());
  {
    TestClient client(live.port());
    client.reply();
    client.criteria_for("EHLO me");
    EXPECT_THAT(client.criteria_for("AUTH LOGIN"), StartsWith("502 "));
    client.criteria_for("c2VjcmV0");
    client.criteria_for("aHVudGVyMg==");
    client.criteria_for("AUTH PLAIN " + std::string(20000, 'x'));
    client.criteria_for("NOOP");
    client.criteria_for("HELLO");
  }
  EXPECT_THAT(lines(live.record()),
              ElementsAre("EHLO me", "AUTH", "(hidden)", "(hidden)", "AUTH", "NOOP", "HELLO"));
}

// OpenSSL's own client, which doesn't believe in a self-signed certificate: RFC 8446 6.2,
// unknown_ca.
TEST(Conversation, RecordsTheAlertOfAClientThatGivesUp) {
  for (const std::string version : {"-tls1_2", "-tls1_3"}) {
    SCOPED_TRACE(version);
    LiveServer live(honest_conversation());
    const std::string command =
        "timeout 10 openssl s_client -connect 127.0.0.1:" + std::to_string(live.port()) +
        " -starttls smtp -verify_return_error " + version + " </dev/null >/dev/null 2>&1";
    EXPECT_NE(std::system(command.c_str()), 0);
    const ConnectionRecord record = live.record();
    EXPECT_EQ(record.end, End::handshake_failed);
    EXPECT_EQ(record.reached, Point::handshake);
    EXPECT_FALSE(record.handshake_done);
    EXPECT_THAT(record.certificates_sent, ElementsAre(fingerprint(ec_identity())));
    EXPECT_THAT(record.alerts, ElementsAre(tls::AlertSeen{tls::Direction::received, 2, 48}));
    EXPECT_THAT(lines(record), ElementsAre(StartsWith("EHLO "), "STARTTLS"));
  }
}

TEST(Conversation, SaysThatThereWasNoTlsWhereItShouldHaveBegun) {
  LiveServer live(listener(honest_conversation(), TlsMode::implicit));
  TestClient client(live.port());
  client.send("EHLO me\r\n");
  client.rest();
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.end, End::handshake_failed);
  EXPECT_EQ(record.client_hello, std::nullopt);
  EXPECT_THAT(record.error, HasSubstr("no TLS"));
}

TEST(Conversation, ShowsItsRsaAndItsEcCertificateByWhatTheClientTakes) {
  Conversation conversation = honest_conversation();
  ServerIdentity rsa;
  rsa.identity = rsa_identity();
  conversation.identities.push_back(rsa);
  conversation.tls.versions = {"1.2"};
  struct Row {
    std::string ciphers;
    x509::Identity identity;
  };
  const Row rows[] = {{"ECDHE-ECDSA-AES128-GCM-SHA256", ec_identity()},
                      {"ECDHE-RSA-AES128-GCM-SHA256", rsa_identity()}};
  for (const Row& row : rows) {
    conversation.tls.ciphers = row.ciphers;
    LiveServer live(conversation);
    TestClient client(live.port());
    client.reply();
    client.criteria_for("EHLO me");
    client.criteria_for("STARTTLS");
    ASSERT_TRUE(client.start_tls());
    EXPECT_THAT(client.channel().peer_certificates(), ElementsAre(row.identity.chain.front()));
    client.leave();
    const ConnectionRecord record = live.record();
    EXPECT_EQ(record.tls_version, "TLSv1.2");
    EXPECT_EQ(record.cipher, row.ciphers);
    EXPECT_THAT(record.certificates_sent, ElementsAre(fingerprint(row.identity)));
  }
}

TEST(Conversation, ChoosesItsIdentityByWhetherAServerIsNamed) {
  Conversation conversation = honest_conversation();
  conversation.identities.front().sni = SniCondition::present;
  ServerIdentity without;
  without.identity = rsa_identity();
  without.sni = SniCondition::absent;
  conversation.identities.push_back(without);
  LiveServer live(listener(conversation, TlsMode::implicit));
  for (const std::string name : {"mx.example.test", ""}) {
    TestClient client(live.port());
    ASSERT_TRUE(client.start_tls(name));
    const x509::Identity expected = name.empty() ? rsa_identity() : ec_identity();
    EXPECT_THAT(client.channel().peer_certificates(), ElementsAre(expected.chain.front()));
  }
  const auto records = live.records(2);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[1].certificates_sent, ElementsAre(fingerprint(rsa_identity())));
}

TEST(Conversation, RecordsTheClientsCertificateAndInsistsOnIt) {
  Conversation conversation = honest_conversation();
  conversation.tls.client_certificate = ClientCertificate::require;
  conversation.tls.client_ca_names = {"CN=Partner CA, O=Example"};
  LiveServer live(listener(conversation, TlsMode::implicit));
  {
    TestClient client(live.port());
    tls::ClientSetup setup;
    setup.identity = rsa_identity();
    ASSERT_TRUE(client.start_tls("", setup));
    EXPECT_TRUE(client.channel().client_certificate_requested());
    EXPECT_THAT(client.channel().requested_ca_names(), SizeIs(1));
    EXPECT_THAT(client.reply(), StartsWith("220 "));
  }
  {
    TestClient client(live.port());
    client.start_tls();
    EXPECT_EQ(client.rest(), "");
    EXPECT_THAT(client.channel().alerts(),
                ElementsAre(tls::AlertSeen{tls::Direction::received, 2, 116}));
  }
  const auto records = live.records(2);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_THAT(records[0].client_certificates, ElementsAre(fingerprint(rsa_identity())));
  EXPECT_THAT(records[1].client_certificates, IsEmpty());
  EXPECT_EQ(records[1].end, End::handshake_failed);
  EXPECT_THAT(records[1].alerts, ElementsAre(tls::AlertSeen{tls::Direction::sent, 2, 116}));
}

TEST(Conversation, SharesNoVersionWithAClientThatIsTooNew) {
  Conversation conversation = honest_conversation();
  conversation.tls.versions = {"1.0"};
  LiveServer live(listener(conversation, TlsMode::implicit));
  TestClient client(live.port());
  EXPECT_FALSE(client.start_tls());
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.end, End::handshake_failed);
  EXPECT_THAT(record.alerts, ElementsAre(tls::AlertSeen{tls::Direction::sent, 2, 70}));
  EXPECT_THAT(record.certificates_sent, IsEmpty());
  EXPECT_NE(record.error, "");
}

TEST(Conversation, TellsAResetFromAnEndOfStream) {
  LiveServer live(honest_conversation());
  {
    TestClient client(live.port());
    client.reply();
    client.criteria_for("EHLO me");
    client.leave_by_reset();
  }
  EXPECT_EQ(live.record().end, End::client_reset);
  EXPECT_EQ(live.record().reached, Point::ehlo);
}

TEST(Conversation, ReportsAnIdentityThatItCannotServe) {
  Conversation conversation = honest_conversation();
  conversation.identities.front().identity.key = {0x30, 0x00};
  LiveServer live(listener(conversation, TlsMode::implicit));
  TestClient client(live.port());
  EXPECT_FALSE(client.start_tls());
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.end, End::server_closed);
  EXPECT_NE(record.error, "");
}

TEST(Conversation, BoundsLinesMessagesAndTheWhole) {
  Options options;
  options.limits.message = 100;
  options.limits.session_octets = 200000;
  LiveServer live(listener(honest_conversation()), options);
  {
    TestClient client(live.port());
    client.reply();
    client.criteria_for("EHLO me");
    client.criteria_for("MAIL FROM:<>");
    client.criteria_for("RCPT TO:<a@b.test>");
    client.criteria_for("DATA");
    EXPECT_THAT(client.criteria_for(std::string(200, 'x') + "\r\n."), StartsWith("552 "));
    client.send(std::string(100000, 'x'));
    client.rest();
  }
  {
    TestClient client(live.port());
    for (int piece = 0; piece < 30; ++piece) client.send(std::string(10000, '\n'));
    client.rest();
  }
  const auto records = live.records(2);
  ASSERT_THAT(records, SizeIs(2));
  EXPECT_EQ(records[0].end, End::limit_exceeded);
  EXPECT_EQ(records[0].delivered, Delivered::no);
  EXPECT_EQ(records[1].end, End::limit_exceeded);
  EXPECT_THAT(live.server().messages(), IsEmpty());
}

TEST(Conversation, BoundsWhatItRecordsOfCommands) {
  LiveServer live(honest_conversation());
  {
    TestClient client(live.port());
    client.reply();
    for (int command = 0; command < 100; ++command)
      client.criteria_for("NOOP " + std::string(2000, 'x'));
  }
  const ConnectionRecord record = live.record();
  EXPECT_GT(record.commands.size(), 20U);
  EXPECT_LT(record.commands.size(), 40U);
  EXPECT_EQ(record.commands.size() + record.commands_unrecorded, 100U);
}

TEST(Conversation, EndsAnIdleOne) {
  Options options;
  options.limits.idle = std::chrono::seconds(1);
  LiveServer live(listener(honest_conversation()), options);
  TestClient client(live.port());
  client.reply();
  EXPECT_EQ(client.rest(), "");
  EXPECT_EQ(live.record().end, End::timed_out);
}

TEST(Conversation, KeepsABoundedNumberOfMessages) {
  Options options;
  options.limits.messages_kept = 2;
  options.limits.records_kept = 3;
  LiveServer live(listener(honest_conversation()), options);
  for (const std::string text : {"one", "two", "three", "four"}) {
    TestClient client(live.port());
    client.reply();
    client.criteria_for("EHLO me");
    client.criteria_for("MAIL FROM:<>");
    client.criteria_for("RCPT TO:<a@b.test>");
    client.criteria_for("DATA");
    client.criteria_for(text + "\r\n.");
  }
  EXPECT_THAT(live.records(4), SizeIs(3));
  EXPECT_THAT(live.server().messages(),
              ElementsAre(Field(&Message::text, "three\r\n"), Field(&Message::text, "four\r\n")));
}

}  // namespace
}  // namespace badmx::server
