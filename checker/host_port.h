// Hosts as people write them, alone and in lists.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

struct HostPort {
  std::string host;  // a name or a numeric address, without brackets
  std::optional<std::uint16_t> port;

  bool operator==(const HostPort&) const = default;
};

// 1 to 65535, in decimal; nothing when it is anything else.
std::optional<std::uint16_t> read_port(std::string_view digits);

// "mx.example.test", "mx.example.test:2525", "192.0.2.1:25", "[2001:db8::1]:25", "2001:db8::1".
// Nothing when it isn't one of these.
std::optional<HostPort> read_host_port(std::string_view text);
// The same; throws std::invalid_argument that says in one line what is wrong with it.
HostPort parse_host_port(std::string_view text);

// One HOST[:PORT] a line; "#" begins a comment; blank lines are passed over. Throws
// std::invalid_argument, with the line's number, for a line that is none.
std::vector<HostPort> read_host_list(std::string_view content);
// Whether it is such a list, with at least one host.
bool is_host_list(std::string_view content);

}  // namespace badmx::checker
