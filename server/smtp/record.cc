#include "server/smtp/record.h"

#include <string_view>

namespace badmx::server {

std::string_view name(Delivered delivered) {
  switch (delivered) {
    case Delivered::no:
      return "no";
    case Delivered::in_clear:
      return "in-clear";
    case Delivered::under_tls:
      return "under-tls";
  }
  return "no";
}

std::string_view name(Auth auth) {
  switch (auth) {
    case Auth::none:
      return "none";
    case Auth::in_clear:
      return "in-clear";
    case Auth::under_tls:
      return "under-tls";
  }
  return "none";
}

std::string_view name(End end) {
  switch (end) {
    case End::quit:
      return "quit";
    case End::client_closed:
      return "client-closed";
    case End::client_reset:
      return "client-reset";
    case End::server_closed:
      return "server-closed";
    case End::handshake_failed:
      return "handshake-failed";
    case End::timed_out:
      return "timed-out";
    case End::limit_exceeded:
      return "limit-exceeded";
    case End::stopped:
      return "stopped";
  }
  return "client-closed";
}

}  // namespace badmx::server
