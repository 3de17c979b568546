#include "net/smtp/read_reply.h"

#include <utility>

namespace badmx::smtp {

asio::awaitable<ReplyRead> read_reply(net::Wire& wire, ReplyLimits limits) {
  ReplyRead read;
  ReplyParser parser(limits);
  while (parser.state() == ReplyState::need_more && read.status == net::WireStatus::ok) {
    net::LineRead line = co_await wire.read_line();
    read.status = line.status;
    if (line.status != net::WireStatus::ok) {
      break;
    }
    if (parser.take(line.line) == ReplyState::malformed) {
      read.malformed = std::move(line.line);
    }
  }
  read.state = parser.state();
  read.reply = parser.reply();
  if (read.state == ReplyState::limit_exceeded) {
    read.status = net::WireStatus::limit_exceeded;
  }
  co_return read;
}

}  // namespace badmx::smtp
