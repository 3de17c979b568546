// One SMTP connection of a benchmark's peer, first in clear, then with OpenSSL on the descriptor
// itself and Asio only waiting until it is ready: the cheapest way the two work together. No
// records, no deadlines, no tolerance: what is not as it should be throws.
#pragma once

#include "x509/handle.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <cstddef>
#include <string>
#include <string_view>

namespace badmx::bench {

class Session {
 public:
  explicit Session(asio::ip::tcp::socket socket);

  // Without its CRLF.
  asio::awaitable<std::string> read_line();
  // The lines of one reply (RFC 5321 4.2.1), which must begin with `code`.
  asio::awaitable<std::string> read_reply(std::string_view code);
  asio::awaitable<void> write(std::string_view text);
  // In the role that `ssl` is set to. Throws when either side pipelined behind STARTTLS.
  asio::awaitable<void> handshake(x509::SslHandle ssl);
  // A close_notify where there is TLS, and the end of our half of the connection.
  void close();

  // Whether the peer has neither closed nor sent anything that waits to be read.
  bool is_quiet();

 private:
  asio::awaitable<std::size_t> read_some(char* into, std::size_t most);
  asio::awaitable<void> until_ready(int result);

  asio::ip::tcp::socket socket_;
  x509::SslHandle ssl_;
  std::string unread_;
};

// The client's side: connect, banner, EHLO, STARTTLS, handshake, EHLO. Certificates are verified
// when `ssl` is set to.
asio::awaitable<Session> open_session(asio::ip::tcp::endpoint peer, x509::SslHandle ssl);
// QUIT and its answer.
asio::awaitable<void> close_session(Session session);
// Connects and reads the banner, no more.
asio::awaitable<Session> open_silent_session(asio::ip::tcp::endpoint peer);

// "127.0.0.1:2525"; throws std::invalid_argument.
asio::ip::tcp::endpoint parse_endpoint(const std::string& text);

}  // namespace badmx::bench
