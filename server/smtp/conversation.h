// One connection from its first octet to its record: internal to the server.
#pragma once

#include "net/wire.h"
#include "server/smtp/contexts.h"
#include "server/smtp/journal.h"
#include "server/smtp/server.h"
#include "server/smtp/virtual_server.h"

#include <cstdint>

namespace badmx::server {

// What a conversation needs around it; all of it outlives it.
struct ConnectionContext {
  const SharedPort* port = nullptr;
  Contexts* contexts = nullptr;  // of this thread
  Journal* journal = nullptr;
  const Limits* limits = nullptr;
  std::uint64_t number = 0;  // of the connection
};

// Talks until the connection has ended, and adds its record to the journal. The wire is the
// caller's, who may stop() it.
asio::awaitable<void> converse(net::Wire& wire, ConnectionContext context);

}  // namespace badmx::server
