// A mail client of blocking sockets, as simple as can be: every read has a deadline.
#pragma once

#include "net/tls/channel.h"
#include "net/tls/context.h"
#include "x509/bytes.h"

#include <arpa/inet.h>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstring>
#include <netinet/in.h>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <sys/time.h>
#include <unistd.h>
#include <utility>

namespace badmx::server::testing {

class TestClient {
 public:
  explicit TestClient(std::uint16_t port, const std::string& address = "127.0.0.1") {
    const bool is_v6 = address.find(':') != std::string::npos;
    fd_ = ::socket(is_v6 ? AF_INET6 : AF_INET, SOCK_STREAM, 0);
    timeval deadline{};
    deadline.tv_sec = 10;
    ::setsockopt(fd_, SOL_SOCKET, SO_RCVTIMEO, &deadline, sizeof deadline);
    ::setsockopt(fd_, SOL_SOCKET, SO_SNDTIMEO, &deadline, sizeof deadline);
    int result = -1;
    if (is_v6) {
      sockaddr_in6 to{};
      to.sin6_family = AF_INET6;
      to.sin6_port = htons(port);
      ::inet_pton(AF_INET6, address.c_str(), &to.sin6_addr);
      result = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    } else {
      sockaddr_in to{};
      to.sin_family = AF_INET;
      to.sin_port = htons(port);
      ::inet_pton(AF_INET, address.c_str(), &to.sin_addr);
      result = ::connect(fd_, reinterpret_cast<const sockaddr*>(&to), sizeof to);
    }
    if (result != 0) throw std::runtime_error(std::strerror(errno));
  }
  ~TestClient() { leave(); }
  TestClient(const TestClient&) = delete;
  TestClient& operator=(const TestClient&) = delete;

  void leave() {
    channel_.reset();
    if (fd_ >= 0) ::close(std::exchange(fd_, -1));
  }
  // RST instead of FIN.
  void leave_by_reset() {
    const linger at_once{1, 0};
    ::setsockopt(fd_, SOL_SOCKET, SO_LINGER, &at_once, sizeof at_once);
    leave();
  }

  void send(std::string_view text) {
    if (!channel_) return send_raw(x509::as_bytes(text));
    channel_->write(x509::as_bytes(text));
    flush();
  }
  void send_raw(x509::ByteView bytes) {
    while (!bytes.empty()) {
      const ssize_t sent = ::send(fd_, bytes.data(), bytes.size(), MSG_NOSIGNAL);
      if (sent <= 0) return;
      bytes = bytes.subspan(static_cast<std::size_t>(sent));
    }
  }

  // The lines of one reply with their ends; what there was of it when the server left.
  std::string reply() {
    std::string lines;
    for (;;) {
      const std::string line = this->line();
      lines += line;
      if (line.size() < 4 || line[3] != '-') return lines;
    }
  }
  std::string criteria_for(std::string_view command) {
    send(std::string(command) + "\r\n");
    return reply();
  }
  std::string line() {
    while (waiting_.find('\n') == std::string::npos) {
      if (!fill()) return std::exchange(waiting_, std::string());
    }
    const std::size_t length = waiting_.find('\n') + 1;
    std::string line = waiting_.substr(0, length);
    waiting_.erase(0, length);
    return line;
  }
  // Everything until the server leaves.
  std::string rest() {
    while (fill()) {
    }
    return std::exchange(waiting_, std::string());
  }
  // errno of the last read that failed; 0 after a FIN.
  int read_error() const { return read_error_; }

  bool start_tls(const std::string& sni = {}, const tls::ClientSetup& setup = {}) {
    context_.emplace(library_, setup);
    channel_.emplace(context_->connection(sni), tls::Channel::Role::client);
    for (;;) {
      const tls::Progress progress = channel_->handshake();
      flush();
      if (progress == tls::Progress::done) return true;
      if (progress != tls::Progress::needs_input) return false;
      if (!receive()) return false;
    }
  }
  tls::Channel& channel() { return *channel_; }

 private:
  void flush() {
    if (channel_->has_output()) send_raw(channel_->take_output());
  }
  bool receive() {
    std::array<std::uint8_t, 16384> buffer{};
    const ssize_t got = ::recv(fd_, buffer.data(), buffer.size(), 0);
    read_error_ = got < 0 ? errno : 0;
    const auto length = static_cast<std::size_t>(got > 0 ? got : 0);
    if (!channel_) {
      waiting_.append(reinterpret_cast<const char*>(buffer.data()), length);
    } else if (length > 0) {
      channel_->feed(x509::ByteView(buffer.data(), length));
    } else {
      channel_->feed_end();
    }
    return length > 0;
  }
  bool fill() {
    if (!channel_) return receive();
    x509::Bytes plain;
    for (;;) {
      const tls::Progress progress = channel_->read(plain);
      flush();
      if (progress == tls::Progress::done) {
        waiting_ += x509::as_text(plain);
        return true;
      }
      if (progress != tls::Progress::needs_input || !receive()) return false;
    }
  }

  int fd_ = -1;
  int read_error_ = 0;
  std::string waiting_;
  tls::Library library_;
  std::optional<tls::ClientContext> context_;
  std::optional<tls::Channel> channel_;
};

}  // namespace badmx::server::testing
