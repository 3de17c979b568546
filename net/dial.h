// How a connection is made.
#pragma once

#include "net/wire.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <functional>

namespace badmx::net {

// Connects a fresh wire, within its deadline. By a socket where nothing else is said (dial_socket);
// tests and fuzzing connect it to a server in the same process.
using Dial =
    std::function<asio::awaitable<WireStatus>(Wire& wire, asio::ip::tcp::endpoint endpoint)>;

inline asio::awaitable<WireStatus> dial_socket(Wire& wire, asio::ip::tcp::endpoint endpoint) {
  return wire.connect(endpoint);
}

}  // namespace badmx::net
