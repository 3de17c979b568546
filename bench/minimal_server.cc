// The smallest honest SMTP server with STARTTLS: what badmx's fake server is measured against.
//   minimal_server ADDRESS CHAIN.pem KEY.pem
// Takes any free port, prints "port N", serves loopback peers only, one thread, until its standard
// input ends. TLS 1.3 without tickets, as badmx serves it.
#include "bench/session.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/posix/stream_descriptor.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <array>
#include <cctype>
#include <csignal>
#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <utility>

namespace badmx::bench {
namespace {

using asio::ip::tcp;

x509::SslContextHandle server_context(const char* chain, const char* key) {
  x509::SslContextHandle context(SSL_CTX_new(TLS_server_method()));
  SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  SSL_CTX_set_num_tickets(context.get(), 0);
  SSL_CTX_set_options(context.get(), SSL_OP_NO_TICKET);
  SSL_CTX_set_session_cache_mode(context.get(), SSL_SESS_CACHE_OFF);
  if (SSL_CTX_use_certificate_chain_file(context.get(), chain) != 1 ||
      SSL_CTX_use_PrivateKey_file(context.get(), key, SSL_FILETYPE_PEM) != 1) {
    throw std::runtime_error("can't use the certificate or the key");
  }
  return context;
}

std::string verb(const std::string& line) {
  std::string word = line.substr(0, line.find(' '));
  std::transform(word.begin(), word.end(), word.begin(),
                 [](unsigned char c) { return static_cast<char>(std::toupper(c)); });
  return word;
}

asio::awaitable<void> serve(tcp::socket socket, SSL_CTX* context) {
  Session session(std::move(socket));
  bool under_tls = false;
  co_await session.write("220 mx.bench.test ESMTP\r\n");
  for (;;) {
    const std::string command = verb(co_await session.read_line());
    if (command == "EHLO") {
      co_await session.write(under_tls ? "250-mx.bench.test\r\n250-PIPELINING\r\n250 8BITMIME\r\n"
                                       : "250-mx.bench.test\r\n250-PIPELINING\r\n250-8BITMIME\r\n"
                                         "250 STARTTLS\r\n");
    } else if (command == "STARTTLS" && !under_tls) {
      co_await session.write("220 2.0.0 Ready to start TLS\r\n");
      x509::SslHandle ssl(SSL_new(context));
      SSL_set_accept_state(ssl.get());
      co_await session.handshake(std::move(ssl));
      under_tls = true;
    } else if (command == "QUIT") {
      co_await session.write("221 2.0.0 Bye\r\n");
      session.close();
      co_return;
    } else {
      co_await session.write("502 5.5.1 Not here\r\n");
    }
  }
}

// A client that goes away early is none of our business; the load generator tells of failures.
void ignore_end(std::exception_ptr) {}

asio::awaitable<void> accept_all(tcp::acceptor& acceptor, SSL_CTX* context) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(asio::use_awaitable);
    asio::error_code gone;
    const tcp::endpoint peer = socket.remote_endpoint(gone);
    if (gone || !peer.address().is_loopback()) continue;
    socket.set_option(tcp::no_delay(true));
    asio::co_spawn(acceptor.get_executor(), serve(std::move(socket), context), ignore_end);
  }
}

int run(const char* address, const char* chain, const char* key) {
  const x509::SslContextHandle context = server_context(chain, key);
  asio::io_context io(1);
  tcp::acceptor acceptor(io, tcp::endpoint(asio::ip::make_address(address), 0));
  acceptor.listen(4096);
  asio::co_spawn(io, accept_all(acceptor, context.get()), [](std::exception_ptr error) {
    if (error) std::rethrow_exception(error);
  });

  asio::posix::stream_descriptor input(io, ::dup(STDIN_FILENO));
  std::array<char, 1> byte{};
  input.async_read_some(asio::buffer(byte),
                        [&io](const asio::error_code&, std::size_t) { io.stop(); });
  std::printf("port %d\n", static_cast<int>(acceptor.local_endpoint().port()));
  std::fflush(stdout);
  io.run();
  return 0;
}

}  // namespace
}  // namespace badmx::bench

int main(int argc, char** argv) {
  if (argc != 4) {
    std::fputs("usage: minimal_server ADDRESS CHAIN.pem KEY.pem\n", stderr);
    return 64;
  }
  std::signal(SIGPIPE, SIG_IGN);  // OpenSSL on a descriptor writes without MSG_NOSIGNAL
  try {
    return badmx::bench::run(argv[1], argv[2], argv[3]);
  } catch (const std::exception& error) {
    std::fprintf(stderr, "minimal_server: %s\n", error.what());
    return 70;
  }
}
