#include "x509/printable.h"

#include <fmt/format.h>

#include <cstdint>

namespace badmx::x509 {
namespace {

struct Character {
  char32_t code = 0;
  std::size_t octets = 0;  // 0: these octets aren't UTF-8
};

// One character of UTF-8 (RFC 3629: no overlong forms, no surrogates, nothing above U+10FFFF).
Character decode_utf8(std::string_view text) {
  const auto octet = [&](std::size_t at) { return static_cast<std::uint8_t>(text[at]); };
  const std::uint8_t first = octet(0);
  if (first < 0x80) return {first, 1};
  const std::size_t octets = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  if (first < 0xc2 || first > 0xf4 || text.size() < octets) return {};
  char32_t code = first & (0x7fU >> octets);
  for (std::size_t at = 1; at < octets; ++at) {
    if ((octet(at) & 0xc0U) != 0x80U) return {};
    code = code << 6U | (octet(at) & 0x3fU);
  }
  constexpr char32_t least[] = {0, 0, 0x80, 0x800, 0x10000};
  if (code < least[octets] || code > 0x10ffff || (code >= 0xd800 && code <= 0xdfff)) return {};
  return {code, octets};
}

// Control characters, and those that reorder, hide or break what stands around them.
bool is_harmful(char32_t code) {
  return code < 0x20 || (code >= 0x7f && code < 0xa0) || code == 0xad || code == 0x61c ||
         code == 0x180e || (code >= 0x200b && code <= 0x200f) ||
         (code >= 0x2028 && code <= 0x202e) || (code >= 0x2060 && code <= 0x206f) ||
         code == 0xfeff || (code >= 0xfff9 && code <= 0xfffb) ||
         (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe ||
         (code >= 0xe0000 && code <= 0xe0fff);
}

}  // namespace

std::string printable(std::string_view from_peer, std::size_t most) {
  std::string safe;
  while (!from_peer.empty()) {
    const Character character = decode_utf8(from_peer);
    std::string piece;
    std::size_t octets = character.octets;
    if (octets == 0) {
      octets = 1;
      piece = fmt::format("\\x{:02x}", static_cast<std::uint8_t>(from_peer.front()));
    } else if (is_harmful(character.code)) {
      const auto code = static_cast<std::uint32_t>(character.code);
      piece = code < 0x80 ? fmt::format("\\x{:02x}", code) : fmt::format("\\u{{{:x}}}", code);
    } else {
      piece = from_peer.substr(0, octets);
    }
    if (safe.size() + piece.size() > most) return safe + "…";
    safe += piece;
    from_peer.remove_prefix(octets);
  }
  return safe;
}

}  // namespace badmx::x509
