// Listening sockets: the same port on several addresses. Internal to the engine.
#pragma once

#include "server/engine.h"

#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>

#include <cstdint>
#include <vector>

namespace badmx::server {

struct BoundPort {
  std::uint16_t number = 0;
  std::vector<asio::ip::tcp::acceptor> acceptors;  // one an address
};

// Listens on all addresses with one port; 0: one that is free on each of them. Throws
// std::system_error naming the address and port.
BoundPort bind_port(asio::io_context& context, const Port& port);

}  // namespace badmx::server
