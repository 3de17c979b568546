// Looks at servers: sockets are touched here and nothing is judged.
#pragma once

#include "checker/observation.h"
#include "checker/target.h"

#include <functional>
#include <span>
#include <string>
#include <vector>

namespace badmx::checker {

// Blocks until the observation is done; `target.limits` bounds it. A second, permissive attempt is
// made when the first handshake ended before a certificate came.
Observation observe(const Target& target);

// Many at once, each given to `take` with its index as soon as it is done: from several threads at
// the same time. Nothing is kept.
void observe_each(std::span<const Target> targets, std::size_t at_once, int threads,
                  const std::function<void(std::size_t, Observation)>& take);

// Many at once, at most `at_once` connections open, on `threads` threads; in the targets' order.
// `on_done` (may be empty) is called for each as it is done, one call at a time, with its index.
std::vector<Observation> observe_all(std::span<const Target> targets, std::size_t at_once,
                                     int threads, const std::function<void(std::size_t)>& on_done);

struct Resolution {
  std::vector<std::string> addresses{};  // numeric, at most 16
  std::string error{};                   // the system's words when there are none
};
// A host's addresses by the system's resolver; a numeric address is itself.
Resolution resolve(const std::string& host);

}  // namespace badmx::checker
