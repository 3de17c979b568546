#include "net/wire.h"

#include "net/smtp/read_reply.h"
#include "net/tls/context.h"
#include "tests/x509/made_identity.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/read.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <exception>
#include <functional>

namespace badmx::net {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;
using std::chrono::milliseconds;
using testing::ElementsAre;

// Two ends of one loopback connection in one thread: the wire that is tested and a raw peer.
class WireTest : public testing::Test {
 protected:
  void SetUp() override {
    tcp::acceptor acceptor(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
    peer_.connect(acceptor.local_endpoint());
    accepted_.emplace(acceptor.accept());
  }

  Wire& wire(WireOptions options = {}) {
    wire_.emplace(std::move(*accepted_), options);
    wire_->expire_after(5s);
    return *wire_;
  }

  void send(std::string_view bytes) { asio::write(peer_, asio::buffer(bytes)); }

  std::string received_by_peer() {
    std::string all;
    asio::error_code code;
    asio::read(peer_, asio::dynamic_buffer(all), code);
    return all;
  }

  template <typename T>
  T result(asio::awaitable<T> coroutine) {
    std::optional<T> value;
    asio::co_spawn(context_, std::move(coroutine), [&](std::exception_ptr failure, T got) {
      if (failure) std::rethrow_exception(failure);
      value = std::move(got);
    });
    context_.restart();
    while (!value && context_.run_one_for(20s) > 0) {
    }
    return std::move(value.value());
  }

  void result(asio::awaitable<void> coroutine) {
    bool done = false;
    asio::co_spawn(context_, std::move(coroutine), [&](std::exception_ptr failure) {
      if (failure) std::rethrow_exception(failure);
      done = true;
    });
    context_.restart();
    while (!done && context_.run_one_for(20s) > 0) {
    }
    EXPECT_TRUE(done);
  }

  asio::io_context context_{1};
  tcp::socket peer_{context_};
  std::optional<tcp::socket> accepted_;
  std::optional<Wire> wire_;
};

asio::awaitable<void> send_every(tcp::socket& peer, std::string bytes, milliseconds between,
                                 int times) {
  asio::steady_timer timer(peer.get_executor());
  asio::error_code code;
  for (int i = 0; i < times && !code; ++i) {
    timer.expires_after(between);
    co_await timer.async_wait(asio::use_awaitable);
    asio::write(peer, asio::buffer(bytes), code);
  }
}

TEST_F(WireTest, ReadsLinesAndKeepsWhatComesBehind) {
  send("220 a\r\n250 b\r\nrest");
  Wire& one = wire();
  EXPECT_EQ(result(one.read_line()).line, "220 a");
  EXPECT_EQ(one.buffered(), "250 b\r\nrest");
  EXPECT_EQ(result(one.read_line()).line, "250 b");
  EXPECT_EQ(one.take_buffered(), "rest");
  EXPECT_EQ(one.layer(), Layer::clear);
}

TEST_F(WireTest, KeepsNuls) {
  send(std::string_view("220 a\0b\r\n", 9));
  EXPECT_EQ(result(wire().read_line()).line, std::string("220 a\0b", 7));
}

TEST_F(WireTest, ALineWithoutEndIsLeftAtItsLimit) {
  const std::string flood(65536, 'x');
  send(flood);
  Wire& one = wire();
  const LineRead read = result(one.read_line());
  EXPECT_EQ(read.status, WireStatus::limit_exceeded);
  EXPECT_EQ(read.line, std::string(4096, 'x'));
  EXPECT_LT(one.octets_read(), 20000U);
}

TEST_F(WireTest, AFloodOfReplyLinesEnds) {
  std::string flood;
  for (int i = 0; i < 1000; ++i) flood += "250-x\r\n";
  send(flood);
  const smtp::ReplyRead read = result(smtp::read_reply(wire(), {}));
  EXPECT_EQ(read.status, WireStatus::limit_exceeded);
  EXPECT_EQ(read.reply.lines.size(), 256U);
}

TEST_F(WireTest, TheWholeIsBounded) {
  WireOptions options;
  options.total = 10000;
  send(std::string(20000, '\n'));
  Wire& one = wire(options);
  LineRead read;
  int lines = 0;
  while (read.status == WireStatus::ok) {
    read = result(one.read_line());
    ++lines;
  }
  EXPECT_EQ(read.status, WireStatus::limit_exceeded);
  EXPECT_LE(lines, 10001);
}

TEST_F(WireTest, ALineThatIsNoReplyIsKept) {
  send("hello\r\n");
  const smtp::ReplyRead read = result(smtp::read_reply(wire(), {}));
  EXPECT_EQ(read.status, WireStatus::ok);
  EXPECT_EQ(read.state, smtp::ReplyState::malformed);
  EXPECT_EQ(read.malformed, "hello");
}

TEST_F(WireTest, SilenceEndsAtTheDeadline) {
  Wire& one = wire();
  one.expire_after(50ms);
  EXPECT_EQ(result(one.read_line()).status, WireStatus::timed_out);
  EXPECT_GE(one.elapsed(), 50ms);
  EXPECT_LT(one.elapsed(), 4s);
}

TEST_F(WireTest, ADeadlineHoldsForTheStepHoweverManyOctetsCome) {
  Wire& one = wire();
  asio::co_spawn(context_, send_every(peer_, "x", 20ms, 50), [](std::exception_ptr) {});
  one.expire_after(200ms);
  const LineRead read = result(one.read_line());
  EXPECT_EQ(read.status, WireStatus::timed_out);
  EXPECT_FALSE(read.line.empty());
  EXPECT_LT(one.elapsed(), 900ms);
}

TEST_F(WireTest, TheDeadlineOfTheWholeOutlivesThoseOfSteps) {
  Wire& one = wire();
  one.expire_all_after(80ms);
  one.expire_after(10s);
  EXPECT_EQ(result(one.read_line()).status, WireStatus::timed_out);
  one.expire_after(10s);
  EXPECT_EQ(result(one.read_line()).status, WireStatus::timed_out);
  EXPECT_LT(one.elapsed(), 4s);
}

TEST_F(WireTest, AfterADeadlineTheNextStepGoesOn) {
  Wire& one = wire();
  one.expire_after(20ms);
  EXPECT_EQ(result(one.read_line()).status, WireStatus::timed_out);
  send("220 late\r\n");
  one.expire_after(5s);
  EXPECT_EQ(result(one.read_line()).line, "220 late");
}

TEST_F(WireTest, AnEarlierDeadlineReplacesALaterOne) {
  Wire& one = wire();
  one.expire_after(10s);
  one.expire_after(30ms);
  EXPECT_EQ(result(one.read_line()).status, WireStatus::timed_out);
  EXPECT_LT(one.elapsed(), 4s);
}

TEST_F(WireTest, TellsTheEndOfTheStreamFromAReset) {
  send("part");
  peer_.shutdown(tcp::socket::shutdown_send);
  Wire& one = wire();
  const LineRead read = result(one.read_line());
  EXPECT_EQ(read.status, WireStatus::closed);
  EXPECT_EQ(read.line, "part");
  peer_.set_option(asio::socket_base::linger(true, 0));
  peer_.close();
  EXPECT_EQ(result(one.write("x")), WireStatus::reset);
  EXPECT_FALSE(one.error().empty());
}

TEST_F(WireTest, ReadsWhatHasComeAfterAWriteFailed) {
  Wire& one = wire();
  send("554 go away\r\n");
  peer_.set_option(asio::socket_base::linger(true, 0));
  peer_.close();
  std::string command = "EHLO a\r\n";
  EXPECT_NE(result(one.write(command)), WireStatus::ok);
  EXPECT_EQ(result(one.read_line()).line, "554 go away");
}

TEST_F(WireTest, DripsOneOctetAfterTheOther) {
  Wire& one = wire();
  const WireStatus status = result(one.write_slowly("220 a", 20ms));
  EXPECT_EQ(status, WireStatus::ok);
  EXPECT_GE(one.elapsed(), 80ms);
  one.close();
  EXPECT_EQ(received_by_peer(), "220 a");
}

TEST_F(WireTest, APauseEndsAtTheDeadline) {
  Wire& one = wire();
  one.expire_after(30ms);
  EXPECT_EQ(result(one.pause(10s)), WireStatus::timed_out);
  EXPECT_LT(one.elapsed(), 4s);
}

TEST_F(WireTest, StopEndsWhatIsUnderWayAndAllThatFollows) {
  Wire& one = wire();
  asio::steady_timer timer(context_, 30ms);
  timer.async_wait([&](const asio::error_code&) { one.stop(); });
  EXPECT_EQ(result(one.read_line()).status, WireStatus::stopped);
  EXPECT_EQ(result(one.pause(10s)), WireStatus::stopped);
  EXPECT_EQ(result(one.write("x")), WireStatus::stopped);
  EXPECT_LT(one.elapsed(), 4s);
}

TEST_F(WireTest, ResetIsAnRst) {
  wire().reset();
  std::array<char, 1> octet{};
  asio::error_code code;
  peer_.read_some(asio::buffer(octet), code);
  EXPECT_EQ(code, asio::error::connection_reset);
}

TEST_F(WireTest, FinishReadsThePeerDryFirst) {
  Wire& one = wire();
  send(std::string(100000, 'x'));
  result(one.write("221 bye\r\n"));
  asio::steady_timer timer(context_, 30ms);
  timer.async_wait([&](const asio::error_code&) { peer_.shutdown(tcp::socket::shutdown_send); });
  result(one.finish());
  EXPECT_FALSE(one.is_open());
  EXPECT_GE(one.elapsed(), 30ms);
  std::string all;
  asio::error_code code;
  asio::read(peer_, asio::dynamic_buffer(all), code);
  EXPECT_EQ(all, "221 bye\r\n");
  EXPECT_EQ(code, asio::error::eof);  // not a reset
}

TEST_F(WireTest, FinishWaitsASecondAtMost) {
  Wire& one = wire();
  result(one.finish());
  EXPECT_GE(one.elapsed(), 900ms);
  EXPECT_LT(one.elapsed(), 5s);
}

TEST_F(WireTest, ConnectsAndSaysWhyItCannot) {
  tcp::acceptor acceptor(context_, tcp::endpoint(asio::ip::address_v4::loopback(), 0));
  const tcp::endpoint endpoint = acceptor.local_endpoint();
  Wire good(context_.get_executor(), {});
  good.expire_after(5s);
  EXPECT_EQ(result(good.connect(endpoint)), WireStatus::ok);
  EXPECT_EQ(good.peer(), "127.0.0.1:" + std::to_string(endpoint.port()));
  acceptor.close();
  Wire bad(context_.get_executor(), {});
  bad.expire_after(5s);
  EXPECT_EQ(result(bad.connect(endpoint)), WireStatus::error);
  EXPECT_EQ(bad.error(), "Connection refused");
  EXPECT_EQ(bad.peer(), "");
}

TEST_F(WireTest, CapturesWhoSaidWhat) {
  WireOptions options;
  options.us = Speaker::server;
  options.transcript_lines = 3;
  send("EHLO a\r\n");
  Wire& one = wire(options);
  result(one.write("220 mx\r\n"));
  result(one.read_line());
  result(one.write("250-mx\r\n250 SIZE\r\n"));
  const Transcript transcript = one.take_transcript();
  ASSERT_EQ(transcript.size(), 3U);  // the fourth is dropped
  EXPECT_EQ(transcript[0].speaker, Speaker::server);
  EXPECT_EQ(transcript[0].text, "220 mx");
  EXPECT_EQ(transcript[1].speaker, Speaker::client);
  EXPECT_EQ(transcript[1].text, "EHLO a");
  EXPECT_EQ(transcript[1].layer, Layer::clear);
  EXPECT_EQ(transcript[2].text, "250-mx");
  EXPECT_THAT(one.transcript(), testing::IsEmpty());
}

TEST_F(WireTest, TextWhereTlsShouldBeginIsKept) {
  const tls::Library library;
  const tls::ClientContext client(library, {});
  Wire& one = wire();
  one.start_tls(client.connection(""), tls::Channel::Role::client);
  send("220 mx.example.test ESMTP\r\n" + std::string(1000, 'x'));
  EXPECT_EQ(result(one.handshake()), WireStatus::not_tls);
  EXPECT_EQ(one.not_tls().octets, 1027U);
  EXPECT_EQ(one.not_tls().first.size(), 256U);
  EXPECT_THAT(one.not_tls().first, testing::StartsWith("220 mx.example.test ESMTP\r\n"));
}

TEST_F(WireTest, TextInSeveralSegmentsIsReadToTheEndOfItsLine) {
  const tls::Library library;
  const tls::ClientContext client(library, {});
  Wire& one = wire();
  one.start_tls(client.connection(""), tls::Channel::Role::client);
  send("22");
  asio::steady_timer timer(context_, 30ms);
  timer.async_wait([&](const asio::error_code&) { send("0 mx\r\n"); });
  EXPECT_EQ(result(one.handshake()), WireStatus::not_tls);
  EXPECT_EQ(one.not_tls().first, "220 mx\r\n");
  EXPECT_EQ(one.not_tls().octets, 8U);
}

TEST_F(WireTest, ARecordInTwoSegmentsIsStillTls) {
  const tls::Library library;
  const tls::ClientContext client(library, {});
  Wire& one = wire();
  one.start_tls(client.connection(""), tls::Channel::Role::client);
  // A fatal handshake_failure, one octet and then the rest.
  send("\x15");
  asio::steady_timer timer(context_, 30ms);
  timer.async_wait(
      [&](const asio::error_code&) { send(std::string_view("\x03\x03\x00\x02\x02\x28", 6)); });
  EXPECT_EQ(result(one.handshake()), WireStatus::tls_failed);
  EXPECT_EQ(one.not_tls().octets, 0U);
  EXPECT_THAT(
      one.channel()->alerts(),
      ElementsAre(tls::AlertSeen{.direction = tls::Direction::received, .level = 2, .number = 40}));
}

// The tested wire as a server and a second wire as its client.
class TlsWireTest : public WireTest {
 protected:
  TlsWireTest() : client_(library_, {}) {
    tls::ServerSetup setup;
    setup.identities = {x509::make_identity(x509::MadeKey::p256)};
    server_.emplace(library_, setup);
  }

