#include "server/smtp/session.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace badmx::server {
namespace {

using net::Layer;
using smtp::Point;
using smtp::TlsMode;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using ::testing::IsEmpty;
using ::testing::Not;
using ::testing::StartsWith;

constexpr std::size_t message_limit = 10485760;

Conversation honest_server() {
  Conversation conversation;
  conversation.hostname = "mx.example.test";
  return conversation;
}

Reaction replies(std::string line) {
  Reaction reaction;
  reaction.reply = {std::move(line)};
  return reaction;
}

// The answers' codes to commands given one after the other.
std::vector<int> codes(Session& session, const std::vector<std::string>& lines) {
  std::vector<int> all;
  for (const std::string& line : lines) all.push_back(reply_code(session.command(line).bytes));
  return all;
}

TEST(Session, GreetsWithItsHostName) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(session.greet().bytes, "220 mx.example.test ESMTP badmx\r\n");
}

TEST(Session, AnswersEhloWithItsCapabilitiesAndStarttlsLast) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  session.greet();
  EXPECT_EQ(session.command("EHLO client.example.test").bytes,
            "250-mx.example.test\r\n250-PIPELINING\r\n250-SIZE 10485760\r\n250-8BITMIME\r\n"
            "250-ENHANCEDSTATUSCODES\r\n250 STARTTLS\r\n");
}

TEST(Session, AnswersEhloInOneLineWhereThereIsNothingToOffer) {
  Conversation conversation = honest_server();
  conversation.capabilities.emplace();
  conversation.offer_starttls = false;
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(session.command("ehlo me").bytes, "250 mx.example.test\r\n");
}

TEST(Session, OffersNoStarttlsUnderTls) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  session.secured();
  EXPECT_THAT(session.command("EHLO me").bytes, Not(HasSubstr("STARTTLS")));
  EXPECT_THAT(session.command("STARTTLS").bytes, StartsWith("503 "));
}

TEST(Session, KeepsTheOrderOfCommands) {
  struct Row {
    std::vector<std::string> lines;
    std::vector<int> codes;
  };
  const Row rows[] = {
      {{"MAIL FROM:<a@b.test>"}, {503}},
      {{"EHLO me", "RCPT TO:<a@b.test>"}, {250, 503}},
      {{"EHLO me", "DATA"}, {250, 503}},
      {{"EHLO me", "MAIL FROM:<>", "DATA"}, {250, 250, 503}},
      {{"EHLO me", "MAIL FROM:<>", "MAIL FROM:<>"}, {250, 250, 503}},
      {{"HELO me", "MAIL FROM:<>", "RCPT TO:<a@b.test>", "DATA"}, {250, 250, 250, 354}},
      {{"EHLO me", "MAIL FROM:<>", "RSET", "RCPT TO:<a@b.test>"}, {250, 250, 250, 503}},
      {{"EHLO me", "MAIL FROM:<>", "RSET", "MAIL FROM:<>"}, {250, 250, 250, 250}},
      {{"EHLO me", "MAIL FROM:<>", "EHLO me", "RCPT TO:<a@b.test>"}, {250, 250, 250, 503}},
      {{"STARTTLS"}, {503}},
      {{"EHLO me", "STARTTLS now"}, {250, 501}},
      {{"EHLO", "HELO"}, {501, 501}},
      {{"EHLO me", "MAIL TO:<a@b.test>", "MAIL"}, {250, 501, 501}},
      {{"EHLO me", "MAIL FROM:<>", "RCPT TO:<>"}, {250, 250, 501}},
      {{"EHLO me", "MAIL FROM:<> BODY=8BITMIME SIZE=10485761"}, {250, 552}},
      {{"EHLO me", "MAIL FROM:<> BODY=8BITMIME SIZE=10485760"}, {250, 250}},
      {{"NOOP", "VRFY me", "HELP", "EXPN all", "BDAT 1 LAST", "GET / HTTP/1.1", ""},
       {250, 252, 214, 502, 502, 500, 500}},
      {{"EHLO me", "AUTH PLAIN AGEAYg=="}, {250, 502}},
  };
  for (const Row& row : rows) {
    SCOPED_TRACE(::testing::PrintToString(row.lines));
    const Conversation conversation = honest_server();
    Session session(conversation, TlsMode::starttls, message_limit);
    session.greet();
    EXPECT_EQ(codes(session, row.lines), row.codes);
  }
}

