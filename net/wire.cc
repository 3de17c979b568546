#include "net/wire.h"

#include "net/wire_state.h"

#include <asio/redirect_error.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

namespace badmx::net {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t most_at_once = 16384;
constexpr milliseconds longest_drain{1000};

}  // namespace

Wire::Wire(const asio::any_io_executor& executor, WireOptions options)
    : Wire(tcp::socket(executor), options) {}

Wire::Wire(tcp::socket socket, WireOptions options)
    : state_(std::make_shared<State>(std::move(socket), options)) {
  if (state_->socket.is_open()) {
    state_->prepare_socket();
  }
}

Wire::Wire(MemoryEnd end, WireOptions options) : Wire(end.executor(), options) {
  state_->memory.emplace(std::move(end));
}

Wire::~Wire() { close(); }

void Wire::expire_after(milliseconds step) {
  state_->step_deadline = Clock::now() + step;
  state_->arm();
}

void Wire::expire_all_after(milliseconds total) {
  state_->total_deadline = Clock::now() + total;
  state_->arm();
}

asio::awaitable<WireStatus> Wire::connect(tcp::endpoint endpoint) {
  asio::error_code code;
  state_->socket.open(endpoint.protocol(), code);
  if (code) {
    co_return state_->status_of(code);
  }
  state_->prepare_socket();
  if (const WireStatus early = state_->interruption(); early != WireStatus::ok) {
    co_return early;
  }
  co_await state_->socket.async_connect(endpoint, asio::redirect_error(asio::use_awaitable, code));
  co_return state_->status_of(code);
}

void Wire::connect(MemoryEnd end) { state_->memory.emplace(std::move(end)); }

asio::awaitable<LineRead> Wire::read_line() {
  LineRead read;
  LineBuffer::Found found = state_->plain.take_line(read.line);
  while (found == LineBuffer::Found::none && read.status == WireStatus::ok) {
    read.status = co_await state_->fill();
    found = state_->plain.take_line(read.line);
  }
  if (found == LineBuffer::Found::too_long) {
    read.status = WireStatus::limit_exceeded;
  } else if (found == LineBuffer::Found::line) {
    read.status = WireStatus::ok;
  } else {
    read.line = take_buffered();
  }
  if (read.status == WireStatus::ok || !read.line.empty()) {
    state_->note(state_->them(), read.line);
  }
  co_return read;
}

asio::awaitable<BytesRead> Wire::read_some() {
  BytesRead read;
  if (buffered().empty()) {
    read.status = co_await state_->fill();
  }
  const std::string taken = state_->plain.take(most_at_once);
  read.bytes = x509::copy(x509::as_bytes(taken));
  co_return read;
}

asio::awaitable<WireStatus> Wire::write(std::string bytes) {
  state_->note_lines(bytes);
  co_return co_await state_->write(bytes);
}

asio::awaitable<WireStatus> Wire::write_last(std::string bytes) {
  if (!state_->channel) {
    co_return co_await write(std::move(bytes));
  }
  state_->note_lines(bytes);
  co_return status_of(state_->channel->write(x509::as_bytes(bytes)));
}

asio::awaitable<WireStatus> Wire::write_slowly(std::string bytes, milliseconds between) {
  state_->note_lines(bytes);
  WireStatus status = WireStatus::ok;
  for (std::size_t i = 0; i < bytes.size() && status == WireStatus::ok; ++i) {
    if (i > 0) {
      status = co_await pause(between);
    }
    if (status == WireStatus::ok) {
      status = co_await state_->write(std::string_view(bytes).substr(i, 1));
    }
  }
  co_return status;
}

asio::awaitable<WireStatus> Wire::pause(milliseconds time) {
  if (const WireStatus early = state_->interruption(); early != WireStatus::ok) {
    co_return early;
  }
  asio::steady_timer timer(state_->socket.get_executor(), time);
  state_->pausing = &timer;
  asio::error_code ignored;
  co_await timer.async_wait(asio::redirect_error(asio::use_awaitable, ignored));
  state_->pausing = nullptr;
  co_return state_->interruption();
}

