// Threads and listening sockets, and the connections that come in: handed to a Service, counted,
// bounded and stopped here. Knows no protocol.
#pragma once

#include "server/service.h"

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

namespace badmx::server {

// A port on one address or more.
struct Port {
  std::vector<std::string> addresses{};  // "127.0.0.1", "::1"; all get the same number
  std::uint16_t number = 0;              // 0: any free one

  bool operator==(const Port&) const = default;
};

struct EngineOptions {
  int threads = 1;
  std::size_t connections = 10000;  // open at once; more are closed at accept
};

class Engine {
 public:
  // Binds and listens before it returns. Throws std::system_error naming the address and port. The
  // service outlives the engine.
  Engine(Service& service, const std::vector<Port>& ports, const EngineOptions& options);
  ~Engine();  // open connections are stopped; all threads stop side by side
  Engine(const Engine&) = delete;
  Engine& operator=(const Engine&) = delete;
  Engine(Engine&&) = delete;
  Engine& operator=(Engine&&) = delete;

  // The number of a port, by its place in the constructor's argument.
  std::uint16_t port(std::size_t place) const;

 private:
  struct Threads;
  std::unique_ptr<Threads> threads_;
};

}  // namespace badmx::server
