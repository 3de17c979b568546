#include "server/bound_ports.h"

#include <asio/ip/address.hpp>
#include <asio/ip/v6_only.hpp>
#include <fmt/format.h>

#include <stdexcept>
#include <system_error>

namespace badmx::server {
namespace {

using asio::ip::tcp;

std::string text(const std::string& address, std::uint16_t port) {
  const bool is_v6 = address.find(':') != std::string::npos;
  return is_v6 ? fmt::format("[{}]:{}", address, port) : fmt::format("{}:{}", address, port);
}

// In the standard's category: Asio's own compares with no std::errc.
void require(std::error_code error, const std::string& address, std::uint16_t port) {
  if (!error) return;
  throw std::system_error(error.value(), std::generic_category(),
                          "can't listen on " + text(address, port));
}

tcp::acceptor listen(asio::io_context& context, const std::string& address, std::uint16_t port) {
  std::error_code error;
  const asio::ip::address ip = asio::ip::make_address(address, error);
  require(error, address, port);
  const tcp::endpoint endpoint(ip, port);
  tcp::acceptor acceptor(context);
  acceptor.open(endpoint.protocol(), error);
  require(error, address, port);
  acceptor.set_option(tcp::acceptor::reuse_address(true), error);
  if (!error && ip.is_v6()) acceptor.set_option(asio::ip::v6_only(true), error);
  if (!error) acceptor.bind(endpoint, error);
  if (!error) acceptor.listen(tcp::acceptor::max_listen_connections, error);
  require(error, address, port);
  return acceptor;
}

}  // namespace

BoundPort bind_port(asio::io_context& context, const Port& port) {
  if (port.addresses.empty()) throw std::invalid_argument("a listener without an address");
  // A port that the system gives for one address may be taken on the next.
  constexpr int most_tries = 50;
  for (int tries = 1;; ++tries) {
    BoundPort bound;
    bound.number = port.number;
    try {
      for (const std::string& address : port.addresses) {
        bound.acceptors.push_back(listen(context, address, bound.number));
        bound.number = bound.acceptors.back().local_endpoint().port();
      }
      return bound;
    } catch (const std::system_error& problem) {
      const bool try_another = port.number == 0 && !bound.acceptors.empty() &&
                               problem.code() == std::errc::address_in_use;
      if (!try_another || tries == most_tries) throw;
    }
  }
}

}  // namespace badmx::server
