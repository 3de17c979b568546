// Short ways to say which server a live test talks to.
#pragma once

#include "server/smtp/server.h"
#include "tests/server/smtp/test_identity.h"

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace badmx::server::testing {

inline constexpr std::chrono::milliseconds patience{10000};

inline Conversation honest_conversation() {
  Conversation conversation;
  conversation.hostname = "mx.example.test";
  ServerIdentity identity;
  identity.identity = ec_identity();
  conversation.identities = {identity};
  return conversation;
}

inline Listener listener(const Conversation& conversation,
                         smtp::TlsMode mode = smtp::TlsMode::starttls) {
  Listener listener;
  listener.scenario = "it";
  listener.behaviour.mode = mode;
  listener.behaviour.connections = {conversation};
  listener.addresses = {"127.0.0.1"};
  return listener;
}

// One server, and the record of the only connection that a test makes to it.
class LiveServer {
 public:
  explicit LiveServer(Listener only, Options options = Options{})
      : server_(std::vector<Listener>{std::move(only)}, std::move(options)) {}
  explicit LiveServer(const Conversation& conversation) : LiveServer(listener(conversation)) {}

  std::uint16_t port() const { return server_.port(0); }
  Server& server() { return server_; }
  ConnectionRecord record() const { return records(1).at(0); }
  std::vector<ConnectionRecord> records(std::size_t count) const {
    return server_.wait_for_records("it", count, patience);
  }

 private:
  Server server_;
};

}  // namespace badmx::server::testing
