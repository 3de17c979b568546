// The servers behind one port, as a conversation sees them.
#pragma once

#include "server/smtp/behaviour.h"

#include <atomic>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::server {

// One server: a Listener without its sockets.
struct VirtualServer {
  std::string scenario;
  Behaviour behaviour;
  std::atomic<std::uint64_t> connections{0};  // that it got so far

  // What holds for its next connection.
  const Conversation& next() {
    return conversation_for(behaviour, connections.fetch_add(1, std::memory_order_relaxed) + 1);
  }
};

// Those that share a port: the first speaks until a ClientHello names another. The servers are
// borrowed and not empty.
struct SharedPort {
  std::vector<VirtualServer*> servers;
  std::map<std::string, VirtualServer*, std::less<>> by_name;  // host names in lower case

  VirtualServer& first() const { return *servers.front(); }
  // Whom the name is for; the first where it is nobody's.
  VirtualServer& named(std::string_view sni) const;
};

// As names are compared in by_name: in lower case, without the final dot.
std::string folded_name(std::string_view name);

}  // namespace badmx::server
