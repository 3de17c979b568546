// Which listeners share a port. Internal to the server.
#pragma once

#include "server/smtp/server.h"

#include <cstddef>
#include <vector>

namespace badmx::server {

// The places in `listeners` that go by one port, the one that speaks first in front. Throws
// std::invalid_argument, naming the scenario, where one can't share.
std::vector<std::vector<std::size_t>> port_groups(const std::vector<Listener>& listeners);

}  // namespace badmx::server
