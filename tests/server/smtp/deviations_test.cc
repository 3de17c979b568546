// Which deviations of a server a client met, as the record of its connection says.
#include "server/smtp/deviations.h"

#include "tests/server/smtp/live_server.h"
#include "tests/server/smtp/test_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string>
#include <utility>
#include <vector>

namespace badmx::server {
namespace {

using net::Layer;
using smtp::Point;
using ::testing::Contains;
using ::testing::ElementsAre;
using testing::honest_conversation;
using ::testing::IsEmpty;
using testing::LiveServer;
using ::testing::Not;
using testing::TestClient;

Reaction answer(std::string line) {
  Reaction reaction;
  reaction.reply = {std::move(line)};
  return reaction;
}

void go_under_tls(TestClient& client, const tls::ClientSetup& setup = {}) {
  client.reply();
  client.criteria_for("EHLO me");
  client.criteria_for("STARTTLS");
  client.start_tls("mx.example.test", setup);
}

void say_ehlo(std::uint16_t port) {
  TestClient client(port);
  client.reply();
  client.criteria_for("EHLO me");
  client.criteria_for("QUIT");
}

// In the order of the connections, not of their ends.
std::vector<ConnectionRecord> records_of(const LiveServer& live, std::size_t count) {
  std::vector<ConnectionRecord> records = live.records(count);
  std::ranges::sort(records, {}, &ConnectionRecord::number);
  return records;
}

TEST(Deviations, OfAnHonestServerAreNone) {
  EXPECT_THAT(deviations(honest_conversation()), IsEmpty());
}

TEST(Deviations, AreNamedByTheKeysOfAScenario) {
  Conversation conversation = honest_conversation();
  conversation.capabilities.emplace();
  conversation.offer_starttls = false;
  conversation.tls = {.versions = {"1.2"},
                      .ciphers = "ALL",
                      .groups = {"P-256"},
                      .client_certificate = ClientCertificate::request,
                      .client_ca_names = {"CN=a"},
                      .staple = {1},
                      .tickets = 1};
  conversation.on[Point::mail] = answer("550 no");
  conversation.on_tls[Point::message] = answer("550 no");
  EXPECT_THAT(deviations(conversation),
              ElementsAre("capabilities", "offer_starttls", "tls.versions", "tls.ciphers",
                          "tls.groups", "tls.client_certificate", "tls.client_ca_names",
                          "tls.staple", "tls.tickets", "on.mail", "on-tls.message"));
}

TEST(Deviations, OfADialogueAreMetAtTheirPointInTheirLayer) {
  for (const Point point : {Point::mail, Point::rset, Point::noop, Point::unknown}) {
    Conversation conversation = honest_conversation();
    conversation.on_tls[point] = answer("550 5.7.1 No");
    LiveServer live(conversation);
    const std::string command =
        point == Point::mail ? "MAIL FROM:<>" : std::string(smtp::name(point));
    {
      TestClient client(live.port());
      client.reply();
      client.criteria_for("EHLO me");
      client.criteria_for(command);
    }
    {
      TestClient client(live.port());
      go_under_tls(client);
      client.criteria_for("EHLO me");
      client.criteria_for(command);
    }
    const std::vector<ConnectionRecord> records = records_of(live, 2);
    EXPECT_THAT(records.at(0).met, Not(Contains(reaction_key(Layer::tls, point))));
    EXPECT_THAT(records.at(1).met, Contains(reaction_key(Layer::tls, point)));
  }
}

TEST(Deviations, ThatAreThereForTheFirstTimeOnlyAreMetOnce) {
  Conversation conversation = honest_conversation();
  Reaction once = answer("451 4.3.0 Later");
  once.times = 1;
  conversation.on[Point::noop] = once;
  LiveServer live(conversation);
  TestClient client(live.port());
  client.reply();
  client.criteria_for("NOOP");
  client.criteria_for("NOOP");
  client.criteria_for("QUIT");
  EXPECT_THAT(live.record().met, ElementsAre("on.noop"));
}

TEST(Deviations, OfTheEhloAnswerAreMetWhereItIsTheServersOwn) {
  Conversation conversation = honest_conversation();
  conversation.capabilities = std::vector<std::string>{"SIZE 1"};
  conversation.offer_starttls = false;
  LiveServer honest(conversation);
  say_ehlo(honest.port());
  EXPECT_THAT(honest.record().met, ElementsAre("capabilities", "offer_starttls"));

  conversation.on[Point::ehlo] = answer("250 something else");
  LiveServer other(conversation);
  say_ehlo(other.port());
  EXPECT_THAT(other.record().met, ElementsAre("on.ehlo"));
}

TEST(Deviations, OfCiphersAreNotMetUnderTls13) {
  Conversation conversation = honest_conversation();
  conversation.tls.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  LiveServer live(conversation);
  for (const char* version : {"1.3", "1.2"}) {
    TestClient client(live.port());
    go_under_tls(client, {.versions = {version}});
  }
  const std::vector<ConnectionRecord> records = records_of(live, 2);
  EXPECT_THAT(records.at(0).met, Not(Contains("tls.ciphers")));
  EXPECT_THAT(records.at(1).met, Contains("tls.ciphers"));
}

TEST(Deviations, ThatNeedSomethingOfTheClientsAreNotMetWithoutIt) {
  Conversation conversation = honest_conversation();
  conversation.on[Point::starttls].then = "obey-pipelined";
  conversation.tls.client_ca_names = {"CN=nobody asks"};
  LiveServer live(conversation);
  {
    TestClient client(live.port());
    go_under_tls(client);
  }
  TestClient client(live.port());
  client.reply();
  client.criteria_for("EHLO me");
  client.criteria_for("STARTTLS\r\nRSET");
  client.start_tls("mx.example.test");
  client.leave();
  const std::vector<ConnectionRecord> records = records_of(live, 2);
  EXPECT_THAT(records.at(0).met, ElementsAre("identity"));
  EXPECT_THAT(records.at(1).met, ElementsAre("identity", "on.starttls"));
}

TEST(Deviations, OfIdentitiesAreMetByWhoIsShownThem) {
  Conversation conversation = honest_conversation();
  conversation.identities.resize(2);
  conversation.identities[0].sni = SniCondition::present;
  conversation.identities[1].identity = testing::rsa_identity();
  conversation.identities[1].sni = SniCondition::absent;
  LiveServer live(conversation);
  for (const char* name : {"mx.example.test", ""}) {
    TestClient client(live.port());
    client.reply();
    client.criteria_for("EHLO me");
    client.criteria_for("STARTTLS");
    client.start_tls(name);
  }
  const std::vector<ConnectionRecord> records = records_of(live, 2);
  EXPECT_THAT(records.at(0).met, ElementsAre("identity[1]"));
  EXPECT_THAT(records.at(1).met, ElementsAre("identity[2]"));
}

TEST(Deviations, AreOfTheConnectionThatHeld) {
  Conversation first = honest_conversation();
  first.on[Point::connect] = answer("421 4.3.2 Busy");
  Conversation second = honest_conversation();
  second.on[Point::connect] = answer("220 Here again");
  Listener both = testing::listener(first);
  both.behaviour.connections.push_back(second);
  LiveServer live(both);
  TestClient(live.port()).reply();
  TestClient(live.port()).reply();
  TestClient(live.port()).reply();
  const std::vector<ConnectionRecord> records = records_of(live, 3);
  EXPECT_EQ(records.at(0).conversation, 0U);
  EXPECT_EQ(records.at(1).conversation, 1U);
  EXPECT_EQ(records.at(2).conversation, 1U);
  EXPECT_THAT(records.at(2).met, ElementsAre("on.connect"));
}

}  // namespace
}  // namespace badmx::server