  tls::Library library_;
  tls::ClientContext client_;
  std::optional<tls::ServerContext> server_;
};

asio::awaitable<std::string> serve(Wire& wire, x509::SslHandle ssl) {
  const LineRead starttls = co_await wire.read_line();
  HelloRead hello = co_await wire.read_client_hello();
  wire.start_tls(std::move(ssl), tls::Channel::Role::server);
  const WireStatus shaken = co_await wire.handshake();
  const LineRead ehlo = co_await wire.read_line();
  co_await wire.write("250 mx\r\n");
  co_await wire.finish();
  co_return starttls.line + "," + hello.reading.hello.sni.value_or("none") + "," +
      (shaken == WireStatus::ok ? "shaken" : "not shaken") + "," + ehlo.line;
}

asio::awaitable<std::string> use(Wire& wire, x509::SslHandle ssl) {
  // STARTTLS and the ClientHello in one go, without waiting for the answer.
  co_await wire.write("STARTTLS\r\n");
  wire.start_tls(std::move(ssl), tls::Channel::Role::client);
  co_await wire.handshake();
  co_await wire.write("EHLO a\r\n");
  const smtp::ReplyLimits limits;
  const smtp::ReplyRead reply = co_await smtp::read_reply(wire, limits);
  const LineRead end = co_await wire.read_line();
  co_await wire.finish();
  co_return std::to_string(reply.reply.code) + (end.status == WireStatus::closed ? " closed" : "");
}

TEST_F(TlsWireTest, WhatWasReadPastStarttlsIsTheHandshakesBeginning) {
  WireOptions options;
  options.transcript_lines = 10;
  Wire& server = wire(options);
  Wire client(std::move(peer_), options);
  client.expire_after(5s);
  std::string served;
  std::string used;
  asio::co_spawn(context_, serve(server, server_->connection()),
                 [&](std::exception_ptr, std::string text) { served = std::move(text); });
  asio::co_spawn(context_, use(client, client_.connection("mx.example.test")),
                 [&](std::exception_ptr, std::string text) { used = std::move(text); });
  context_.restart();
  context_.run_for(20s);
  EXPECT_EQ(served, "STARTTLS,mx.example.test,shaken,EHLO a");
  EXPECT_EQ(used, "250 closed");
  EXPECT_EQ(client.layer(), Layer::tls);
  ASSERT_EQ(client.transcript().size(), 3U);
  EXPECT_EQ(client.transcript()[0].layer, Layer::clear);
  EXPECT_EQ(client.transcript()[1].layer, Layer::tls);
  EXPECT_EQ(client.transcript()[2].layer, Layer::tls);
}

TEST_F(TlsWireTest, ACommandInsteadOfAClientHelloIsNotTls) {
  send("EHLO a\r\n");
  Wire& one = wire();
  const HelloRead read = result(one.read_client_hello());
  EXPECT_EQ(read.status, WireStatus::ok);
  EXPECT_EQ(read.reading.state, tls::HelloState::not_tls);
  EXPECT_EQ(one.buffered(), "EHLO a\r\n");
}

}  // namespace
}  // namespace badmx::net
