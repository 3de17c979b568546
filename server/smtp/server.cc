#include "server/smtp/server.h"

#include "server/engine.h"
#include "server/smtp/smtp_service.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace badmx::server {

struct Server::Running {
  Running(std::vector<Listener> listeners, const Options& options)
      : service(std::move(listeners), options),
        engine(service, service.ports(),
               {.threads = options.threads, .connections = options.limits.connections}) {}

  SmtpService service;
  Engine engine;
};

Server::Server(std::vector<Listener> listeners, const Options& options)
    : running_(std::make_unique<Running>(std::move(listeners), options)) {}

Server::~Server() = default;
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;

std::uint16_t Server::port(std::size_t listener) const {
  return running_->engine.port(running_->service.port_of(listener));
}

std::vector<ConnectionRecord> Server::records() const {
  return running_->service.journal().records();
}

std::vector<Message> Server::messages() const { return running_->service.journal().messages(); }

std::vector<ConnectionRecord> Server::wait_for_records(std::string_view scenario, std::size_t count,
                                                       std::chrono::milliseconds most) const {
  return running_->service.journal().wait_for(scenario, count, most);
}

}  // namespace badmx::server
