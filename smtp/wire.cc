#include "smtp/wire.h"

#include "smtp/capture.h"
#include "smtp/line_buffer.h"

#include <asio/redirect_error.hpp>
#include <asio/steady_timer.hpp>
#include <asio/use_awaitable.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace badmx::smtp {
namespace {

using asio::ip::tcp;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

constexpr std::size_t receive_size = 4096;
constexpr std::size_t most_at_once = 16384;
constexpr std::size_t most_not_tls = 256;
constexpr std::size_t most_drained = 1048576;
constexpr milliseconds longest_drain{1000};
constexpr milliseconds longest_wait_for_text{200};

// Whether a TLS record may begin so (RFC 8446 5.1); no more than two octets are looked at.
bool may_begin_record(std::string_view octets) {
  const auto octet = [&](std::size_t i) { return static_cast<unsigned char>(octets[i]); };
  return (octets.empty() || (octet(0) >= 20 && octet(0) <= 23)) &&
         (octets.size() < 2 || octet(1) == 3);
}

// Of a write: what doesn't fit waits in the channel, so it is done, over or broken.
WireStatus status_of(tls::Progress written) {
  if (written == tls::Progress::failed) {
    return WireStatus::tls_failed;
  }
  return written == tls::Progress::closed ? WireStatus::closed : WireStatus::ok;
}

}  // namespace

struct Wire::State : std::enable_shared_from_this<Wire::State> {
  State(tcp::socket connected, WireOptions chosen)
      : socket(std::move(connected)),
        timer(socket.get_executor()),
        options(chosen),
        plain(chosen.line),
        capture(chosen.transcript_lines, chosen.transcript_octets) {}

  tcp::socket socket;
  asio::steady_timer timer;
  WireOptions options;
  LineBuffer plain;  // of the layer of the moment
  Capture capture;
  Clock::time_point start = Clock::now();
  Clock::time_point step_deadline = Clock::time_point::max();
  Clock::time_point total_deadline = Clock::time_point::max();
  Clock::time_point armed_until = Clock::time_point::max();  // max: no wait is under way
  asio::steady_timer* pausing = nullptr;
  bool stopped = false;
  // The system tells of an RST once; where a write has met it, reading ends like any stream.
  bool was_reset = false;
  std::string error;

  std::array<std::uint8_t, receive_size> received{};
  std::size_t received_length = 0;
  std::size_t octets_read = 0;

  std::optional<tls::Channel> channel;
  bool begins_as_tls = false;  // the peer's first two octets have been looked at
  NotTls not_tls;              // what came until then, or instead

  void prepare_socket();
  Clock::time_point deadline() const { return std::min(step_deadline, total_deadline); }
  void arm();
  void cancel();
  WireStatus interruption() const;
  WireStatus status_of(const asio::error_code& code);

  void note_lines(std::string_view bytes);
  void note(Speaker speaker, std::string_view line);
  Speaker them() const { return options.us == Speaker::client ? Speaker::server : Speaker::client; }
  Layer layer() const { return channel ? Layer::tls : Layer::clear; }
  tls::ByteView received_bytes() const { return tls::ByteView(received).first(received_length); }
  void note_not_tls(tls::ByteView bytes);
  WireStatus feed(tls::ByteView bytes);
  void allow(milliseconds time);

  asio::awaitable<WireStatus> receive();
  asio::awaitable<WireStatus> receive_tls();
  asio::awaitable<WireStatus> send(tls::ByteView bytes);
  asio::awaitable<WireStatus> flush();
  asio::awaitable<WireStatus> fill();
  asio::awaitable<WireStatus> fill_from_channel();
  asio::awaitable<WireStatus> write(std::string_view bytes);
  asio::awaitable<void> read_text_instead_of_tls();
  asio::awaitable<void> drain();
};

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
  socket.cancel(ignored);
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

void Wire::State::note_not_tls(tls::ByteView bytes) {
  not_tls.octets += bytes.size();
  not_tls.first += tls::as_text(bytes.first(std::min(bytes.size(), most_not_tls)));
  not_tls.first.resize(std::min(not_tls.first.size(), most_not_tls));
}

