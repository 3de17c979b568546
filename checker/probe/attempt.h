// One connection to a server: the session as a sender would begin it. Internal to the probe.
#pragma once

#include "checker/observation.h"
#include "checker/probe_kind.h"
#include "checker/target.h"
#include "net/dial.h"
#include "net/tls/context.h"

#include <asio/awaitable.hpp>

#include <deque>

namespace badmx::checker {

// What one thread makes once and every attempt on it uses.
class ClientContexts {
 public:
  const tls::ClientContext& of(Probe probe);

 private:
  struct Made {
    tls::ClientSetup setup;
    tls::ClientContext context;
  };

  tls::Library library_;
  std::deque<Made> made_;  // the ordinary one first; few servers need another
};

// Both outlive the attempts.
struct AttemptTools {
  ClientContexts& contexts;
  const net::Dial& dial;
};

// `tls_octets_came`: whether the server answered the ClientHello with anything.
asio::awaitable<Attempt> make_attempt(const AttemptTools& tools, const Target& target, Probe probe,
                                      bool& tls_octets_came);

}  // namespace badmx::checker
