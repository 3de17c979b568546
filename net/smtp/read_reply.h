// A server's reply, read from a wire.
#pragma once

#include "net/smtp/reply.h"
#include "net/wire.h"

#include <asio/awaitable.hpp>

#include <string>

namespace badmx::smtp {

struct ReplyRead {
  net::WireStatus status =
      net::WireStatus::ok;  // limit_exceeded: a line, the reply or the number of lines
  ReplyState state = ReplyState::need_more;  // complete, or malformed though the status is ok
  Reply reply{};                             // what there was of it
  std::string malformed{};                   // the line that is no reply
};

// Reads lines until the reply is complete, malformed or too long, within the wire's deadline.
asio::awaitable<ReplyRead> read_reply(net::Wire& wire, ReplyLimits limits);

}  // namespace badmx::smtp
