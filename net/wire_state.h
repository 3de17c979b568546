// What a Wire holds, and the reading and writing under it: for wire.cc and wire_state.cc alone.
#pragma once

#include "net/capture.h"
#include "net/line_buffer.h"
#include "net/memory_end.h"
#include "net/wire.h"

#include <asio/steady_timer.hpp>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace badmx::net {

struct Wire::State : std::enable_shared_from_this<Wire::State> {
  using Clock = std::chrono::steady_clock;

  State(asio::ip::tcp::socket connected, WireOptions chosen)
      : socket(std::move(connected)),
        timer(socket.get_executor()),
        options(chosen),
        plain(chosen.line),
        capture(chosen.transcript_lines, chosen.transcript_octets) {}

  asio::ip::tcp::socket socket;
  std::optional<MemoryEnd> memory;  // instead of the socket
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

  std::array<std::uint8_t, 4096> received{};
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
  x509::ByteView received_bytes() const { return x509::ByteView(received).first(received_length); }
  void note_not_tls(x509::ByteView bytes);
  WireStatus feed(x509::ByteView bytes);
  void allow(std::chrono::milliseconds time);

  bool is_open() const { return memory ? memory->is_open() : socket.is_open(); }
  void shut_down_sending(asio::error_code& code);
  void close();
  asio::awaitable<WireStatus> receive();
  asio::awaitable<WireStatus> receive_tls();
  asio::awaitable<WireStatus> send(x509::ByteView bytes);
  asio::awaitable<WireStatus> flush();
  asio::awaitable<WireStatus> fill();
  asio::awaitable<WireStatus> fill_from_channel();
  asio::awaitable<WireStatus> write(std::string_view bytes);
  asio::awaitable<void> read_text_instead_of_tls();
  asio::awaitable<void> drain();
};

// Whether a TLS record may begin so (RFC 8446 5.1); no more than two octets are looked at.
bool may_begin_record(std::string_view octets);

// Of a write: what doesn't fit waits in the channel, so it is done, over or broken.
WireStatus status_of(tls::Progress written);

}  // namespace badmx::net
