#include "server/smtp/behaviour.h"

#include <gtest/gtest.h>

namespace badmx::server {
namespace {

using smtp::Point;
using smtp::TlsMode;

Behaviour with(const Conversation& conversation, TlsMode mode = TlsMode::starttls) {
  Behaviour behaviour;
  behaviour.mode = mode;
  behaviour.connections = {conversation};
  return behaviour;
}

TEST(SharedPorts, AreForWhatDeviatesAfterTheClientHello) {
  const Conversation honest;
  EXPECT_TRUE(can_share_port(with(honest)));
  EXPECT_TRUE(can_share_port(with(honest, TlsMode::implicit)));
  EXPECT_FALSE(can_share_port(with(honest, TlsMode::plain)));

  Conversation late = honest;
  late.on[Point::handshake].then = "alert:40";
  late.on_tls[Point::mail].reply = {"530 no"};
  late.tls.versions = {"1.2"};
  EXPECT_TRUE(can_share_port(with(late)));

  Conversation hides = honest;
  hides.offer_starttls = false;
  EXPECT_FALSE(can_share_port(with(hides)));
  EXPECT_TRUE(can_share_port(with(hides, TlsMode::implicit)));

  Conversation refuses = honest;
  refuses.on[Point::starttls].reply = {"454 no"};
  EXPECT_FALSE(can_share_port(with(refuses)));

  Conversation offers_auth = honest;
  offers_auth.capabilities = {"AUTH PLAIN"};
  EXPECT_FALSE(can_share_port(with(offers_auth)));

  Conversation without_name = honest;
  without_name.identities.resize(1);
  without_name.identities.front().sni = SniCondition::absent;
  EXPECT_FALSE(can_share_port(with(without_name)));

  Behaviour second_deviates = with(honest);
  second_deviates.connections.push_back(refuses);
  EXPECT_FALSE(can_share_port(second_deviates));
}

TEST(Connections, LastOneStaysUnlessTheyCycle) {
  Behaviour behaviour;
  behaviour.connections.resize(3);
  behaviour.connections[0].hostname = "one";
  behaviour.connections[1].hostname = "two";
  behaviour.connections[2].hostname = "three";
  EXPECT_EQ(conversation_for(behaviour, 1).hostname, "one");
  EXPECT_EQ(conversation_for(behaviour, 2).hostname, "two");
  EXPECT_EQ(conversation_for(behaviour, 3).hostname, "three");
  EXPECT_EQ(conversation_for(behaviour, 4).hostname, "three");
  behaviour.cycle = true;
  EXPECT_EQ(conversation_for(behaviour, 4).hostname, "one");
  EXPECT_EQ(conversation_for(behaviour, 8).hostname, "two");
  EXPECT_EQ(conversation_for(Behaviour(), 1), Conversation());
}

}  // namespace
}  // namespace badmx::server
