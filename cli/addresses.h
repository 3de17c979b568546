// The addresses that `serve --listen` names.
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <vector>

namespace badmx::cli {

struct Addresses {
  std::vector<std::string> each;  // all of them, in order
  bool is_range = false;          // one scenario an address, instead of every scenario on all
};

// "127.0.0.1", "::1", or an IPv4 range "127.1.0.0/24", whose first and last address (network and
// broadcast) are left out. A range stands alone. Throws Failure.
Addresses read_addresses(const std::vector<std::string>& listen, std::size_t most);

// Where one server of a gateway's run listens.
struct ServerPlace {
  std::string address{};
  std::uint16_t port = 0;  // 0: any free one
};

// Whether the servers are there all at once, or each alone while it is its turn.
enum class Turns { together, one_by_one };

// As the user says it; numbers that are 0 weren't said.
struct GatewayPlacing {
  std::string listen{};  // an address, or a range
  int port = 0;
  int base_port = 0;  // ports of their own, from there on
  Turns turns = Turns::together;
};

// One for each scenario in their order, and one more for the bounces unless a single scenario is
// all there is a place for, or they take turns at one place. Throws Failure when there are too few.
std::vector<ServerPlace> gateway_places(const GatewayPlacing& placing, std::size_t scenarios);

// Throws Failure when a range has fewer addresses than there are servers.
void require_addresses(const Addresses& addresses, std::size_t servers);

// 127.0.0.0/8 and ::1.
bool is_loopback(const std::string& address);
// Whether a socket can be bound to it here: ::1 isn't everywhere.
bool can_bind(const std::string& address);

}  // namespace badmx::cli
