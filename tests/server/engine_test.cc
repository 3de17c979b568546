#include "server/engine.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/read.hpp>
#include <asio/read_until.hpp>
#include <asio/write.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <chrono>
#include <memory>
#include <optional>
#include <string>
#include <system_error>
#include <vector>

namespace badmx::server {
namespace {

using asio::ip::tcp;
using namespace std::chrono_literals;

// Says its port's place and the connection's number, then repeats each line.
class Echo : public Service {
 public:
  class Thread : public ServiceThread {
   public:
    explicit Thread(Echo& echo) : echo_(echo) {}

    asio::awaitable<void> serve(net::Wire& wire, Connection connection) override {
      wire.expire_all_after(10s);
      wire.expire_after(10s);
      std::string greeting =
          std::to_string(connection.port) + " " + std::to_string(connection.number) + "\n";
      net::WireStatus status = co_await wire.write(std::move(greeting));
      while (status == net::WireStatus::ok) {
        net::LineRead read = co_await wire.read_line();
        status = read.status;
        if (status != net::WireStatus::ok) break;
        read.line += "\n";
        status = co_await wire.write(std::move(read.line));
      }
      if (status == net::WireStatus::stopped) ++echo_.stopped;
    }

   private:
    Echo& echo_;
  };

  net::WireOptions wire_options() const override { return {}; }
  std::unique_ptr<ServiceThread> make_thread() override {
    ++threads;
    return std::make_unique<Thread>(*this);
  }

  int threads = 0;
  std::atomic<int> stopped{0};
};

class Client {
 public:
  explicit Client(std::uint16_t port) { socket_.connect({asio::ip::address_v4::loopback(), port}); }

  std::string line() {
    std::error_code ignored;  // an end is an empty line
    const std::size_t length =
        asio::read_until(socket_, asio::dynamic_buffer(waiting_), '\n', ignored);
    std::string taken = waiting_.substr(0, length);
    waiting_.erase(0, length);
    return taken;
  }
  void say(const std::string& text) { asio::write(socket_, asio::buffer(text)); }

 private:
  asio::io_context context_;
  tcp::socket socket_{context_};
  std::string waiting_;
};

Port loopback() { return {.addresses = {"127.0.0.1"}, .number = 0}; }

TEST(Engine, HandsEachConnectionToTheServiceWithItsPort) {
  Echo echo;
  const Engine engine(echo, {loopback(), loopback()}, {.threads = 2, .connections = 10});
  EXPECT_EQ(echo.threads, 2);
  Client second(engine.port(1));
  EXPECT_EQ(second.line(), "1 1\n");
  Client first(engine.port(0));
  EXPECT_EQ(first.line(), "0 2\n");
  first.say("no protocol in particular\n");
  EXPECT_EQ(first.line(), "no protocol in particular\n");
}

TEST(Engine, ClosesConnectionsAboveTheLimit) {
  Echo echo;
  const Engine engine(echo, {loopback()}, {.threads = 1, .connections = 1});
  Client first(engine.port(0));
  EXPECT_EQ(first.line(), "0 1\n");
  Client second(engine.port(0));
  EXPECT_EQ(second.line(), "");
}

TEST(Engine, StopsOpenConnectionsWhenItEnds) {
  Echo echo;
  std::optional<Client> client;
  {
    const Engine engine(echo, {loopback()}, {.threads = 1, .connections = 10});
    client.emplace(engine.port(0));
    EXPECT_EQ(client->line(), "0 1\n");
  }
  EXPECT_EQ(echo.stopped, 1);
  EXPECT_EQ(client->line(), "");
}

TEST(Engine, NamesTheAddressThatItCantListenOn) {
  Echo echo;
  const Engine engine(echo, {loopback()}, {});
  const Port taken{.addresses = {"127.0.0.1"}, .number = engine.port(0)};
  try {
    const Engine second(echo, {taken}, {});
    FAIL() << "listened twice";
  } catch (const std::system_error& problem) {
    EXPECT_THAT(problem.what(), ::testing::HasSubstr("127.0.0.1:" + std::to_string(taken.number)));
  }
}

}  // namespace
}  // namespace badmx::server
