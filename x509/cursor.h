// Reads what TLS messages are made of: big-endian numbers and vectors with a length before them
// (RFC 8446 3.4).
#pragma once

#include "x509/bytes.h"

#include <cstddef>
#include <cstdint>

namespace badmx::x509 {

// Once something is missing it is bad and gives nothing more: ask once, at the end.
class Cursor {
 public:
  explicit Cursor(ByteView bytes) : rest_(bytes) {}

  bool bad() const { return bad_; }
  bool more() const { return !bad_ && !rest_.empty(); }

  std::size_t left() const { return bad_ ? 0 : rest_.size(); }

  std::size_t number(std::size_t octets) {
    std::size_t value = 0;
    for (const std::uint8_t octet : take(octets)) {
      value = value << 8U | octet;
    }
    return value;
  }

  std::uint16_t number16() { return static_cast<std::uint16_t>(number(2)); }

  ByteView take(std::size_t octets) {
    if (bad_ || octets > rest_.size()) {
      bad_ = true;
      return {};
    }
    const ByteView taken = rest_.first(octets);
    rest_ = rest_.subspan(octets);
    return taken;
  }

  // A vector whose length stands before it in so many octets.
  ByteView vector(std::size_t length_octets) { return take(number(length_octets)); }

 private:
  ByteView rest_;
  bool bad_ = false;
};

}  // namespace badmx::x509
