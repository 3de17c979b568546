// What is spoken behind the engine's ports. The engine listens, counts, bounds and stops; a service
// says what goes over the wire.
#pragma once

#include "net/wire.h"

#include <asio/awaitable.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>

namespace badmx::server {

// A connection as a service gets it.
struct Connection {
  std::size_t port = 0;      // which of the engine's ports, from 0
  std::uint64_t number = 0;  // of the engine's connections, from 1
};

// One thread's part of a service: what it makes once and all its connections use. Outlives the
// connections that it serves.
class ServiceThread {
 public:
  ServiceThread() = default;
  virtual ~ServiceThread() = default;
  ServiceThread(const ServiceThread&) = delete;
  ServiceThread& operator=(const ServiceThread&) = delete;
  ServiceThread(ServiceThread&&) = delete;
  ServiceThread& operator=(ServiceThread&&) = delete;

  // Talks until the connection has ended. The wire is the engine's, which may stop() it.
  virtual asio::awaitable<void> serve(net::Wire& wire, Connection connection) = 0;
};

class Service {
 public:
  Service() = default;
  virtual ~Service() = default;
  Service(const Service&) = delete;
  Service& operator=(const Service&) = delete;
  Service(Service&&) = delete;
  Service& operator=(Service&&) = delete;

  virtual net::WireOptions wire_options() const = 0;
  // Called once for each of the engine's threads, before any of them runs.
  virtual std::unique_ptr<ServiceThread> make_thread() = 0;
};

}  // namespace badmx::server
