// Many fake servers in one engine. Starting returns a handle, dropping it stops them.
#pragma once

#include "server/smtp/behaviour.h"
#include "server/smtp/record.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::server {

// One server to be started: a behaviour on addresses and a port.
struct Listener {
  std::string scenario{};  // what its records are called by
  Behaviour behaviour{};
  std::vector<std::string> addresses{};  // "127.0.0.1", "::1"; all get the same port
  std::uint16_t port = 0;                // 0: any free one
  std::string sni{};  // not empty: shares its port, chosen when the ClientHello names this; the
                      // first listener of a shared port answers for all others

  bool operator==(const Listener&) const = default;
};

struct Limits {
  std::size_t connections = 10000;             // open at once; more are closed at accept
  std::chrono::seconds idle{300};              // longest wait for the client (RFC 5321 4.5.3.2.7)
  std::chrono::seconds session{3600};          // the whole of one connection
  std::size_t message = 10485760;              // octets
  std::size_t session_octets = 268435456;      // read from one client in all
  std::size_t messages_kept = 1000;            // the oldest go first
  std::size_t message_octets_kept = 67108864;  // likewise, all texts together
  std::size_t records_kept = 100000;
};

struct Options {
  int threads = 1;
  Limits limits{};
  // Called for every connection that has ended, before records() has it, from the server's threads,
  // one call at a time. It must not throw, nor destroy the server.
  std::function<void(const ConnectionRecord&)> on_record;
};

class Server {
 public:
  // Binds and listens before it returns. Throws std::system_error naming the address and port.
  Server(std::vector<Listener> listeners, const Options& options);
  explicit Server(std::vector<Listener> listeners) : Server(std::move(listeners), Options{}) {}
  ~Server();  // stops: open connections are closed and recorded as `stopped`
  Server(const Server&) = delete;
  Server& operator=(const Server&) = delete;
  Server(Server&&) noexcept;
  Server& operator=(Server&&) noexcept;

  // The port of a listener, by its place in the constructor's argument.
  std::uint16_t port(std::size_t listener) const;

  // What has ended so far, oldest first.
  std::vector<ConnectionRecord> records() const;
  std::vector<Message> messages() const;
  // Blocks until `count` connections of the scenario ("" is any) have ended, or the time is over;
  // returns the records there are.
  std::vector<ConnectionRecord> wait_for_records(std::string_view scenario, std::size_t count,
                                                 std::chrono::milliseconds most) const;

 private:
  struct Running;
  std::unique_ptr<Running> running_;
};

}  // namespace badmx::server
