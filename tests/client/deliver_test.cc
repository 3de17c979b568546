// Our own sender against our own server, honest but for one point.
#include "client/deliver.h"

#include "tests/server/smtp/live_server.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <map>
#include <string>
#include <utility>
#include <vector>

namespace badmx::client {
namespace {

using server::Conversation;
using server::Delivered;
using server::Reaction;
using server::testing::honest_conversation;
using server::testing::listener;
using server::testing::LiveServer;
using smtp::Point;
using smtp::TlsMode;
using ::testing::Contains;
using ::testing::HasSubstr;
using ::testing::SizeIs;

Order order_to(const LiveServer& live, Channel channel) {
  Order order;
  order.address = "127.0.0.1";
  order.port = live.port();
  order.channel = channel;
  order.sni = "mx.example.test";
  order.from = "a@example.test";
  order.to = "b@example.test";
  order.text = "Subject: one\r\n\r\nText.\r\n";
  return order;
}

Delivery deliver(const Order& order) { return deliver_all({&order, 1}, 1).front(); }

Reaction answer(std::string line) {
  Reaction reaction;
  reaction.reply = {std::move(line)};
  return reaction;
}

Reaction then(std::string action) {
  Reaction reaction;
  reaction.raw = "";
  reaction.then = std::move(action);
  return reaction;
}

TEST(Deliver, GetsAMessageThroughByEitherChannel) {
  for (const auto& [channel, layer] : {std::pair(Channel::cleartext, Delivered::in_clear),
                                       std::pair(Channel::tls, Delivered::under_tls)}) {
    LiveServer live(honest_conversation());
    EXPECT_EQ(deliver(order_to(live, channel)).end, DeliveryEnd{});
    EXPECT_EQ(live.record().delivered, layer);
    EXPECT_EQ(live.record().end, server::End::quit);
  }
}

TEST(Deliver, GetsAMessageThroughUnderImplicitTls) {
  LiveServer live(listener(honest_conversation(), TlsMode::implicit));
  Order order = order_to(live, Channel::tls);
  order.tls = TlsMode::implicit;
  EXPECT_EQ(deliver(order).end, DeliveryEnd{});
  EXPECT_EQ(live.record().delivered, Delivered::under_tls);
}

TEST(Deliver, StuffsDots) {
  LiveServer live(honest_conversation());
  Order order = order_to(live, Channel::tls);
  order.text = "Subject: dots\r\n\r\n.\r\n..two\r\nno end";
  EXPECT_EQ(deliver(order).end, DeliveryEnd{});
  live.record();
  EXPECT_EQ(live.server().messages().at(0).text, "Subject: dots\r\n\r\n.\r\n..two\r\nno end\r\n");
}

// RFC 5321 4.2.1: class 5 is for good, class 4 for now.
TEST(Deliver, SaysWhereItWasTurnedAway) {
  for (const Point point : {Point::mail, Point::rcpt, Point::data, Point::message}) {
    Conversation conversation = honest_conversation();
    conversation.on_tls[point] = answer("550 5.7.1 Not you");
    conversation.on[point] = answer("451 4.3.0 Not now");
    LiveServer live(conversation);
    const Delivery refused = deliver(order_to(live, Channel::tls));
    EXPECT_EQ(refused.end, (DeliveryEnd{Fate::rejected, point}));
    EXPECT_EQ(refused.reply, "550 5.7.1 Not you");
    EXPECT_EQ(deliver(order_to(live, Channel::cleartext)).end,
              (DeliveryEnd{Fate::deferred, point}));
  }
}

TEST(Deliver, SaysWhereItWasLost) {
  for (const Point point : {Point::mail, Point::rcpt, Point::data, Point::message}) {
    for (const char* action : {"close", "reset"}) {
      Conversation conversation = honest_conversation();
      conversation.on_tls[point] = then(action);
      LiveServer live(conversation);
      const Delivery lost = deliver(order_to(live, Channel::tls));
      EXPECT_EQ(lost.end, (DeliveryEnd{Fate::lost, point})) << action;
      EXPECT_FALSE(lost.error.empty());
      EXPECT_EQ(lost.reply, "");
    }
  }
}

TEST(Deliver, TakesNoAnswerInTimeForALoss) {
  Conversation conversation = honest_conversation();
  conversation.on_tls[Point::rcpt] = then("silence");
  LiveServer live(conversation);
  Order order = order_to(live, Channel::tls);
  order.waits[Point::rcpt] = std::chrono::milliseconds(50);
  EXPECT_EQ(deliver(order).end, (DeliveryEnd{Fate::lost, Point::rcpt}));
}

TEST(Deliver, LosesTheTlsChannelWhereTlsDoesNotComeAbout) {
  Conversation without = honest_conversation();
  without.offer_starttls = false;
  LiveServer plain(without);
  EXPECT_EQ(deliver(order_to(plain, Channel::tls)).end, (DeliveryEnd{Fate::lost, Point::starttls}));

  Conversation refusing = honest_conversation();
  refusing.on[Point::starttls] = answer("454 4.7.0 TLS not available");
  LiveServer refused(refusing);
  EXPECT_EQ(deliver(order_to(refused, Channel::tls)).end,
            (DeliveryEnd{Fate::deferred, Point::starttls}));

  Conversation broken = honest_conversation();
  broken.on[Point::handshake] = then("alert:40");
  LiveServer alerting(broken);
  EXPECT_EQ(deliver(order_to(alerting, Channel::tls)).end,
            (DeliveryEnd{Fate::lost, Point::handshake}));
}

TEST(Deliver, TakesAReplyOfTheWrongClassForALoss) {
  Conversation conversation = honest_conversation();
  conversation.on_tls[Point::data] = answer("250 2.0.0 Ok");
  LiveServer live(conversation);
  EXPECT_EQ(deliver(order_to(live, Channel::tls)).end, (DeliveryEnd{Fate::lost, Point::data}));
}

// RFC 5321 3.2.
TEST(Deliver, SaysHeloWhereEhloIsRefused) {
  Conversation conversation = honest_conversation();
  conversation.on[Point::ehlo] = answer("502 5.5.1 Command not implemented");
  LiveServer live(conversation);
  EXPECT_EQ(deliver(order_to(live, Channel::cleartext)).end, DeliveryEnd{});
  EXPECT_EQ(deliver(order_to(live, Channel::tls)).end, (DeliveryEnd{Fate::lost, Point::starttls}));
}

TEST(Deliver, VisitsFurtherPointsOnceTheFateIsKnown) {
  Conversation conversation = honest_conversation();
  for (const Point point : {Point::helo, Point::auth, Point::rset, Point::noop, Point::unknown}) {
    conversation.on_tls[point] = answer("500 5.5.1 No");
  }
  LiveServer live(conversation);
  Order order = order_to(live, Channel::tls);
  order.afterwards = {Point::helo, Point::auth, Point::rset, Point::noop, Point::unknown};
  EXPECT_EQ(deliver(order).end, DeliveryEnd{});
  for (const char* key :
       {"on-tls.helo", "on-tls.auth", "on-tls.rset", "on-tls.noop", "on-tls.unknown"}) {
    EXPECT_THAT(live.record().met, Contains(key));
  }
}

TEST(Deliver, ComesBackForWhatASessionLeftUnsaid) {
  Conversation conversation = honest_conversation();
  conversation.on_tls[Point::auth] = answer("334 Y2hhbGxlbmdl");
  conversation.on_tls[Point::rset] = answer("421 4.7.0 Enough");
  conversation.on_tls[Point::noop] = then("close");
  conversation.on_tls[Point::unknown] = answer("500 5.5.1 No");
  LiveServer live(conversation);
  Order order = order_to(live, Channel::tls);
  order.afterwards = {Point::auth, Point::rset, Point::noop, Point::unknown};
  EXPECT_EQ(deliver(order).end, DeliveryEnd{});
  std::vector<std::string> met;
  int messages = 0;
  for (const server::ConnectionRecord& record : live.records(3)) {
    met.insert(met.end(), record.met.begin(), record.met.end());
    messages += record.messages;
  }
  for (const char* key : {"on-tls.auth", "on-tls.rset", "on-tls.noop", "on-tls.unknown"}) {
    EXPECT_THAT(met, Contains(key));
  }
  EXPECT_EQ(messages, 1);
}

TEST(Deliver, KeepsToTheOrdersOrder) {
  LiveServer live(honest_conversation());
  Order nobody = order_to(live, Channel::tls);
  nobody.address = "not an address";
  const std::vector<Order> orders{order_to(live, Channel::tls), nobody,
                                  order_to(live, Channel::cleartext)};
  const std::vector<Delivery> deliveries = deliver_all(orders, 2);
  ASSERT_THAT(deliveries, SizeIs(3));
  EXPECT_EQ(deliveries[0].end, DeliveryEnd{});
  EXPECT_EQ(deliveries[1].end, (DeliveryEnd{Fate::lost, Point::connect}));
  EXPECT_EQ(deliveries[2].end, DeliveryEnd{});
}

}  // namespace
}  // namespace badmx::client
