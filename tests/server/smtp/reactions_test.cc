// What a server does on purpose, seen from the client and in the record.
#include "tests/server/smtp/live_server.h"
#include "tests/server/smtp/test_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cerrno>
#include <chrono>
#include <string>

namespace badmx::server {
namespace {

using smtp::Point;
using smtp::TlsMode;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::honest_conversation;
using ::testing::IsEmpty;
using testing::listener;
using testing::LiveServer;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::TestClient;
using Clock = std::chrono::steady_clock;

Conversation reacting(Point point, const Reaction& reaction) {
  Conversation conversation = honest_conversation();
  conversation.on[point] = reaction;
  return conversation;
}

Reaction then(const std::string& action) {
  Reaction reaction;
  reaction.then = action;
  return reaction;
}

void reach_starttls(TestClient& client) {
  client.reply();
  client.criteria_for("EHLO me");
  EXPECT_THAT(client.criteria_for("STARTTLS"), StartsWith("220 "));
}

TEST(Reactions, RefuseOnceAndAreHonestAfterwards) {
  Reaction refusal;
  refusal.reply = {"454 4.7.0 TLS not available"};
  refusal.times = 1;
  LiveServer live(reacting(Point::starttls, refusal));
  TestClient client(live.port());
  client.reply();
  client.criteria_for("EHLO me");
  EXPECT_EQ(client.criteria_for("STARTTLS"), "454 4.7.0 TLS not available\r\n");
  EXPECT_THAT(client.criteria_for("STARTTLS"), StartsWith("220 "));
  EXPECT_TRUE(client.start_tls());
}

TEST(Reactions, GreetWith421AndClose) {
  Reaction busy;
  busy.reply = {"421 4.3.2 Too busy"};
  LiveServer live(reacting(Point::connect, busy));
  TestClient client(live.port());
  EXPECT_EQ(client.rest(), "421 4.3.2 Too busy\r\n");
  EXPECT_EQ(client.read_error(), 0);
  client.leave();
  EXPECT_EQ(live.record().end, End::server_closed);
  EXPECT_EQ(live.record().reached, Point::connect);
}

TEST(Reactions, DelayAnAnswer) {
  Reaction slow;
  slow.delay = std::chrono::milliseconds(150);
  LiveServer live(reacting(Point::connect, slow));
  const auto start = Clock::now();
  TestClient client(live.port());
  EXPECT_THAT(client.reply(), StartsWith("220 "));
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(150));
}

TEST(Reactions, DripAnAnswerOctetByOctet) {
  Reaction drip;
  drip.reply = {"220 slow"};
  drip.drip = std::chrono::milliseconds(10);
  LiveServer live(reacting(Point::connect, drip));
  const auto start = Clock::now();
  TestClient client(live.port());
  EXPECT_EQ(client.reply(), "220 slow\r\n");
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(90));
}

TEST(Reactions, DelayAndDripTheHandshake) {
  Reaction slow;
  slow.delay = std::chrono::milliseconds(50);
  slow.drip = std::chrono::milliseconds(1);
  Conversation conversation = reacting(Point::handshake, slow);
  LiveServer live(conversation);
  TestClient client(live.port());
  reach_starttls(client);
  const auto start = Clock::now();
  ASSERT_TRUE(client.start_tls());
  EXPECT_GE(Clock::now() - start, std::chrono::milliseconds(300));
  EXPECT_THAT(client.criteria_for("QUIT"), StartsWith("221 "));
  client.leave();
  EXPECT_TRUE(live.record().handshake_done);
}

TEST(Reactions, CloseBeforeTheClientHelloIsRead) {
  LiveServer live(reacting(Point::starttls, then("close")));
  TestClient client(live.port());
  reach_starttls(client);
  EXPECT_FALSE(client.start_tls());
  EXPECT_EQ(client.read_error(), 0);
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.end, End::server_closed);
  EXPECT_EQ(record.reached, Point::starttls);
  EXPECT_EQ(record.client_hello, std::nullopt);
  EXPECT_THAT(record.commands, SizeIs(2));
}

TEST(Reactions, CloseInsteadOfTheServerHello) {
  LiveServer live(reacting(Point::handshake, then("close")));
  TestClient client(live.port());
  reach_starttls(client);
  EXPECT_FALSE(client.start_tls());
  EXPECT_EQ(client.read_error(), 0);
  client.leave();
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.reached, Point::handshake);
  EXPECT_NE(record.client_hello, std::nullopt);
  EXPECT_FALSE(record.handshake_done);
}

TEST(Reactions, ResetIsSeenAsOne) {
  for (const char* action : {"reset", "reset-after-server-hello"}) {
    SCOPED_TRACE(action);
    LiveServer live(reacting(Point::handshake, then(action)));
    TestClient client(live.port());
    reach_starttls(client);
    EXPECT_FALSE(client.start_tls());
    EXPECT_EQ(client.read_error(), ECONNRESET);
    client.leave();
    EXPECT_EQ(live.record().end, End::server_closed);
  }
}

