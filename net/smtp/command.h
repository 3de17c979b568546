// Commands of a client (RFC 5321 4.1.1), read from a line.
#pragma once

#include "net/smtp/point.h"

#include <optional>
#include <string>
#include <string_view>

namespace badmx::smtp {

struct Command {
  Point point = Point::unknown;  // never connect, handshake or message
  std::string verb{};            // in capitals, at most 32 octets; as it came otherwise, NULs too
  std::string argument{};        // what stands behind it, without the white space around

  bool operator==(const Command&) const = default;
};

// Of a line without its line end.
Command parse_command(std::string_view line);

// The address in "FROM:<a@b> SIZE=10" for the keyword "FROM:", the empty one of "<>" too; angle
// brackets may be missing, a source route is dropped (RFC 5321 4.1.1.3). Nothing when it isn't one.
std::optional<std::string> path(std::string_view argument, std::string_view keyword);

}  // namespace badmx::smtp
