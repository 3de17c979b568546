// The fake mail servers as a Service: behaviours behind ports, and what has happened there.
#pragma once

#include "server/engine.h"
#include "server/service.h"
#include "server/smtp/journal.h"
#include "server/smtp/server.h"
#include "server/smtp/virtual_server.h"

#include <cstddef>
#include <list>
#include <memory>
#include <vector>

namespace badmx::server {

class SmtpService : public Service {
 public:
  // Throws std::invalid_argument, naming the scenario, where listeners can't share their port.
  SmtpService(std::vector<Listener> listeners, Options options);

  net::WireOptions wire_options() const override;
  std::unique_ptr<ServiceThread> make_thread() override;

  // The ports that the listeners need, and which of them a listener has.
  const std::vector<Port>& ports() const { return ports_; }
  std::size_t port_of(std::size_t listener) const { return port_of_.at(listener); }
  const SharedPort& shared_port(std::size_t port) const { return shared_ports_.at(port); }

  const Limits& limits() const { return limits_; }
  Journal& journal() { return journal_; }
  const Journal& journal() const { return journal_; }

 private:
  const Limits limits_;
  Journal journal_;
  std::list<VirtualServer> servers_;
  std::vector<Port> ports_;
  std::vector<SharedPort> shared_ports_;  // by port
  std::vector<std::size_t> port_of_;      // by listener
};

}  // namespace badmx::server
