// DER (X.690) as this project needs it: a reader over borrowed bytes that takes what comes, and a
// tree of TLVs that can be edited and written.
#pragma once

#include "x509/bytes.h"

#include <cstddef>
#include <cstdint>
#include <initializer_list>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::x509::der {

// Identifier octets. Only the low-tag-number form (numbers up to 30) is read or written.
inline constexpr std::uint8_t boolean_tag = 0x01;
inline constexpr std::uint8_t integer_tag = 0x02;
inline constexpr std::uint8_t bit_string_tag = 0x03;
inline constexpr std::uint8_t octet_string_tag = 0x04;
inline constexpr std::uint8_t null_tag = 0x05;
inline constexpr std::uint8_t oid_tag = 0x06;
inline constexpr std::uint8_t enumerated_tag = 0x0a;
inline constexpr std::uint8_t utf8_string_tag = 0x0c;
inline constexpr std::uint8_t printable_string_tag = 0x13;
inline constexpr std::uint8_t t61_string_tag = 0x14;
inline constexpr std::uint8_t ia5_string_tag = 0x16;
inline constexpr std::uint8_t utc_time_tag = 0x17;
inline constexpr std::uint8_t generalized_time_tag = 0x18;
inline constexpr std::uint8_t universal_string_tag = 0x1c;
inline constexpr std::uint8_t bmp_string_tag = 0x1e;
inline constexpr std::uint8_t sequence_tag = 0x30;
inline constexpr std::uint8_t set_tag = 0x31;
// [number] of the context class: primitive, and constructed.
constexpr std::uint8_t context(int number) { return static_cast<std::uint8_t>(0x80 | number); }
constexpr std::uint8_t context_constructed(int number) {
  return static_cast<std::uint8_t>(0xa0 | number);
}
constexpr bool is_constructed(std::uint8_t tag) { return (tag & 0x20) != 0; }

// One TLV in somebody else's bytes.
struct Element {
  std::uint8_t tag = 0;
  ByteView content{};
  ByteView whole{};  // identifier, length and content
};

// Reads one TLV after the other. Long-form lengths that DER would write shorter are taken;
// indefinite lengths and high tag numbers are not.
class Reader {
 public:
  explicit Reader(ByteView bytes) : rest_(bytes) {}

  bool empty() const { return rest_.empty(); }
  ByteView rest() const { return rest_; }
  // Nothing, and nothing consumed, when what comes isn't a whole TLV (or not one of that tag).
  std::optional<Element> next();
  std::optional<Element> next(std::uint8_t tag);
  // The tag that comes next, 0 at the end.
  std::uint8_t peek() const { return rest_.empty() ? std::uint8_t{0} : rest_.front(); }

 private:
  ByteView rest_;
};

// Exactly one TLV of that tag with nothing behind it.
std::optional<Element> only(ByteView bytes, std::uint8_t tag);

// Dotted text of an OBJECT IDENTIFIER's content ("2.5.29.17"); nothing when it isn't one.
std::optional<std::string> oid_text(ByteView content);

// A TLV that can be edited: `children` when it is constructed, else `content`.
struct Node {
  std::uint8_t tag = 0;
  Bytes content{};
  std::vector<Node> children{};

  bool operator==(const Node&) const = default;
};

Bytes write(const Node& node);
// The whole of the bytes as one tree, at most 32 levels deep.
std::optional<Node> read(ByteView bytes);

Node primitive(std::uint8_t tag, ByteView content);
Node constructed(std::uint8_t tag, std::vector<Node> children);
Node sequence(std::vector<Node> children);
Node set(std::vector<Node> children);  // in the order given
Node boolean(bool value);
Node integer(long long value);
// An INTEGER from a big-endian magnitude; leading zeros are dropped, a sign octet added.
Node unsigned_integer(ByteView magnitude);
Node oid(std::string_view dotted);  // throws std::invalid_argument when it isn't one
Node octet_string(ByteView content);
Node bit_string(ByteView content, int unused_bits = 0);
Node null();
Node text(std::uint8_t tag, std::string_view content);

}  // namespace badmx::x509::der
