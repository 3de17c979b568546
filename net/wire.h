// One end of a session, a socket or in memory, first in clear, then through a tls::Channel that is
// fed whatever was read past the last line in clear. Everything is bounded and every wait has a
// deadline. What the peer does is a status, never an exception.
//
//   Wire wire(executor, WireOptions{});
//   wire.expire_after(10s);                                  // one deadline for the steps below
//   WireStatus status = co_await wire.connect(endpoint);
//   LineRead line = co_await wire.read_line();
//
// Not for several threads: a wire lives on the one thread that runs its executor. One coroutine
// uses it at a time; only stop() may come in between. All coroutines must have ended before it is
// destroyed.
#pragma once

#include "net/memory_end.h"
#include "net/tls/channel.h"
#include "net/tls/client_hello.h"
#include "net/transcript.h"
#include "x509/bytes.h"
#include "x509/handle.h"

#include <asio/awaitable.hpp>
#include <asio/ip/tcp.hpp>

#include <chrono>
#include <cstddef>
#include <memory>
#include <string>
#include <string_view>

namespace badmx::net {

enum class WireStatus {
  ok,
  closed,          // end of stream, or the peer's close_notify
  reset,           // RST
  timed_out,       // a deadline of ours
  limit_exceeded,  // a line or the whole is longer than allowed
  tls_failed,      // see channel()->errors() and ->alerts(); an alert of ours has been sent
  not_tls,         // the peer's first octets where TLS should begin are no record: see not_tls()
  stopped,         // by stop()
  error,           // the system's refusal: see error()
};

struct WireOptions {
  Speaker us = Speaker::client;      // for the transcript
  std::size_t line = 4096;           // octets of one line without its end
  std::size_t total = 16777216;      // octets read from the socket in all; 0: any number
  std::size_t transcript_lines = 0;  // 0: nothing is captured
  std::size_t transcript_octets = 262144;
};

struct LineRead {
  WireStatus status = WireStatus::ok;
  std::string line{};  // without its end, CRLF or a bare LF; what there was of it when not ok
};

struct BytesRead {
  WireStatus status = WireStatus::ok;
  x509::Bytes bytes{};
};

struct HelloRead {
  WireStatus status = WireStatus::ok;
  tls::HelloReading reading{};  // when ok: complete, not_tls or malformed
};

// What came where TLS should have begun.
struct NotTls {
  std::size_t octets = 0;  // that had come
  std::string first{};     // at most 256 of them
};

class Wire {
 public:
  // For connect().
  Wire(const asio::any_io_executor& executor, WireOptions options);
  // An accepted socket. Sets TCP_NODELAY.
  Wire(asio::ip::tcp::socket socket, WireOptions options);
  // Connected already.
  Wire(MemoryEnd end, WireOptions options);
  ~Wire();  // closes a socket that is still open
  Wire(const Wire&) = delete;
  Wire& operator=(const Wire&) = delete;
  Wire(Wire&&) = delete;
  Wire& operator=(Wire&&) = delete;

  // The deadline of every operation from now until it is set again: a step of the session, however
  // many reads it takes.
  void expire_after(std::chrono::milliseconds step);
  // The deadline of the whole; it stays.
  void expire_all_after(std::chrono::milliseconds total);

  asio::awaitable<WireStatus> connect(asio::ip::tcp::endpoint endpoint);
  // To somebody in this process.
  void connect(MemoryEnd end);

  // In the layer of the moment. After a failed write reading still gives what has come.
  asio::awaitable<LineRead> read_line();
  // Whatever comes next, at least one octet when ok, at most 16 KiB.
  asio::awaitable<BytesRead> read_some();
  asio::awaitable<WireStatus> write(std::string bytes);
  // The last words before finish(), which sends them under TLS in one segment with its
  // close_notify.
  asio::awaitable<WireStatus> write_last(std::string bytes);
  // One octet after the other, each in a segment (under TLS: a record) of its own.
  asio::awaitable<WireStatus> write_slowly(std::string bytes, std::chrono::milliseconds between);
  // Does nothing for a while; deadlines and stop() end it early.
  asio::awaitable<WireStatus> pause(std::chrono::milliseconds time);

  // Octets that were read but not asked for yet, in the layer of the moment: in clear, what came
  // behind a line.
  std::string_view buffered() const;
  std::string take_buffered();

  // Collects a ClientHello and leaves its octets where start_tls() finds them.
  asio::awaitable<HelloRead> read_client_hello();
  // From here on the layer is TLS. What is buffered becomes the channel's first input.
  void start_tls(x509::SslHandle ssl, tls::Channel::Role role);
  // Until it is done or has failed; an alert of ours is sent before it returns.
  asio::awaitable<WireStatus> handshake();
  // Null before start_tls(). To be fed and emptied by hand with read_raw() and write_raw().
  tls::Channel* channel();
  const NotTls& not_tls() const;

  // Past the channel, whatever the layer; buffered octets first.
  asio::awaitable<BytesRead> read_raw();
  asio::awaitable<WireStatus> write_raw(x509::Bytes bytes);

  // The good end: close_notify under TLS, half-close, then the peer is read dry for up to a second,
  // since closing over unread bytes resets the connection and loses what was sent last.
  asio::awaitable<void> finish();
  // The same without a close_notify.
  asio::awaitable<void> finish_without_close_notify();
  void reset();  // RST at once (SO_LINGER 0)
  void close();
  // Ends the operation that is under way, and all later ones, with `stopped`.
  void stop();

  bool is_open() const;
  Layer layer() const;
  // "127.0.0.1:40312", "[::1]:40312", "memory"; empty when not connected.
  std::string peer() const;
  // The system's words for the last status that wasn't ok and came from it; empty otherwise.
  const std::string& error() const;
  std::chrono::microseconds elapsed() const;  // since it was made
  std::size_t octets_read() const;            // from the socket
  const Transcript& transcript() const;
  Transcript take_transcript();

 private:
  struct State;
  std::shared_ptr<State> state_;
};

}  // namespace badmx::net
