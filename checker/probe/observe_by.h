// The whole look at a server as a coroutine, by connections of the caller's making: for checks
// without sockets.
#pragma once

#include "checker/observation.h"
#include "checker/target.h"
#include "net/dial.h"

#include <asio/awaitable.hpp>

namespace badmx::checker {

// As observe() of checker/probe/probe.h. The target's addresses are handed to `dial`.
asio::awaitable<Observation> observe_by(net::Dial dial, Target target);

}  // namespace badmx::checker
