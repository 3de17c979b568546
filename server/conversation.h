// One connection from its first octet to its record: internal to the server.
#pragma once

#include "server/contexts.h"
#include "server/journal.h"
#include "server/server.h"
#include "server/site.h"
#include "smtp/wire.h"

#include <cstdint>

namespace badmx::server {

// What a conversation needs around it; all of it outlives it.
struct Surroundings {
  const SharedPort* port = nullptr;
  Contexts* contexts = nullptr;  // of this thread
  Journal* journal = nullptr;
  const Limits* limits = nullptr;
  std::uint64_t number = 0;  // of the connection
};

smtp::WireOptions wire_options(const Limits& limits);

// Talks until the connection has ended, and adds its record to the journal. The wire is the
// caller's, who may stop() it.
asio::awaitable<void> converse(smtp::Wire& wire, Surroundings around);

}  // namespace badmx::server
