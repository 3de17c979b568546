#include "server/smtp/close_mode.h"

namespace badmx::server {

using net::WireStatus;

asio::awaitable<void> close_wire(net::Wire& wire, CloseMode mode) {
  if (mode == CloseMode::finish) {
    co_await wire.finish();
  }
  if (mode == CloseMode::finish_without_notify) {
    co_await wire.finish_without_close_notify();
  }
  if (mode == CloseMode::reset) wire.reset();
  if (mode == CloseMode::drop) wire.close();
}

End end_of(WireStatus status) {
  switch (status) {
    case WireStatus::reset:
      return End::client_reset;
    case WireStatus::timed_out:
      return End::timed_out;
    case WireStatus::limit_exceeded:
      return End::limit_exceeded;
    case WireStatus::stopped:
      return End::stopped;
    case WireStatus::ok:
    case WireStatus::closed:
    case WireStatus::tls_failed:
    case WireStatus::not_tls:
    case WireStatus::error:
      break;
  }
  return End::client_closed;
}

}  // namespace badmx::server