TEST(Session, RefusesStarttlsItDoesNotOffer) {
  Conversation conversation = honest_server();
  Session plain(conversation, TlsMode::plain, message_limit);
  plain.command("EHLO me");
  EXPECT_THAT(plain.command("STARTTLS").bytes, StartsWith("502 "));

  conversation.offer_starttls = false;
  Session hidden(conversation, TlsMode::starttls, message_limit);
  hidden.command("EHLO me");
  EXPECT_THAT(hidden.command("STARTTLS").bytes, StartsWith("502 "));
}

TEST(Session, ForgetsEverythingOnceTlsIsUp) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  session.greet();
  EXPECT_EQ(codes(session, {"EHLO me", "MAIL FROM:<a@b.test>", "RCPT TO:<c@d.test>"}),
            (std::vector<int>{250, 250, 250}));
  const Step starttls = session.command("STARTTLS");
  EXPECT_EQ(starttls.bytes, "220 2.0.0 Ready to start TLS\r\n");
  EXPECT_EQ(starttls.next, Next::start_tls);
  const Step silent = session.secured();
  EXPECT_THAT(silent.bytes, IsEmpty());
  EXPECT_EQ(silent.next, Next::command);
  EXPECT_EQ(session.layer(), Layer::tls);
  EXPECT_EQ(session.envelope(), Envelope());
  EXPECT_EQ(codes(session, {"RCPT TO:<c@d.test>", "MAIL FROM:<a@b.test>"}),
            (std::vector<int>{503, 503}));
}

TEST(Session, GreetsUnderTlsWhereTlsComesFirst) {
  Conversation conversation = honest_server();
  conversation.on_tls[Point::connect] = replies("220 hello under TLS");
  conversation.on[Point::connect] = replies("220 hello in clear");
  Session session(conversation, TlsMode::implicit, message_limit);
  EXPECT_EQ(session.secured().bytes, "220 hello under TLS\r\n");
}

TEST(Session, SaysUnaskedAfterStarttlsWhatConnectUnderTlsHas) {
  Conversation conversation = honest_server();
  conversation.on_tls[Point::connect] = replies("220 once more");
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(session.secured().bytes, "220 once more\r\n");
}

TEST(Session, TakesAMessageAndRemembersItsLayer) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  codes(session,
        {"EHLO me", "mail from: a@b.test SIZE=3", "rcpt to:<c@d.test>", "RCPT TO:<e@f.test>"});
  EXPECT_EQ(session.command("DATA").next, Next::message);
  EXPECT_EQ(session.envelope().from, "a@b.test");
  EXPECT_THAT(session.envelope().to, ElementsAre("c@d.test", "e@f.test"));
  EXPECT_EQ(session.delivered(), Delivered::no);
  EXPECT_THAT(session.message(MessageFate::whole).bytes, StartsWith("250 "));
  EXPECT_EQ(session.delivered(), Delivered::in_clear);
  EXPECT_EQ(codes(session, {"RCPT TO:<e@f.test>", "MAIL FROM:<>"}), (std::vector<int>{503, 250}));
}

TEST(Session, DoesNotCountAMessageThatItRefused) {
  Conversation conversation = honest_server();
  conversation.on_tls[Point::message] = replies("550 5.7.1 no");
  Session session(conversation, TlsMode::starttls, message_limit);
  session.secured();
  codes(session, {"EHLO me", "MAIL FROM:<>", "RCPT TO:<e@f.test>", "DATA"});
  EXPECT_EQ(session.message(MessageFate::whole).bytes, "550 5.7.1 no\r\n");
  EXPECT_EQ(session.delivered(), Delivered::no);

  Session other(conversation, TlsMode::starttls, message_limit);
  codes(other, {"EHLO me", "MAIL FROM:<>", "RCPT TO:<e@f.test>", "DATA"});
  EXPECT_THAT(other.message(MessageFate::too_long).bytes, StartsWith("552 "));
  EXPECT_EQ(other.delivered(), Delivered::no);
}

TEST(Session, ClearTextDeliveryOutweighsALaterOneUnderTls) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  const std::vector<std::string> lines = {"EHLO me", "MAIL FROM:<>", "RCPT TO:<e@f.test>", "DATA"};
  codes(session, lines);
  session.message(MessageFate::whole);
  session.secured();
  codes(session, lines);
  session.message(MessageFate::whole);
  EXPECT_EQ(session.delivered(), Delivered::in_clear);
}

