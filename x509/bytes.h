// Byte strings, owned and borrowed, as every layer passes them.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::x509 {

using Bytes = std::vector<std::uint8_t>;
using ByteView = std::span<const std::uint8_t>;

// The same octets, seen the other way. The view lives as long as its argument.
ByteView as_bytes(std::string_view text);
std::string_view as_text(ByteView bytes);

Bytes copy(ByteView bytes);
void append(Bytes& to, ByteView more);
bool equal(ByteView a, ByteView b);

// Lower-case hexadecimal without separators.
std::string hex(ByteView bytes);
// Nothing when the text isn't an even number of hexadecimal digits.
std::optional<Bytes> from_hex(std::string_view text);

// RFC 4648 section 4, on one line.
std::string base64(ByteView bytes);
// White space is passed over; nothing when another character isn't of the alphabet.
std::optional<Bytes> from_base64(std::string_view text);

Bytes sha256(ByteView bytes);

}  // namespace badmx::x509
