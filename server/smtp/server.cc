#include "server/smtp/server.h"

#include "server/smtp/engine.h"

#include <algorithm>
#include <system_error>
#include <utility>

namespace badmx::server {

Server::Server(std::vector<Listener> listeners, Options options)
    : engine_(std::make_unique<Engine>(std::move(listeners), std::move(options))) {}

Server::~Server() = default;
Server::Server(Server&&) noexcept = default;
Server& Server::operator=(Server&&) noexcept = default;

std::uint16_t Server::port(std::size_t listener) const { return engine_->ports.at(listener); }

std::vector<ConnectionRecord> Server::records() const { return engine_->journal.records(); }

std::vector<Message> Server::messages() const { return engine_->journal.messages(); }

std::vector<ConnectionRecord> Server::wait_for_records(std::string_view scenario, std::size_t count,
                                                       std::chrono::milliseconds most) const {
  return engine_->journal.wait_for(scenario, count, most);
}

}  // namespace badmx::server
