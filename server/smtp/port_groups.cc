#include "server/smtp/port_groups.h"

#include <fmt/format.h>

#include <algorithm>
#include <stdexcept>

namespace badmx::server {
namespace {

void require_shareable(const Listener& listener, const Listener& first) {
  if (listener.behaviour.mode != first.behaviour.mode) {
    throw std::invalid_argument(
        fmt::format("\"{}\" can't share a port with \"{}\": one begins TLS by STARTTLS, the other "
                    "at once or never",
                    listener.scenario, first.scenario));
  }
  if (!can_share_port(listener.behaviour)) {
    throw std::invalid_argument(
        fmt::format("\"{}\" can't share a port: it deviates before the ClientHello names a server",
                    listener.scenario));
  }
}

}  // namespace

std::vector<std::vector<std::size_t>> port_groups(const std::vector<Listener>& listeners) {
  std::vector<std::vector<std::size_t>> groups;
  for (std::size_t place = 0; place < listeners.size(); ++place) {
    const Listener& listener = listeners[place];
    const auto shared = std::find_if(groups.begin(), groups.end(), [&](const auto& group) {
      const Listener& first = listeners[group.front()];
      return !listener.sni.empty() && first.port == listener.port &&
             first.addresses == listener.addresses;
    });
    if (shared == groups.end()) {
      groups.push_back({place});
    } else {
      require_shareable(listener, listeners[shared->front()]);
      shared->push_back(place);
    }
  }
  return groups;
}

}  // namespace badmx::server
