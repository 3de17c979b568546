#include "net/memory_end.h"

#include "net/wire.h"

#include <asio/co_spawn.hpp>
#include <asio/error.hpp>
#include <asio/io_context.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <exception>
#include <string>
#include <utility>

namespace badmx::net {
namespace {

using namespace std::chrono_literals;

// Two wires over one connection in memory, on one loop.
class MemoryWires : public ::testing::Test {
 protected:
  MemoryWires() {
    for (Wire* wire : {&near_, &far_}) {
      wire->expire_all_after(10s);
      wire->expire_after(10s);
    }
  }

  void run(asio::awaitable<void> one, asio::awaitable<void> other) {
    for (asio::awaitable<void>* each : {&one, &other}) {
      asio::co_spawn(context_, std::move(*each), [this](std::exception_ptr thrown) {
        if (thrown) std::rethrow_exception(thrown);
        if (++ended_ == 2) context_.stop();
      });
    }
    context_.run();
  }

  int ended_ = 0;
  asio::io_context context_{1};
  std::pair<MemoryEnd, MemoryEnd> ends_ = MemoryEnd::connected(context_.get_executor());
  Wire near_{std::move(ends_.first), WireOptions{}};
  Wire far_{std::move(ends_.second), WireOptions{}};
};

asio::awaitable<void> read_lines(Wire& wire, std::string& all, WireStatus& end) {
  for (;;) {
    const LineRead read = co_await wire.read_line();
    end = read.status;
    if (end != WireStatus::ok) co_return;
    all += read.line + "|";
  }
}

asio::awaitable<void> say(Wire& wire, std::string text) {
  co_await wire.write(std::move(text));
  co_await wire.finish();
}

TEST_F(MemoryWires, CarryLinesAndTheEnd) {
  std::string all;
  WireStatus end = WireStatus::ok;
  run(read_lines(near_, all, end), say(far_, "220 mx\r\n250 ok\r\n"));
  EXPECT_EQ(all, "220 mx|250 ok|");
  EXPECT_EQ(end, WireStatus::closed);
}

asio::awaitable<void> write_much(Wire& wire, WireStatus& status) {
  std::string much(1048576, 'x');
  much += "\n";
  status = co_await wire.write(std::move(much));
  co_await wire.finish();
}

asio::awaitable<void> count_octets(Wire& wire, std::size_t& octets) {
  for (;;) {
    const BytesRead read = co_await wire.read_some();
    if (read.status != WireStatus::ok) co_return;
    octets += read.bytes.size();
  }
}

TEST_F(MemoryWires, AWriterWaitsForWhoReads) {
  WireStatus status = WireStatus::error;
  std::size_t octets = 0;
  run(write_much(near_, status), count_octets(far_, octets));
  EXPECT_EQ(status, WireStatus::ok);
  EXPECT_EQ(octets, 1048577U);
}

asio::awaitable<void> expire(Wire& wire, WireStatus& status) {
  wire.expire_after(20ms);
  const LineRead read = co_await wire.read_line();
  status = read.status;
}

asio::awaitable<void> nothing() { co_return; }

TEST_F(MemoryWires, SilenceEndsAtTheDeadline) {
  WireStatus status = WireStatus::ok;
  run(expire(near_, status), nothing());
  EXPECT_EQ(status, WireStatus::timed_out);
}

asio::awaitable<void> reset(Wire& wire) {
  wire.reset();
  co_return;
}

TEST_F(MemoryWires, AResetIsSeen) {
  std::string all;
  WireStatus end = WireStatus::ok;
  run(read_lines(near_, all, end), reset(far_));
  EXPECT_EQ(end, WireStatus::reset);
}

asio::awaitable<void> say_and_reset(Wire& wire) {
  co_await wire.write("421 busy\r\n");
  wire.reset();
}

TEST_F(MemoryWires, WhatCameBeforeAResetIsRead) {
  std::string all;
  WireStatus end = WireStatus::ok;
  run(say_and_reset(far_), read_lines(near_, all, end));
  EXPECT_EQ(all, "421 busy|");
  EXPECT_EQ(end, WireStatus::reset);
}

asio::awaitable<void> close_over_unread(Wire& wire) {
  const BytesRead read = co_await wire.read_some();  // 16 KiB at most, of more
  EXPECT_EQ(read.status, WireStatus::ok);
  wire.close();
}

asio::awaitable<void> write_then_read(Wire& wire, WireStatus& status) {
  co_await wire.write(std::string(65536, 'x'));
  const LineRead read = co_await wire.read_line();
  status = read.status;
}

TEST_F(MemoryWires, ClosingOverUnreadOctetsResets) {
  WireStatus status = WireStatus::ok;
  run(close_over_unread(near_), write_then_read(far_, status));
  EXPECT_EQ(status, WireStatus::reset);
}

}  // namespace
}  // namespace badmx::net
