// A mail server that follows a script, for tests of the probe: one thread, one coroutine a
// connection.
#pragma once

#include "net/smtp/command.h"
#include "net/tls/context.h"
#include "net/wire.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

namespace badmx::checker {

enum class Then { handshake, close, reset, silence, text };

struct Script {
  std::string greeting = "220 mx.example.test ESMTP\r\n";
  std::chrono::milliseconds drip{0};  // between the greeting's octets
  std::string ehlo = "250-mx.example.test\r\n250 STARTTLS\r\n";
  std::string starttls = "220 2.0.0 go ahead\r\n";
  Then then = Then::handshake;
  std::string text;  // what comes instead of a handshake
  bool tls_first = false;
  tls::ServerSetup tls;
};

class ScriptedServer {
 public:
  explicit ScriptedServer(Script script)
      : script_(std::move(script)),
        tls_(library_, script_.tls),
        acceptor_(context_, asio::ip::tcp::endpoint(asio::ip::address_v4::loopback(), 0)) {
    asio::co_spawn(context_, accept_all(), [](std::exception_ptr) {});
    thread_ = std::thread([this] { context_.run(); });
  }

  ~ScriptedServer() {
    context_.stop();
    thread_.join();
  }

  ScriptedServer(const ScriptedServer&) = delete;
  ScriptedServer& operator=(const ScriptedServer&) = delete;

  std::uint16_t port() const { return acceptor_.local_endpoint().port(); }
  int connections() const { return connections_; }

 private:
  asio::awaitable<void> accept_all() {
    asio::error_code code;
    while (!code) {
      asio::ip::tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, code));
      if (!code) {
        ++connections_;
        asio::co_spawn(context_, serve(std::move(socket)), [](std::exception_ptr) {});
      }
    }
  }

  asio::awaitable<void> serve(asio::ip::tcp::socket socket) {
    net::WireOptions options;
    options.us = net::Speaker::server;
    auto wire = std::make_unique<net::Wire>(std::move(socket), options);
    wire->expire_after(std::chrono::seconds(20));
    if (script_.tls_first) {
      const bool shaken = co_await shake(*wire);
      if (!shaken) co_return;
    }
    if (script_.drip.count() > 0) {
      co_await wire->write_slowly(script_.greeting, script_.drip);
    } else {
      co_await wire->write(script_.greeting);
    }
    while (true) {
      const net::LineRead line = co_await wire->read_line();
      if (line.status != net::WireStatus::ok) break;
      const smtp::Command command = smtp::parse_command(line.line);
      if (command.point == smtp::Point::quit) {
        co_await wire->write("221 bye\r\n");
        break;
      }
      if (command.point != smtp::Point::starttls) {
        co_await wire->write(script_.ehlo);
        continue;
      }
      co_await wire->write(script_.starttls);
      if (!script_.starttls.starts_with("220")) continue;
      const bool shaken = co_await shake(*wire);
      if (!shaken) co_return;
    }
    co_await wire->finish();
  }

  asio::awaitable<bool> shake(net::Wire& wire) {
    switch (script_.then) {
      case Then::close:
        co_await wire.finish();
        co_return false;
      case Then::reset:
        wire.reset();
        co_return false;
      case Then::silence:
        co_await wire.pause(std::chrono::seconds(10));
        co_return false;
      case Then::text:
        co_await wire.write(script_.text);
        co_await wire.finish();
        co_return false;
      case Then::handshake:
        break;
    }
    wire.start_tls(tls_.connection(), tls::Channel::Role::server);
    const net::WireStatus status = co_await wire.handshake();
    if (status != net::WireStatus::ok) {
      co_await wire.finish();
    }
    co_return status == net::WireStatus::ok;
  }

  Script script_;
  tls::Library library_;
  tls::ServerContext tls_;
  asio::io_context context_{1};
  asio::ip::tcp::acceptor acceptor_;
  std::atomic<int> connections_{0};
  std::thread thread_;
};

}  // namespace badmx::checker
