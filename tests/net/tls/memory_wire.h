// Two channels that talk to each other without a socket.
#pragma once

#include "net/tls/channel.h"
#include "net/tls/context.h"

namespace badmx::tls {

// Carries what either has to say to the other until both are silent.
inline void carry(Channel& a, Channel& b) {
  while (a.has_output() || b.has_output()) {
    b.feed(a.take_output());
    a.feed(b.take_output());
  }
}

struct Ends {
  Progress client = Progress::needs_input;
  Progress server = Progress::needs_input;
};

// Steps both through the handshake until neither can go on.
inline Ends shake(Channel& client, Channel& server) {
  Ends ends;
  for (int round = 0; round < 20; ++round) {
    if (ends.client == Progress::needs_input) ends.client = client.handshake();
    carry(client, server);
    if (ends.server == Progress::needs_input) ends.server = server.handshake();
    carry(client, server);
    if (ends.client != Progress::needs_input && ends.server != Progress::needs_input) break;
  }
  return ends;
}

// A client and a server with a library context each.
struct Pair {
  Pair(const ServerSetup& server_setup, const ClientSetup& client_setup,
       std::size_t most_chain = 1048576)
      : server_context(server_library, server_setup),
        client_context(client_library, client_setup),
        server(server_context.connection(), Channel::Role::server),
        client(client_context.connection("mx.example.test", most_chain), Channel::Role::client) {}

  Ends shake() { return tls::shake(client, server); }

  Library server_library;
  Library client_library;
  ServerContext server_context;
  ClientContext client_context;
  Channel server;
  Channel client;
};

}  // namespace badmx::tls
