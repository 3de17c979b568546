#include "bench/session.h"

#include <asio/this_coro.hpp>
#include <asio/use_awaitable.hpp>
#include <asio/write.hpp>
#include <openssl/err.h>

#include <array>
#include <charconv>
#include <stdexcept>
#include <utility>

namespace badmx::bench {
namespace {

using asio::ip::tcp;

constexpr std::size_t longest_line = 4096;

std::string openssl_reason(int ssl_error) {
  const unsigned long code = ERR_peek_error();
  if (code == 0) return "TLS: the peer closed, SSL_get_error " + std::to_string(ssl_error);
  std::array<char, 256> text{};
  ERR_error_string_n(code, text.data(), text.size());
  return std::string("TLS: ") + text.data();
}

asio::awaitable<tcp::socket> connect(tcp::endpoint peer) {
  tcp::socket socket(co_await asio::this_coro::executor);
  co_await socket.async_connect(peer, asio::use_awaitable);
  // A client sends its Finished and the EHLO behind it in two writes: without this, the second
  // waits for the 40 ms of the server's delayed acknowledgement.
  socket.set_option(tcp::no_delay(true));
  co_return socket;
}

}  // namespace

Session::Session(tcp::socket socket) : socket_(std::move(socket)) {
  socket_.native_non_blocking(true);
}

asio::awaitable<void> Session::until_ready(int result) {
  const int error = SSL_get_error(ssl_.get(), result);
  switch (error) {
    case SSL_ERROR_WANT_READ:
      co_await socket_.async_wait(tcp::socket::wait_read, asio::use_awaitable);
      break;
    case SSL_ERROR_WANT_WRITE:
      co_await socket_.async_wait(tcp::socket::wait_write, asio::use_awaitable);
      break;
    default:
      throw std::runtime_error(openssl_reason(error));
  }
}

asio::awaitable<std::size_t> Session::read_some(char* into, std::size_t most) {
  if (!ssl_) {
    co_return co_await socket_.async_read_some(asio::buffer(into, most), asio::use_awaitable);
  }
  for (;;) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_read_ex(ssl_.get(), into, most, &count);
    if (result == 1) co_return count;
    co_await until_ready(result);
  }
}

asio::awaitable<std::string> Session::read_line() {
  std::array<char, 1024> piece;
  for (;;) {
    if (const std::size_t end = unread_.find("\r\n"); end != std::string::npos) {
      std::string line = unread_.substr(0, end);
      unread_.erase(0, end + 2);
      co_return line;
    }
    if (unread_.size() > longest_line) throw std::runtime_error("a line is too long");
    const std::size_t count = co_await read_some(piece.data(), piece.size());
    unread_.append(piece.data(), count);
  }
}

asio::awaitable<std::string> Session::read_reply(std::string_view code) {
  std::string reply;
  for (;;) {
    const std::string line = co_await read_line();
    if (!line.starts_with(code)) {
      throw std::runtime_error("wanted " + std::string(code) + ", got: " + line);
    }
    reply += line + '\n';
    if (line.size() == code.size() || line[code.size()] != '-') co_return reply;
  }
}

asio::awaitable<void> Session::write(std::string_view text) {
  if (!ssl_) {
    co_await asio::async_write(socket_, asio::buffer(text.data(), text.size()),
                               asio::use_awaitable);
    co_return;
  }
  for (;;) {
    ERR_clear_error();
    std::size_t count = 0;
    const int result = SSL_write_ex(ssl_.get(), text.data(), text.size(), &count);
    if (result == 1) co_return;
    co_await until_ready(result);
  }
}

asio::awaitable<void> Session::handshake(x509::SslHandle ssl) {
  if (!unread_.empty()) throw std::runtime_error("bytes behind STARTTLS");
  ssl_ = std::move(ssl);
  SSL_set_fd(ssl_.get(), socket_.native_handle());
  for (;;) {
    ERR_clear_error();
    const int result = SSL_do_handshake(ssl_.get());
    if (result == 1) co_return;
    co_await until_ready(result);
  }
}

void Session::close() {
  if (ssl_) SSL_shutdown(ssl_.get());
  asio::error_code ignored;  // the peer may have gone first
  socket_.shutdown(tcp::socket::shutdown_send, ignored);
}

bool Session::is_quiet() {
  std::array<char, 1> piece;
  asio::error_code error;
  socket_.non_blocking(true);
  socket_.receive(asio::buffer(piece), tcp::socket::message_peek, error);
  return error == asio::error::would_block;
}

asio::awaitable<Session> open_session(tcp::endpoint peer, x509::SslHandle ssl) {
  Session session(co_await connect(peer));
  co_await session.read_reply("220");
  co_await session.write("EHLO client.bench.test\r\n");
  const std::string offered = co_await session.read_reply("250");
  if (offered.find("STARTTLS") == std::string::npos) throw std::runtime_error("no STARTTLS");
  co_await session.write("STARTTLS\r\n");
  co_await session.read_reply("220");
  co_await session.handshake(std::move(ssl));
  co_await session.write("EHLO client.bench.test\r\n");
  co_await session.read_reply("250");
  co_return session;
}

asio::awaitable<void> close_session(Session session) {
  co_await session.write("QUIT\r\n");
  co_await session.read_reply("221");
  session.close();
}

asio::awaitable<Session> open_silent_session(tcp::endpoint peer) {
  Session session(co_await connect(peer));
  co_await session.read_reply("220");
  co_return session;
}

tcp::endpoint parse_endpoint(const std::string& text) {
  const std::size_t colon = text.rfind(':');
  unsigned short port = 0;
  if (colon != std::string::npos) {
    const char* end = text.data() + text.size();
    const auto parsed = std::from_chars(text.data() + colon + 1, end, port);
    if (parsed.ec != std::errc{} || parsed.ptr != end) port = 0;
  }
  asio::error_code error;
  const auto address = asio::ip::make_address(text.substr(0, colon), error);
  if (error || port == 0) throw std::invalid_argument("not ADDRESS:PORT: " + text);
  return {address, port};
}

}  // namespace badmx::bench
