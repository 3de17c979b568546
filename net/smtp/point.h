// The points of an SMTP session at which a server acts: the vocabulary that scenarios, the fake
// server and the checker share.
#pragma once

#include <optional>
#include <span>
#include <string_view>

namespace badmx::smtp {

enum class Point {
  connect,  // the greeting
  ehlo,
  helo,
  starttls,
  handshake,  // from the answer to STARTTLS, or the first byte under implicit TLS
  auth,
  mail,
  rcpt,
  data,
  message,  // after the final dot
  rset,
  noop,
  quit,
  unknown,  // any other command
};

// When TLS begins.
enum class TlsMode { starttls, implicit, plain };

std::string_view name(Point point);
std::string_view name(TlsMode mode);
std::optional<Point> point_from(std::string_view name);
std::optional<TlsMode> tls_mode_from(std::string_view name);
std::span<const Point> all_points();

}  // namespace badmx::smtp
