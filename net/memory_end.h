// One end of a connection in memory, for whole sessions without a socket. Behaves as a TCP socket
// does: octets arrive in order, before a reset too; a closed end is an end of stream; unread octets
// at a close are a reset. Both ends live on one thread.
#pragma once

#include "x509/bytes.h"

#include <asio/any_io_executor.hpp>
#include <asio/awaitable.hpp>
#include <asio/error_code.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>
#include <utility>

namespace badmx::net {

class MemoryEnd {
 public:
  // Two ends of one connection. Each direction holds up to 256 KiB that haven't been read.
  static std::pair<MemoryEnd, MemoryEnd> connected(const asio::any_io_executor& executor);

  ~MemoryEnd();
  MemoryEnd(MemoryEnd&&) noexcept;
  MemoryEnd(const MemoryEnd&) = delete;
  MemoryEnd& operator=(const MemoryEnd&) = delete;
  MemoryEnd& operator=(MemoryEnd&&) = delete;

  const asio::any_io_executor& executor() const;

  // Waits for one octet at least. Codes as of a socket: eof, connection_reset, operation_aborted.
  asio::awaitable<std::size_t> receive(std::span<std::uint8_t> into, asio::error_code& code);
  // As many as there is room for; would_block where there is none.
  std::size_t send(x509::ByteView octets, asio::error_code& code);
  asio::awaitable<void> wait_for_room(asio::error_code& code);

  void shut_down_sending();
  void close();
  void reset();
  void cancel();  // ends the wait that is under way, with operation_aborted
  bool is_open() const;

 private:
  struct Pipe;
  struct Shared;
  explicit MemoryEnd(std::unique_ptr<Shared> shared);
  asio::awaitable<void> wait(std::shared_ptr<Pipe> pipe, asio::error_code& code);

  std::unique_ptr<Shared> shared_;
};

}  // namespace badmx::net
