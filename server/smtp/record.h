// What one client did on one connection: a value for tests and gateways to judge.
#pragma once

#include "net/smtp/point.h"
#include "net/tls/channel.h"
#include "net/tls/client_hello.h"
#include "net/transcript.h"
#include "x509/bytes.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::server {

enum class Delivered { no, in_clear, under_tls };
enum class Auth { none, in_clear, under_tls };

// How a connection ended, seen from the server.
enum class End {
  quit,           // the client said QUIT
  client_closed,  // FIN without QUIT
  client_reset,   // RST
  server_closed,  // by its script
  handshake_failed,
  timed_out,       // idle longer than the server waits
  limit_exceeded,  // a line, a message or the session too long
  stopped,         // the server was stopped
};

struct CommandRecord {
  std::string line{};  // as it came, cut at the wire's limit; AUTH without its arguments
  net::Layer layer = net::Layer::clear;
  std::string answer{};  // the first line of the reply, or the action's name
  std::chrono::microseconds at{0};

  bool operator==(const CommandRecord&) const = default;
};

struct ConnectionRecord {
  std::uint64_t number = 0;        // of the server, from 1
  std::string scenario{};          // which of the engine's servers
  std::string peer{};              // "127.0.0.1:40312"
  std::size_t conversation = 0;    // which of Behaviour::connections held, from 0
  std::vector<std::string> met{};  // its deviations that came into play (server/smtp/deviations.h)
  std::chrono::system_clock::time_point started{};
  std::chrono::microseconds lasted{0};

  std::optional<tls::ClientHello> client_hello{};
  bool handshake_done = false;
  std::string tls_version{};  // "TLSv1.3", empty without TLS
  std::string cipher{};
  std::string group{};
  std::string alpn{};
  bool resumed = false;
  std::vector<std::string> certificates_sent{};    // SHA-256 of each, hexadecimal
  std::vector<std::string> client_certificates{};  // SHA-256 of each, hexadecimal
  std::vector<tls::AlertSeen> alerts{};

  std::vector<CommandRecord> commands{};  // the first 64 KiB of them
  std::size_t commands_unrecorded = 0;    // what came after that
  // Octets that the client had pipelined in clear behind STARTTLS, thrown away (RFC 3207 4.2).
  std::size_t discarded_in_clear = 0;
  Delivered delivered = Delivered::no;
  int messages = 0;
  Auth auth = Auth::none;
  smtp::Point reached = smtp::Point::connect;  // the last point that was served
  End end = End::client_closed;
  std::string error{};  // OpenSSL's or the system's words, when there were any

  bool operator==(const ConnectionRecord&) const = default;
};

std::string_view name(Delivered delivered);
std::string_view name(Auth auth);
std::string_view name(End end);

// A message that was accepted.
struct Message {
  std::string scenario{};
  std::uint64_t connection = 0;
  net::Layer layer = net::Layer::clear;
  std::string from{};
  std::vector<std::string> to{};
  std::string text{};  // with dots unstuffed, CRLF line ends

  bool operator==(const Message&) const = default;
};

}  // namespace badmx::server
