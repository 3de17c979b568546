#include "net/memory_end.h"

#include <asio/error.hpp>
#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>

#include <algorithm>
#include <string>

namespace badmx::net {
namespace {

constexpr std::size_t pipe_capacity = 262144;

}  // namespace

// One direction.
struct MemoryEnd::Pipe {
  explicit Pipe(const asio::any_io_executor& executor)
      : changed(executor, asio::steady_timer::time_point::max()) {}

  asio::steady_timer changed;  // cancelled at every change: whoever waits looks again
  std::string octets;          // sent, not yet read
  bool ended = false;          // no more will be sent
  bool reset = false;          // by the sender
  bool reader_left = false;

  void tell() { changed.cancel(); }
};

struct MemoryEnd::Shared {
  asio::any_io_executor executor;
  std::shared_ptr<Pipe> incoming;
  std::shared_ptr<Pipe> outgoing;
  bool open = true;
  bool cancelled = false;
};

MemoryEnd::MemoryEnd(std::unique_ptr<Shared> shared) : shared_(std::move(shared)) {}
MemoryEnd::MemoryEnd(MemoryEnd&&) noexcept = default;

MemoryEnd::~MemoryEnd() {
  if (shared_) close();
}

std::pair<MemoryEnd, MemoryEnd> MemoryEnd::connected(const asio::any_io_executor& executor) {
  const auto forth = std::make_shared<Pipe>(executor);
  const auto back = std::make_shared<Pipe>(executor);
  const auto end = [&](const std::shared_ptr<Pipe>& incoming,
                       const std::shared_ptr<Pipe>& outgoing) {
    auto shared = std::make_unique<Shared>();
    shared->executor = executor;
    shared->incoming = incoming;
    shared->outgoing = outgoing;
    return MemoryEnd(std::move(shared));
  };
  return {end(back, forth), end(forth, back)};
}

const asio::any_io_executor& MemoryEnd::executor() const { return shared_->executor; }

asio::awaitable<void> MemoryEnd::wait(std::shared_ptr<Pipe> pipe, asio::error_code& code) {
  shared_->cancelled = false;
  asio::error_code woken;
  co_await pipe->changed.async_wait(asio::redirect_error(asio::use_awaitable, woken));
  if (shared_->cancelled) code = asio::error::operation_aborted;
}

asio::awaitable<std::size_t> MemoryEnd::receive(std::span<std::uint8_t> into,
                                                asio::error_code& code) {
  const std::shared_ptr<Pipe> pipe = shared_->incoming;
  code.clear();
  while (!code) {
    if (!shared_->open) {
      code = asio::error::bad_descriptor;
    } else if (!pipe->octets.empty()) {
      const std::size_t length = std::min(into.size(), pipe->octets.size());
      std::copy_n(pipe->octets.begin(), length, into.begin());
      pipe->octets.erase(0, length);
      pipe->tell();
      co_return length;
    } else if (pipe->reset) {
      code = asio::error::connection_reset;
    } else if (pipe->ended) {
      code = asio::error::eof;
    } else {
      co_await wait(pipe, code);
    }
  }
  co_return 0;
}

std::size_t MemoryEnd::send(x509::ByteView octets, asio::error_code& code) {
  code.clear();
  Pipe& pipe = *shared_->outgoing;
  if (!shared_->open || pipe.ended) {
    code = asio::error::broken_pipe;
  } else if (shared_->incoming->reset || pipe.reader_left) {
    code = asio::error::connection_reset;
  } else if (pipe.octets.size() >= pipe_capacity) {
    code = asio::error::would_block;
  }
  if (code) return 0;
  const std::size_t length = std::min(octets.size(), pipe_capacity - pipe.octets.size());
  pipe.octets += x509::as_text(octets.first(length));
  pipe.tell();
  return length;
}

asio::awaitable<void> MemoryEnd::wait_for_room(asio::error_code& code) {
  const std::shared_ptr<Pipe> pipe = shared_->outgoing;
  code.clear();
  while (!code && shared_->open && !pipe->reader_left && pipe->octets.size() >= pipe_capacity) {
    co_await wait(pipe, code);
  }
}

void MemoryEnd::shut_down_sending() {
  shared_->outgoing->ended = true;
  shared_->outgoing->tell();
}

void MemoryEnd::close() {
  if (!shared_->open) return;
  if (!shared_->incoming->octets.empty()) shared_->outgoing->reset = true;
  shared_->open = false;
  shared_->incoming->reader_left = true;
  shared_->incoming->tell();
  shut_down_sending();
}

void MemoryEnd::reset() {
  if (shared_->open) shared_->outgoing->reset = true;
  close();
}

void MemoryEnd::cancel() {
  shared_->cancelled = true;
  shared_->incoming->tell();
  shared_->outgoing->tell();
}

bool MemoryEnd::is_open() const { return shared_->open; }

}  // namespace badmx::net
