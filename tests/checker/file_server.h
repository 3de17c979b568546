// An HTTP server of a few files, for tests of what is fetched: one thread, loopback, HTTP/1.0.
#pragma once

#include "net/wire.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <chrono>
#include <cstdint>
#include <exception>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

namespace badmx::checker {

class FileServer {
 public:
  FileServer() : acceptor_(context_, {asio::ip::address_v4::loopback(), 0}) {
    asio::co_spawn(context_, accept_all(), [](std::exception_ptr) {});
    thread_ = std::thread([this] { context_.run(); });
  }
  ~FileServer() {
    context_.stop();
    thread_.join();
  }
  FileServer(const FileServer&) = delete;
  FileServer& operator=(const FileServer&) = delete;

  std::string url(const std::string& path) const {
    return fmt::format("http://127.0.0.1:{}{}", acceptor_.local_endpoint().port(), path);
  }
  // The whole answer to a path, from its status line on.
  void answer(const std::string& path, std::string whole) {
    const std::lock_guard lock(mutex_);
    answers_[path] = std::move(whole);
  }
  void put(const std::string& path, const std::string& body) {
    answer(path, "HTTP/1.1 200 OK\r\nContent-Type: application/pkix-cert\r\n\r\n" + body);
  }

 private:
  asio::awaitable<void> accept_all() {
    asio::error_code code;
    while (!code) {
      asio::ip::tcp::socket socket =
          co_await acceptor_.async_accept(asio::redirect_error(asio::use_awaitable, code));
      if (!code) asio::co_spawn(context_, serve(std::move(socket)), [](std::exception_ptr) {});
    }
  }

  asio::awaitable<void> serve(asio::ip::tcp::socket socket) {
    auto wire = std::make_unique<net::Wire>(std::move(socket), net::WireOptions{});
    wire->expire_after(std::chrono::seconds(20));
    const net::LineRead request = co_await wire->read_line();
    const std::string_view line = request.line;
    const std::size_t space = line.find(' ');
    const std::string path(line.substr(space + 1, line.rfind(' ') - space - 1));
    std::string whole = "HTTP/1.1 404 Not Found\r\n\r\n";
    {
      const std::lock_guard lock(mutex_);
      if (const auto found = answers_.find(path); found != answers_.end()) whole = found->second;
    }
    if (whole.empty()) {
      co_await wire->pause(std::chrono::seconds(10));
    } else {
      co_await wire->write(std::move(whole));
      co_await wire->finish();
    }
  }

  asio::io_context context_{1};
  asio::ip::tcp::acceptor acceptor_;
  std::mutex mutex_;
  std::map<std::string, std::string> answers_;
  std::thread thread_;
};

}  // namespace badmx::checker