TEST(Session, ClosesAfterQuit) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  const Step step = session.command("QUIT");
  EXPECT_THAT(step.bytes, StartsWith("221 "));
  EXPECT_EQ(step.next, Next::close);
  EXPECT_EQ(step.end, End::quit);
}

struct AuthRow {
  std::string capability;
  std::string command;
  std::vector<std::string> responses;
  std::vector<int> codes;
  Auth auth;
};

TEST(Session, TakesAnyCredentialsOfAnOfferedMechanism) {
  const AuthRow rows[] = {
      {"AUTH PLAIN LOGIN", "AUTH PLAIN AGEAYg==", {}, {235}, Auth::in_clear},
      {"AUTH PLAIN LOGIN", "auth plain", {"AGEAYg=="}, {334, 235}, Auth::in_clear},
      {"AUTH PLAIN LOGIN", "AUTH LOGIN", {"YQ==", "Yg=="}, {334, 334, 235}, Auth::in_clear},
      {"AUTH PLAIN LOGIN", "AUTH LOGIN YQ==", {"Yg=="}, {334, 235}, Auth::in_clear},
      {"AUTH PLAIN LOGIN", "AUTH PLAIN", {"*"}, {334, 501}, Auth::none},
      {"AUTH PLAIN", "AUTH LOGIN", {}, {504}, Auth::none},
      {"AUTH=PLAIN", "AUTH PLAIN", {"AGEAYg=="}, {334, 235}, Auth::in_clear},
      {"AUTH PLAIN", "AUTH", {}, {501}, Auth::none},
      // Refused, but the secret is out all the same.
      {"SIZE", "AUTH PLAIN AGEAYg==", {}, {502}, Auth::in_clear},
  };
  for (const AuthRow& row : rows) {
    SCOPED_TRACE(row.capability + ": " + row.command);
    Conversation conversation = honest_server();
    conversation.capabilities = {row.capability};
    Session session(conversation, TlsMode::starttls, message_limit);
    session.command("EHLO me");
    Step step = session.command(row.command);
    std::vector<int> got = {reply_code(step.bytes)};
    for (const std::string& response : row.responses) {
      EXPECT_EQ(step.next, Next::auth_response);
      step = session.auth_response(response);
      got.push_back(reply_code(step.bytes));
    }
    EXPECT_EQ(got, row.codes);
    EXPECT_EQ(step.next, Next::command);
    EXPECT_EQ(session.auth(), row.auth);
  }
}

TEST(Session, ReactsInTheLayerThatTheReactionIsFor) {
  Conversation conversation = honest_server();
  conversation.on[Point::mail] = replies("530 5.7.0 Must issue a STARTTLS command first");
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(codes(session, {"EHLO me", "MAIL FROM:<>"}), (std::vector<int>{250, 530}));
  session.secured();
  EXPECT_EQ(codes(session, {"EHLO me", "MAIL FROM:<>"}), (std::vector<int>{250, 250}));
}

TEST(Session, ReactsTheFirstTimesOnly) {
  Conversation conversation = honest_server();
  Reaction reaction = replies("454 4.7.0 TLS not available");
  reaction.times = 2;
  conversation.on[Point::starttls] = reaction;
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(codes(session, {"EHLO me", "STARTTLS", "STARTTLS", "STARTTLS", "STARTTLS"}),
            (std::vector<int>{250, 454, 454, 220, 220}));
}

