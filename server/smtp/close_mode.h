// How a connection ends: what the server does about it, and what the record says. Internal to the
// server.
#pragma once

#include "net/wire.h"
#include "server/smtp/record.h"

#include <asio/awaitable.hpp>

namespace badmx::server {

enum class CloseMode {
  finish,  // the good end
  finish_without_notify,
  reset,
  drop,  // nothing more is said
};

asio::awaitable<void> close_wire(net::Wire& wire, CloseMode mode);

// What a status that isn't ok is in the record.
End end_of(net::WireStatus status);

}  // namespace badmx::server