std::string_view Wire::buffered() const { return state_->plain.rest(); }
std::string Wire::take_buffered() { return state_->plain.take(std::string::npos); }

asio::awaitable<HelloRead> Wire::read_client_hello() {
  HelloRead read;
  while (true) {
    if (const std::string_view there = buffered(); !there.empty()) {
      read.reading = tls::read_client_hello(x509::as_bytes(there));
      if (read.reading.state != tls::HelloState::need_more) {
        co_return read;
      }
    }
    read.status = co_await state_->fill();
    if (read.status != WireStatus::ok) {
      co_return read;
    }
  }
}

void Wire::start_tls(x509::SslHandle ssl, tls::Channel::Role role) {
  const std::string early = take_buffered();
  state_->channel.emplace(std::move(ssl), role);
  if (!early.empty()) {
    state_->feed(x509::as_bytes(early));  // handshake() tells when that was no TLS
  }
}

asio::awaitable<WireStatus> Wire::handshake() {
  tls::Channel& channel = *state_->channel;
  while (true) {
    if (!may_begin_record(state_->not_tls.first)) {
      co_await state_->read_text_instead_of_tls();
      co_return WireStatus::not_tls;
    }
    const tls::Progress progress = channel.handshake();
    co_await state_->flush();  // where it fails, what has come tells why
    switch (progress) {
      case tls::Progress::done:
        co_return WireStatus::ok;
      case tls::Progress::closed:
        co_return WireStatus::closed;
      case tls::Progress::failed:
        co_return WireStatus::tls_failed;
      case tls::Progress::needs_input:
        break;
    }
    const WireStatus status = co_await state_->receive_tls();
    if (status != WireStatus::ok && status != WireStatus::not_tls) {
      co_return status;
    }
  }
}

tls::Channel* Wire::channel() { return state_->channel ? &*state_->channel : nullptr; }
const NotTls& Wire::not_tls() const { return state_->not_tls; }

asio::awaitable<BytesRead> Wire::read_raw() {
  if (!state_->channel) {
    co_return co_await read_some();
  }
  BytesRead read;
  read.status = co_await state_->receive();
  read.bytes = x509::copy(state_->received_bytes());
  co_return read;
}

asio::awaitable<WireStatus> Wire::write_raw(x509::Bytes bytes) {
  co_return co_await state_->send(bytes);
}

asio::awaitable<void> Wire::finish() {
  state_->allow(longest_drain);
  if (state_->channel) {
    state_->channel->close();
    co_await state_->flush();
  }
  co_await finish_without_close_notify();
}

asio::awaitable<void> Wire::finish_without_close_notify() {
  if (state_->is_open()) {
    state_->allow(longest_drain);
    co_await state_->drain();
  }
}

void Wire::reset() {
  if (state_->memory) state_->memory->reset();
  asio::error_code ignored;
  state_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  state_->socket.close(ignored);
}

void Wire::close() { state_->close(); }

void Wire::stop() {
  state_->stopped = true;
  state_->cancel();
}

bool Wire::is_open() const { return state_->is_open(); }
Layer Wire::layer() const { return state_->layer(); }

std::string Wire::peer() const {
  if (state_->memory) return "memory";
  asio::error_code code;
  const tcp::endpoint endpoint = state_->socket.remote_endpoint(code);
  if (code) {
    return {};
  }
  const std::string address = endpoint.address().to_string();
  return endpoint.address().is_v6() ? fmt::format("[{}]:{}", address, endpoint.port())
                                    : fmt::format("{}:{}", address, endpoint.port());
}

const std::string& Wire::error() const { return state_->error; }

std::chrono::microseconds Wire::elapsed() const {
  return std::chrono::duration_cast<std::chrono::microseconds>(Clock::now() - state_->start);
}

std::size_t Wire::octets_read() const { return state_->octets_read; }
const Transcript& Wire::transcript() const { return state_->capture.lines(); }
Transcript Wire::take_transcript() { return state_->capture.take(); }

}  // namespace badmx::net