WireStatus Wire::State::feed(tls::ByteView bytes) {
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

asio::awaitable<WireStatus> Wire::State::receive() {
  received_length = 0;
  if (const WireStatus early = interruption(); early != WireStatus::ok) {
    co_return early;
  }
  asio::error_code code;
  const std::size_t length = co_await socket.async_read_some(
      asio::buffer(received), asio::redirect_error(asio::use_awaitable, code));
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
asio::awaitable<WireStatus> Wire::State::send(tls::ByteView bytes) {
  while (!bytes.empty()) {
    if (const WireStatus early = interruption(); early != WireStatus::ok) {
      co_return early;
    }
    asio::error_code code;
    const std::size_t sent = socket.write_some(asio::buffer(bytes.data(), bytes.size()), code);
    bytes = bytes.subspan(sent);
    if (code == asio::error::would_block || code == asio::error::try_again) {
      code.clear();
      co_await socket.async_wait(tcp::socket::wait_write,
                                 asio::redirect_error(asio::use_awaitable, code));
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
  const tls::Bytes output = channel->take_output();
  co_return co_await send(output);
}

asio::awaitable<WireStatus> Wire::State::fill_from_channel() {
  tls::Bytes bytes;
  while (true) {
    const tls::Progress progress = channel->read(bytes);
    if (progress == tls::Progress::done) {
      plain.append(tls::as_text(bytes));
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
  plain.append(tls::as_text(received_bytes()));
  co_return status;
}

asio::awaitable<WireStatus> Wire::State::write(std::string_view bytes) {
  if (!channel) {
    co_return co_await send(tls::as_bytes(bytes));
  }
  const tls::Progress progress = channel->write(tls::as_bytes(bytes));
  const WireStatus sent = co_await flush();
  const WireStatus wrote = badmx::smtp::status_of(progress);
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
  socket.shutdown(tcp::socket::shutdown_send, code);
  tls::Bytes scrap;
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
  socket.close(code);
}

Wire::Wire(const asio::any_io_executor& executor, WireOptions options)
    : Wire(tcp::socket(executor), options) {}

Wire::Wire(tcp::socket socket, WireOptions options)
    : state_(std::make_shared<State>(std::move(socket), options)) {
  if (state_->socket.is_open()) {
    state_->prepare_socket();
  }
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

asio::awaitable<ReplyRead> Wire::read_reply(ReplyLimits limits) {
  ReplyRead read;
  ReplyParser parser(limits);
  while (parser.state() == ReplyState::need_more && read.status == WireStatus::ok) {
    LineRead line = co_await read_line();
    read.status = line.status;
    if (line.status != WireStatus::ok) {
      break;
    }
    if (parser.take(line.line) == ReplyState::malformed) {
      read.malformed = std::move(line.line);
    }
  }
  read.state = parser.state();
  read.reply = parser.reply();
  if (read.state == ReplyState::limit_exceeded) {
    read.status = WireStatus::limit_exceeded;
  }
  co_return read;
}

asio::awaitable<BytesRead> Wire::read_some() {
  BytesRead read;
  if (buffered().empty()) {
    read.status = co_await state_->fill();
  }
  const std::string taken = state_->plain.take(most_at_once);
  read.bytes = tls::copy(tls::as_bytes(taken));
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
  co_return status_of(state_->channel->write(tls::as_bytes(bytes)));
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
      read.reading = tls::read_client_hello(tls::as_bytes(there));
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

void Wire::start_tls(tls::SslHandle ssl, tls::Channel::Role role) {
  const std::string early = take_buffered();
  state_->channel.emplace(std::move(ssl), role);
  if (!early.empty()) {
    state_->feed(tls::as_bytes(early));  // handshake() tells when that was no TLS
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
  read.bytes = tls::copy(state_->received_bytes());
  co_return read;
}

asio::awaitable<WireStatus> Wire::write_raw(tls::Bytes bytes) {
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
  if (state_->socket.is_open()) {
    state_->allow(longest_drain);
    co_await state_->drain();
  }
}

void Wire::reset() {
  asio::error_code ignored;
  state_->socket.set_option(asio::socket_base::linger(true, 0), ignored);
  state_->socket.close(ignored);
}

void Wire::close() {
  asio::error_code ignored;
  state_->socket.close(ignored);
}

void Wire::stop() {
  state_->stopped = true;
  state_->cancel();
}

bool Wire::is_open() const { return state_->socket.is_open(); }
Layer Wire::layer() const { return state_->layer(); }
tcp::socket& Wire::socket() { return state_->socket; }

std::string Wire::peer() const {
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

}  // namespace badmx::smtp