TEST(Session, GoesByTheAnswerThatWasGiven) {
  Conversation conversation = honest_server();
  conversation.on[Point::starttls] = replies("454 4.7.0 TLS not available");
  conversation.on[Point::data] = replies("250 fine");
  conversation.on[Point::ehlo] = replies("502 no");
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(session.command("EHLO me").bytes, "502 no\r\n");
  EXPECT_THAT(session.command("MAIL FROM:<>").bytes, StartsWith("503 "));
  EXPECT_EQ(session.command("STARTTLS").next, Next::command);
  EXPECT_EQ(session.command("DATA").next, Next::command);

  conversation.offer_starttls = false;
  conversation.on[Point::starttls] = replies("220 hidden, but it works");
  Session hidden(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(hidden.command("STARTTLS").next, Next::start_tls);
}

TEST(Session, ClosesAfter421AndServesOnlyQuitAfter554) {
  Conversation conversation = honest_server();
  conversation.on[Point::connect] = replies("421 4.3.2 Too busy");
  Session busy(conversation, TlsMode::starttls, message_limit);
  const Step step = busy.greet();
  EXPECT_EQ(step.next, Next::close);
  EXPECT_EQ(step.end, End::server_closed);

  conversation.on[Point::connect] = replies("554 5.7.1 Go away");
  Session refusing(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(refusing.greet().next, Next::command);
  EXPECT_EQ(codes(refusing, {"EHLO me", "NOOP", "QUIT"}), (std::vector<int>{503, 503, 221}));
}

TEST(Session, SendsRawBytesAsTheyAre) {
  Conversation conversation = honest_server();
  conversation.on[Point::starttls].raw = "220 go\r\n250 injected\r\n";
  conversation.on[Point::noop].raw = "";
  Session session(conversation, TlsMode::starttls, message_limit);
  const Step step = session.command("STARTTLS");
  EXPECT_EQ(step.bytes, "220 go\r\n250 injected\r\n");
  EXPECT_EQ(step.next, Next::start_tls);
  EXPECT_THAT(session.command("NOOP").bytes, IsEmpty());
}

TEST(Session, HandsOnDelayDripAndAction) {
  Conversation conversation = honest_server();
  Reaction reaction;
  reaction.delay = std::chrono::milliseconds(20);
  reaction.drip = std::chrono::milliseconds(3);
  reaction.then = "close";
  conversation.on[Point::rset] = reaction;
  Session session(conversation, TlsMode::starttls, message_limit);
  const Step step = session.command("RSET");
  EXPECT_EQ(step.bytes, "250 2.0.0 Ok\r\n");
  EXPECT_EQ(step.delay, std::chrono::milliseconds(20));
  EXPECT_EQ(step.drip, std::chrono::milliseconds(3));
  EXPECT_EQ(step.then, "close");
}

TEST(Session, WritesALongReplyLineByLine) {
  Conversation conversation = honest_server();
  Reaction reaction;
  reaction.reply = {"250-mx.example.test", "250-XXXXXXXA", "250 8BITMIME"};
  conversation.on[Point::ehlo] = reaction;
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_EQ(session.command("EHLO me").bytes,
            "250-mx.example.test\r\n250-XXXXXXXA\r\n250 8BITMIME\r\n");
}

TEST(Session, BoundsCommandsAndRecipients) {
  const Conversation conversation = honest_server();
  Session session(conversation, TlsMode::starttls, message_limit);
  EXPECT_THAT(session.command(std::string(12289, 'x')).bytes, StartsWith("500 "));
  codes(session, {"EHLO me", "MAIL FROM:<>"});
  for (int recipient = 0; recipient < 1000; ++recipient) session.command("RCPT TO:<a@b.test>");
  EXPECT_THAT(session.command("RCPT TO:<a@b.test>").bytes, StartsWith("452 "));
  EXPECT_EQ(session.envelope().to.size(), 1000U);
  Step step;
  for (int command = 0; command < 10000; ++command) step = session.command("NOOP");
  EXPECT_THAT(step.bytes, StartsWith("421 "));
  EXPECT_EQ(step.next, Next::close);
  EXPECT_EQ(step.end, End::limit_exceeded);
}

TEST(Session, HandshakeTakesTheReactionOfTheChosenServer) {
  const Conversation first = honest_server();
  Conversation chosen = honest_server();
  chosen.on[Point::handshake].then = "reset";
  Session session(first, TlsMode::starttls, message_limit);
  EXPECT_THAT(session.handshake(first).then, IsEmpty());
  EXPECT_EQ(session.handshake(chosen).then, "reset");
}

TEST(ReplyCode, IsReadFromTheFirstThreeOctets) {
  EXPECT_EQ(reply_code("250-x"), 250);
  EXPECT_EQ(reply_code("220"), 220);
  EXPECT_EQ(reply_code(""), 0);
  EXPECT_EQ(reply_code("25"), 0);
  EXPECT_EQ(reply_code("25x ok"), 0);
  EXPECT_EQ(reply_code("-25 ok"), 0);
  EXPECT_EQ(reply_code(std::string(3, '\0')), 0);
}

}  // namespace
}  // namespace badmx::server
