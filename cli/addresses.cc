#include "cli/addresses.h"

#include "cli/failure.h"
#include "cli/options.h"

#include <fmt/format.h>

#include <arpa/inet.h>
#include <charconv>
#include <cstdint>
#include <netinet/in.h>
#include <optional>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace badmx::cli {
namespace {

std::optional<std::uint32_t> read_ipv4(const std::string& text) {
  in_addr address{};
  if (inet_pton(AF_INET, text.c_str(), &address) != 1) return std::nullopt;
  return ntohl(address.s_addr);
}

std::string ipv4_text(std::uint32_t address) {
  return fmt::format("{}.{}.{}.{}", address >> 24U, address >> 16U & 0xffU, address >> 8U & 0xffU,
                     address & 0xffU);
}

bool is_address(const std::string& text) {
  in6_addr address{};
  return read_ipv4(text).has_value() || inet_pton(AF_INET6, text.c_str(), &address) == 1;
}

Addresses read_range(const std::string& text, std::size_t most) {
  const std::size_t slash = text.find('/');
  const auto network = read_ipv4(text.substr(0, slash));
  const std::string_view digits = std::string_view(text).substr(slash + 1);
  unsigned bits = 0;
  const auto [end, error] = std::from_chars(digits.data(), digits.data() + digits.size(), bits);
  if (!network || error != std::errc{} || end != digits.data() + digits.size() || bits < 8 ||
      bits > 30) {
    throw Failure(exit_usage, fmt::format("--listen: found \"{}\"; a range is written like "
                                          "127.1.0.0/24, with 8 to 30 bits",
                                          text));
  }
  Addresses addresses{.each = {}, .is_range = true};
  const std::uint32_t size = 1U << (32U - bits);
  const std::uint32_t first = *network & ~(size - 1U);
  for (std::uint32_t i = 1; i + 1 < size && addresses.each.size() < most; ++i) {
    addresses.each.push_back(ipv4_text(first + i));
  }
  return addresses;
}

}  // namespace

Addresses read_addresses(const std::vector<std::string>& listen, std::size_t most) {
  Addresses addresses;
  for (const std::string& each : listen) {
    if (each.find('/') != std::string::npos) {
      if (listen.size() > 1) {
        throw Failure(exit_usage,
                      "--listen: give a range alone; each scenario gets one of its addresses");
      }
      return read_range(each, most);
    }
    if (!is_address(each)) {
      throw Failure(exit_usage, fmt::format("--listen: found \"{}\"; a numeric address or a range "
                                            "is wanted, such as 127.0.0.1, ::1, 127.1.0.0/24",
                                            each));
    }
    addresses.each.push_back(each);
  }
  if (addresses.each.empty()) {
    addresses.each.emplace_back("127.0.0.1");
    if (can_bind("::1")) addresses.each.emplace_back("::1");
  }
  return addresses;
}

void require_addresses(const Addresses& addresses, std::size_t servers) {
  if (!addresses.is_range || addresses.each.size() >= servers) return;
  throw Failure(exit_usage, fmt::format("--listen: the range has {} addresses for {} servers",
                                        addresses.each.size(), servers));
}

std::vector<ServerPlace> gateway_places(const GatewayPlacing& placing, std::size_t scenarios) {
  const Addresses addresses = read_addresses({placing.listen}, scenarios + 1);
  const bool one_place = !addresses.is_range && placing.port != 0 && placing.base_port == 0;
  if (placing.turns == Turns::one_by_one) {
    if (!one_place) {
      throw Failure(exit_usage,
                    "--in-turn: one address and one port are wanted, as in --listen 127.0.0.1 "
                    "--port 2525");
    }
    return std::vector<ServerPlace>(scenarios, {.address = addresses.each.front(),
                                                .port = static_cast<std::uint16_t>(placing.port)});
  }
  if (one_place && scenarios > 1) {
    throw Failure(
        exit_usage,
        "--listen: several scenarios on one port need a range of addresses (127.1.0.0/24), "
        "ports of their own (--base-port 2500), or turns (--in-turn)");
  }
  const std::size_t count = scenarios + (one_place ? 0 : 1);
  require_addresses(addresses, count);
  std::vector<ServerPlace> places;
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t port = placing.base_port != 0
                                 ? static_cast<std::size_t>(placing.base_port) + i
                                 : static_cast<std::size_t>(placing.port);
    if (port > 65535) throw Failure(exit_usage, "--base-port: there are not enough ports above it");
    places.push_back({.address = addresses.is_range ? addresses.each[i] : addresses.each.front(),
                      .port = static_cast<std::uint16_t>(port)});
  }
  return places;
}

bool is_loopback(const std::string& address) {
  const auto ipv4 = read_ipv4(address);
  return address == "::1" || (ipv4 && *ipv4 >> 24U == 127U);
}

bool can_bind(const std::string& address) {
  sockaddr_in6 v6{};
  v6.sin6_family = AF_INET6;
  if (inet_pton(AF_INET6, address.c_str(), &v6.sin6_addr) != 1) {
    return read_ipv4(address).has_value();
  }
  const int socket_ = ::socket(AF_INET6, SOCK_STREAM | SOCK_CLOEXEC, 0);
  if (socket_ < 0) return false;
  const bool bound = ::bind(socket_, reinterpret_cast<const sockaddr*>(&v6), sizeof v6) == 0;
  ::close(socket_);
  return bound;
}

}  // namespace badmx::cli
