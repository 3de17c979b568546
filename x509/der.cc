#include "x509/der.h"

#include <algorithm>
#include <charconv>
#include <stdexcept>

namespace badmx::x509::der {
namespace {

constexpr int deepest = 32;

void append_length(Bytes& to, std::size_t length) {
  if (length < 0x80) {
    to.push_back(static_cast<std::uint8_t>(length));
    return;
  }
  Bytes octets;
  for (; length > 0; length >>= 8U) octets.push_back(static_cast<std::uint8_t>(length & 0xffU));
  to.push_back(static_cast<std::uint8_t>(0x80U | octets.size()));
  to.insert(to.end(), octets.rbegin(), octets.rend());
}

void append_base128(Bytes& to, std::uint64_t number) {
  Bytes groups{static_cast<std::uint8_t>(number & 0x7fU)};
  for (number >>= 7U; number > 0; number >>= 7U) {
    groups.push_back(static_cast<std::uint8_t>(0x80U | (number & 0x7fU)));
  }
  to.insert(to.end(), groups.rbegin(), groups.rend());
}

std::size_t length_octets(std::size_t length) {
  std::size_t octets = 1;
  if (length >= 0x80) {
    for (; length > 0; length >>= 8U) ++octets;
  }
  return octets;
}

std::size_t content_size(const Node& node) {
  if (!is_constructed(node.tag)) return node.content.size();
  std::size_t size = 0;
  for (const Node& child : node.children) {
    const std::size_t inside = content_size(child);
    size += 1 + length_octets(inside) + inside;
  }
  return size;
}

void append_node(Bytes& to, const Node& node) {
  to.push_back(node.tag);
  append_length(to, content_size(node));
  if (!is_constructed(node.tag)) {
    append(to, node.content);
    return;
  }
  for (const Node& child : node.children) append_node(to, child);
}

std::optional<Node> read_node(const Element& element, int depth) {
  Node node{.tag = element.tag};
  if (!is_constructed(element.tag)) {
    node.content = copy(element.content);
    return node;
  }
  if (depth >= deepest) return std::nullopt;
  Reader reader(element.content);
  while (!reader.empty()) {
    const auto child = reader.next();
    if (!child) return std::nullopt;
    auto inner = read_node(*child, depth + 1);
    if (!inner) return std::nullopt;
    node.children.push_back(std::move(*inner));
  }
  return node;
}

}  // namespace

std::optional<Element> Reader::next() {
  if (rest_.size() < 2 || (rest_[0] & 0x1fU) == 0x1fU) return std::nullopt;
  std::size_t header = 2;
  std::size_t length = rest_[1];
  if (length >= 0x80) {
    const std::size_t octets = length & 0x7fU;
    // Four octets of length are 4 GiB: more than anybody sends, and no overflow.
    if (octets == 0 || octets > 4 || rest_.size() < 2 + octets) return std::nullopt;
    length = 0;
    for (std::size_t i = 0; i < octets; ++i) length = length << 8U | rest_[2 + i];
    header += octets;
  }
  if (rest_.size() - header < length) return std::nullopt;
  const Element element{.tag = rest_[0],
                        .content = rest_.subspan(header, length),
                        .whole = rest_.first(header + length)};
  rest_ = rest_.subspan(header + length);
  return element;
}

std::optional<Element> Reader::next(std::uint8_t tag) {
  if (peek() != tag) return std::nullopt;
  return next();
}

std::optional<Element> only(ByteView bytes, std::uint8_t tag) {
  Reader reader(bytes);
  const auto element = reader.next(tag);
  if (!element || !reader.empty()) return std::nullopt;
  return element;
}

std::optional<std::string> oid_text(ByteView content) {
  if (content.empty() || (content.back() & 0x80U) != 0 || content.size() > 64) return std::nullopt;
  std::string text;
  std::uint64_t arc = 0;
  for (const std::uint8_t octet : content) {
    if (arc > UINT64_MAX >> 7U) return std::nullopt;
    arc = arc << 7U | (octet & 0x7fU);
    if ((octet & 0x80U) != 0) continue;
    if (text.empty()) {
      const std::uint64_t first = std::min<std::uint64_t>(arc / 40, 2);
      text = std::to_string(first) + "." + std::to_string(arc - first * 40);
    } else {
      text += "." + std::to_string(arc);
    }
    arc = 0;
  }
  return text;
}

Bytes write(const Node& node) {
  Bytes bytes;
  const std::size_t size = content_size(node);
  bytes.reserve(size + 6);
  append_node(bytes, node);
  return bytes;
}

std::optional<Node> read(ByteView bytes) {
  Reader reader(bytes);
  const auto element = reader.next();
  if (!element || !reader.empty()) return std::nullopt;
  return read_node(*element, 0);
}

Node primitive(std::uint8_t tag, ByteView content) {
  return Node{.tag = tag, .content = copy(content), .children = {}};
}

Node constructed(std::uint8_t tag, std::vector<Node> children) {
  return Node{.tag = tag, .content = {}, .children = std::move(children)};
}

Node sequence(std::vector<Node> children) { return constructed(sequence_tag, std::move(children)); }

Node set(std::vector<Node> children) { return constructed(set_tag, std::move(children)); }

Node boolean(bool value) {
  const std::uint8_t octet = value ? 0xff : 0x00;
  return primitive(boolean_tag, {&octet, 1});
}

Node integer(long long value) {
  Bytes octets;
  long long rest = value;
  // Two's complement, as short as it goes (X.690 8.3.2).
  while (true) {
    octets.insert(octets.begin(), static_cast<std::uint8_t>(rest & 0xff));
    rest >>= 8;
    const bool negative = (octets.front() & 0x80U) != 0;
    if ((rest == 0 && !negative) || (rest == -1 && negative)) break;
  }
  return primitive(integer_tag, octets);
}

Node unsigned_integer(ByteView magnitude) {
  const auto first = std::ranges::find_if(magnitude, [](std::uint8_t octet) { return octet != 0; });
  Bytes octets(first, magnitude.end());
  if (octets.empty() || (octets.front() & 0x80U) != 0) octets.insert(octets.begin(), 0);
  return primitive(integer_tag, octets);
}

Node oid(std::string_view dotted) {
  std::vector<std::uint64_t> arcs;
  const char* at = dotted.data();
  const char* const end = at + dotted.size();
  while (at != end) {
    std::uint64_t arc = 0;
    const auto [stop, error] = std::from_chars(at, end, arc);
    if (error != std::errc{} || (stop != end && (*stop != '.' || stop + 1 == end))) break;
    arcs.push_back(arc);
    at = stop == end ? end : stop + 1;
  }
  if (at != end || arcs.size() < 2 || arcs[0] > 2 || (arcs[0] < 2 && arcs[1] > 39) ||
      arcs[1] > UINT64_MAX - 80) {
    throw std::invalid_argument("\"" + std::string(dotted) + "\" is no object identifier");
  }
  Node node{.tag = oid_tag};
  append_base128(node.content, arcs[0] * 40 + arcs[1]);
  for (std::size_t i = 2; i < arcs.size(); ++i) append_base128(node.content, arcs[i]);
  return node;
}

Node octet_string(ByteView content) { return primitive(octet_string_tag, content); }

Node bit_string(ByteView content, int unused_bits) {
  Node node{.tag = bit_string_tag};
  node.content.reserve(content.size() + 1);
  node.content.push_back(static_cast<std::uint8_t>(unused_bits));
  append(node.content, content);
  return node;
}

Node null() { return Node{.tag = null_tag, .content = {}, .children = {}}; }

Node text(std::uint8_t tag, std::string_view content) { return primitive(tag, as_bytes(content)); }

}  // namespace badmx::x509::der
