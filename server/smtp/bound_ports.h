// Listening sockets: which listeners share one, and the same port on several addresses. Internal to
// the server.
#pragma once

#include "server/smtp/server.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace badmx::server {

// The places in `listeners` that go by one port, the one that speaks first in front. Throws
// std::invalid_argument, naming the scenario, where one can't share.
std::vector<std::vector<std::size_t>> port_groups(const std::vector<Listener>& listeners);

struct BoundPort {
  std::uint16_t number = 0;
  std::vector<asio::ip::tcp::acceptor> acceptors;  // one an address
};

// Listens on all addresses with one port; 0: one that is free on each of them. Throws
// std::system_error naming the address and port.
BoundPort bind_port(asio::io_context& context, const std::vector<std::string>& addresses,
                    std::uint16_t port);

}  // namespace badmx::server
