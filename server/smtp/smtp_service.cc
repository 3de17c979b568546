#include "server/smtp/smtp_service.h"

#include "server/smtp/contexts.h"
#include "server/smtp/conversation.h"
#include "server/smtp/port_groups.h"

#include <utility>

namespace badmx::server {
namespace {

// Longer lines than RFC 5321 4.5.3.1.6 allows are common in real messages.
constexpr std::size_t longest_line = 65536;

class SmtpThread : public ServiceThread {
 public:
  explicit SmtpThread(SmtpService& service) : service_(service) {}

  asio::awaitable<void> serve(net::Wire& wire, Connection connection) override {
    ConnectionContext context;
    context.port = &service_.shared_port(connection.port);
    context.contexts = &contexts_;
    context.journal = &service_.journal();
    context.limits = &service_.limits();
    context.number = connection.number;
    return converse(wire, context);
  }

 private:
  SmtpService& service_;
  Contexts contexts_;
};

}  // namespace

SmtpService::SmtpService(std::vector<Listener> listeners, Options options)
    : limits_(options.limits),
      journal_(limits_, std::move(options.on_record)),
      port_of_(listeners.size()) {
  for (const std::vector<std::size_t>& group : port_groups(listeners)) {
    const Listener& first = listeners[group.front()];
    SharedPort shared;
    for (const std::size_t place : group) {
      Listener& listener = listeners[place];
      VirtualServer& server = servers_.emplace_back();
      server.scenario = listener.scenario;
      server.behaviour = std::move(listener.behaviour);
      shared.servers.push_back(&server);
      if (!listener.sni.empty()) shared.by_name.emplace(folded_name(listener.sni), &server);
      port_of_[place] = ports_.size();
    }
    ports_.push_back({.addresses = first.addresses, .number = first.port});
    shared_ports_.push_back(std::move(shared));
  }
}

net::WireOptions SmtpService::wire_options() const {
  net::WireOptions options;
  options.us = net::Speaker::server;
  options.line = longest_line;
  options.total = limits_.session_octets;
  return options;
}

std::unique_ptr<ServiceThread> SmtpService::make_thread() {
  return std::make_unique<SmtpThread>(*this);
}

}  // namespace badmx::server