TEST(Reactions, ServerHelloComesAloneBeforeTheClose) {
  LiveServer live(reacting(Point::handshake, then("close-after-server-hello")));
  TestClient client(live.port());
  reach_starttls(client);
  EXPECT_FALSE(client.start_tls());
  EXPECT_EQ(client.read_error(), 0);
  EXPECT_EQ(client.channel().negotiated().version, "TLSv1.3");
  EXPECT_FALSE(client.channel().certificate_message_seen());
}

TEST(Reactions, AlertComesInsteadOfTheServerHello) {
  LiveServer live(reacting(Point::handshake, then("alert:112")));
  TestClient client(live.port());
  reach_starttls(client);
  EXPECT_FALSE(client.start_tls("mx.example.test"));
  EXPECT_THAT(client.channel().alerts(),
              ElementsAre(tls::AlertSeen{tls::Direction::received, 2, 112}));
  client.leave();
  EXPECT_THAT(live.record().alerts, ElementsAre(tls::AlertSeen{tls::Direction::sent, 2, 112}));
}

TEST(Reactions, SilenceLastsUntilTheClientLeaves) {
  LiveServer live(reacting(Point::handshake, then("silence")));
  {
    TestClient client(live.port());
    reach_starttls(client);
  }
  const ConnectionRecord record = live.record();
  EXPECT_EQ(record.end, End::client_closed);
  EXPECT_EQ(record.reached, Point::handshake);
}

TEST(Reactions, PlaintextComesAfterThe220) {
  LiveServer live(reacting(Point::starttls, then("plaintext-after-220")));
  TestClient client(live.port());
  reach_starttls(client);
  EXPECT_FALSE(client.start_tls("mx.example.test"));
  client.leave();
  const ConnectionRecord record = live.record();
  ASSERT_NE(record.client_hello, std::nullopt);
  EXPECT_EQ(record.client_hello->sni, "mx.example.test");
  EXPECT_FALSE(record.handshake_done);
}

TEST(Reactions, InjectedReplyStandsInTheSameSegmentAsThe220) {
  Reaction injecting;
  injecting.raw = "220 go ahead\r\n250 injected\r\n";
  LiveServer live(reacting(Point::starttls, injecting));
  TestClient client(live.port());
  client.reply();
  client.criteria_for("EHLO me");
  EXPECT_EQ(client.criteria_for("STARTTLS"), "220 go ahead\r\n");
  EXPECT_EQ(client.reply(), "250 injected\r\n");
  EXPECT_TRUE(client.start_tls());
}

TEST(Reactions, RawBytesStandInTheServerHellosPlace) {
  Reaction garbage;
  garbage.raw = "no TLS here\r\n";
  LiveServer live(reacting(Point::handshake, garbage));
  TestClient client(live.port());
  reach_starttls(client);
  EXPECT_FALSE(client.start_tls());
  client.leave();
  EXPECT_EQ(live.record().end, End::server_closed);
}

TEST(Reactions, CloseUnderTlsWithAndWithoutItsNotice) {
  struct Row {
    const char* action;
    std::size_t alerts;
  };
  for (const Row& row : {Row{"close", 1}, Row{"close-without-notify", 0}}) {
    SCOPED_TRACE(row.action);
    Conversation conversation = honest_conversation();
    conversation.on_tls[Point::ehlo] = then(row.action);
    LiveServer live(listener(conversation, TlsMode::implicit));
    TestClient client(live.port());
    ASSERT_TRUE(client.start_tls());
    client.reply();
    EXPECT_THAT(client.criteria_for("EHLO me"), StartsWith("250-"));
    EXPECT_EQ(client.rest(), "");
    EXPECT_THAT(client.channel().alerts(), SizeIs(row.alerts));
  }
}

TEST(Reactions, FloodEndsWhenTheClientLeaves) {
  for (const char* action : {"flood-lines", "flood-octets"}) {
    LiveServer live(reacting(Point::ehlo, then(action)));
    {
      TestClient client(live.port());
      client.reply();
      EXPECT_THAT(client.criteria_for("EHLO me"), StartsWith("250-"));
    }
    EXPECT_THAT(live.record().commands, SizeIs(1));
  }
}

TEST(Reactions, ComeInTheOrderOfConnections) {
  Listener overlaid = listener(honest_conversation());
  Conversation busy = honest_conversation();
  busy.on[Point::connect].reply = {"421 4.3.2 Too busy"};
  overlaid.behaviour.connections = {busy, honest_conversation()};
  {
    LiveServer live(overlaid);
    EXPECT_THAT(TestClient(live.port()).reply(), StartsWith("421 "));
    EXPECT_THAT(TestClient(live.port()).reply(), StartsWith("220 "));
    EXPECT_THAT(TestClient(live.port()).reply(), StartsWith("220 "));
  }
  overlaid.behaviour.cycle = true;
  LiveServer live(overlaid);
  EXPECT_THAT(TestClient(live.port()).reply(), StartsWith("421 "));
  EXPECT_THAT(TestClient(live.port()).reply(), StartsWith("220 "));
  EXPECT_THAT(TestClient(live.port()).reply(), StartsWith("421 "));
}

}  // namespace
}  // namespace badmx::server
