#include "net/wire_state.h"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>

namespace badmx::net {
namespace {

using asio::ip::tcp;
using std::chrono::milliseconds;

constexpr std::size_t most_not_tls = 256;
constexpr std::size_t most_drained = 1048576;
constexpr milliseconds longest_wait_for_text{200};

}  // namespace

bool may_begin_record(std::string_view octets) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  return (octets.empty() || (octet(0) >= 20 && octet(0) <= 23)) &&
         (octets.size() < 2 || octet(1) == 3);
}

WireStatus status_of(tls::Progress written) {
  if (written == tls::Progress::failed) {
    return WireStatus::tls_failed;
  }
  return written == tls::Progress::closed ? WireStatus::closed : WireStatus::ok;
}

void Wire::State::prepare_socket() {
  asio::error_code ignored;
  socket.set_option(tcp::no_delay(true), ignored);
  socket.non_blocking(true, ignored);
}

// One wait is kept under way. A later deadline doesn't touch it: when it ends too early it is begun
// again, which happens once in many steps.
void Wire::State::arm() {
  const Clock::time_point until = deadline();
  if (until >= armed_until) {
    return;
  }
  armed_until = until;
  timer.expires_at(until);
  timer.async_wait([weak = weak_from_this()](const asio::error_code& code) {
    const std::shared_ptr<State> self = weak.lock();
    if (code || !self) {
      return;
    }
    self->armed_until = Clock::time_point::max();
    if (self->interruption() == WireStatus::ok) {
      self->arm();
    } else {
      self->cancel();
    }
  });
}

void Wire::State::cancel() {
  asio::error_code ignored;
  if (memory) {
    memory->cancel();
  } else {
    socket.cancel(ignored);
  }
  if (pausing != nullptr) {
    pausing->cancel();
  }
}

WireStatus Wire::State::interruption() const {
  if (stopped) {
    return WireStatus::stopped;
  }
  return Clock::now() >= deadline() ? WireStatus::timed_out : WireStatus::ok;
}

WireStatus Wire::State::status_of(const asio::error_code& code) {
  if (!code) {
    return WireStatus::ok;
  }
  if (code == asio::error::operation_aborted && interruption() != WireStatus::ok) {
    return interruption();
  }
  if (code == asio::error::eof) {
    return was_reset ? WireStatus::reset : WireStatus::closed;
  }
  error = code.message();
  if (code == asio::error::connection_reset || code == asio::error::broken_pipe ||
      code == asio::error::connection_aborted) {
    was_reset = true;
    return WireStatus::reset;
  }
  return WireStatus::error;
}

void Wire::State::note(Speaker speaker, std::string_view line) {
  capture.note(speaker, layer(), line,
               std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - start));
}

void Wire::State::note_lines(std::string_view bytes) {
  while (options.transcript_lines > 0 && !bytes.empty()) {
    const std::size_t end = bytes.find('\n');
    std::string_view line = bytes.substr(0, end);
    if (line.ends_with('\r')) {
      line.remove_suffix(1);
    }
    note(options.us, line);
    bytes.remove_prefix(end == std::string_view::npos ? bytes.size() : end + 1);
  }
}

void Wire::State::note_not_tls(x509::ByteView bytes) {
  not_tls.octets += bytes.size();
  not_tls.first += x509::as_text(bytes.first(std::min(bytes.size(), most_not_tls)));
  not_tls.first.resize(std::min(not_tls.first.size(), most_not_tls));
}

WireStatus Wire::State::feed(x509::ByteView bytes) {
  if (!begins_as_tls) {
    note_not_tls(bytes);
    if (!may_begin_record(not_tls.first)) {
      return WireStatus::not_tls;
    }
    if (not_tls.octets >= 2) {
      begins_as_tls = true;
      not_tls = {};
    }
  }
  channel->feed(bytes);
  return WireStatus::ok;
}

void Wire::State::allow(milliseconds time) {
  step_deadline = Clock::now() + time;
  total_deadline = step_deadline;
  arm();
}

void Wire::State::shut_down_sending(asio::error_code& code) {
  if (memory) {
    memory->shut_down_sending();
  } else {
    socket.shutdown(tcp::socket::shutdown_send, code);
  }
}

void Wire::State::close() {
  if (memory) memory->close();
  asio::error_code ignored;
  socket.close(ignored);
}

asio::awaitable<WireStatus> Wire::State::receive() {
  received_length = 0;
  if (const WireStatus early = interruption(); early != WireStatus::ok) {
    co_return early;
  }
  asio::error_code code;
  std::size_t length = 0;
  if (memory) {
    length = co_await memory->receive(received, code);
  } else {
    length = co_await socket.async_read_some(asio::buffer(received),
                                             asio::redirect_error(asio::use_awaitable, code));
  }
  if (code) {
    co_return status_of(code);
  }
  octets_read += length;
  if (options.total > 0 && octets_read > options.total) {
    co_return WireStatus::limit_exceeded;
  }
  received_length = length;
  co_return WireStatus::ok;
}

// Input for the channel, the end of the stream included.
asio::awaitable<WireStatus> Wire::State::receive_tls() {
  const WireStatus status = co_await receive();
  if (status == WireStatus::closed) {
    channel->feed_end();
    co_return WireStatus::ok;
  }
  co_return status == WireStatus::ok ? feed(received_bytes()) : status;
}

// Written at once where the socket takes it, which it nearly always does.
asio::awaitable<WireStatus> Wire::State::send(x509::ByteView bytes) {
  while (!bytes.empty()) {
    if (const WireStatus early = interruption(); early != WireStatus::ok) {
      co_return early;
    }
    asio::error_code code;
    const std::size_t sent =
        memory ? memory->send(bytes, code)
               : socket.write_some(asio::buffer(bytes.data(), bytes.size()), code);
    bytes = bytes.subspan(sent);
    if (code == asio::error::would_block || code == asio::error::try_again) {
      code.clear();
      if (memory) {
        co_await memory->wait_for_room(code);
      } else {
        co_await socket.async_wait(tcp::socket::wait_write,
                                   asio::redirect_error(asio::use_awaitable, code));
      }
    }
    if (code) {
      co_return status_of(code);
    }
  }
  co_return WireStatus::ok;
}

asio::awaitable<WireStatus> Wire::State::flush() {
  if (!channel->has_output()) {
    co_return WireStatus::ok;
  }
  const x509::Bytes output = channel->take_output();
  co_return co_await send(output);
}

asio::awaitable<WireStatus> Wire::State::fill_from_channel() {
  x509::Bytes bytes;
  while (true) {
    const tls::Progress progress = channel->read(bytes);
    if (progress == tls::Progress::done) {
      plain.append(x509::as_text(bytes));
      co_return WireStatus::ok;
    }
    co_await flush();  // whether or not it gets through: what has come is still to be read
    if (progress == tls::Progress::failed) {
      co_return WireStatus::tls_failed;
    }
    if (progress == tls::Progress::closed) {
      co_return WireStatus::closed;
    }
    if (const WireStatus status = co_await receive_tls(); status != WireStatus::ok) {
      co_return status;
    }
  }
}

// Appends what comes next to `plain`.
asio::awaitable<WireStatus> Wire::State::fill() {
  if (channel) {
    co_return co_await fill_from_channel();
  }
  const WireStatus status = co_await receive();
  plain.append(x509::as_text(received_bytes()));
  co_return status;
}

asio::awaitable<WireStatus> Wire::State::write(std::string_view bytes) {
  if (!channel) {
    co_return co_await send(x509::as_bytes(bytes));
  }
  const tls::Progress progress = channel->write(x509::as_bytes(bytes));
  const WireStatus sent = co_await flush();
  const WireStatus wrote = badmx::net::status_of(progress);
  co_return wrote == WireStatus::ok ? sent : wrote;
}

// The rest of the line of which a segment brought the beginning, where it comes soon.
asio::awaitable<void> Wire::State::read_text_instead_of_tls() {
  step_deadline = std::min(step_deadline, Clock::now() + longest_wait_for_text);
  arm();
  WireStatus status = WireStatus::ok;
  while (status == WireStatus::ok && not_tls.first.size() < most_not_tls &&
         not_tls.first.find('\n') == std::string::npos) {
    status = co_await receive();
    note_not_tls(received_bytes());
  }
}

// Half-closes, then reads until the peer has closed too. What comes under TLS still goes through
// the channel, which notes the alerts in it.
asio::awaitable<void> Wire::State::drain() {
  asio::error_code code;
  shut_down_sending(code);
  x509::Bytes scrap;
  const std::size_t most = octets_read + most_drained;
  while (!code && octets_read < most) {
    const WireStatus status = co_await receive();
    if (status != WireStatus::ok) {
      break;
    }
    if (channel && feed(received_bytes()) == WireStatus::ok) {
      while (channel->read(scrap) == tls::Progress::done) {
        scrap.clear();
      }
    }
  }
  close();
}

}  // namespace badmx::net
