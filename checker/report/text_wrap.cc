#include "checker/report/text_wrap.h"

#include <algorithm>
#include <array>
#include <cstdint>

namespace badmx::checker {
namespace {

struct Range {
  char32_t first;
  char32_t last;
};

// The blocks that terminals draw in two cells (Unicode TR 11, W and F), coarsely.
constexpr std::array wide{Range{0x1100, 0x115f},   Range{0x2e80, 0x303e},  Range{0x3041, 0xa4cf},
                          Range{0xa960, 0xa97f},   Range{0xac00, 0xd7a3},  Range{0xf900, 0xfaff},
                          Range{0xfe30, 0xfe6f},   Range{0xff00, 0xff60},  Range{0xffe0, 0xffe6},
                          Range{0x1f300, 0x1faff}, Range{0x20000, 0x3fffd}};
constexpr std::array combining{Range{0x300, 0x36f},   Range{0x1ab0, 0x1aff}, Range{0x1dc0, 0x1dff},
                               Range{0x20d0, 0x20ff}, Range{0xfe00, 0xfe0f}, Range{0xfe20, 0xfe2f}};

template <typename Ranges>
bool contains(const Ranges& ranges, char32_t code) {
  return std::ranges::any_of(
      ranges, [code](const Range& range) { return range.first <= code && code <= range.last; });
}

struct Character {
  std::size_t octets = 1;
  std::size_t columns = 1;
};

// The character at the front of valid UTF-8; a stray octet counts as one.
Character first_character(std::string_view text) {
  const auto first = static_cast<std::uint8_t>(text.front());
  const std::size_t octets = first < 0xc0 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
  if (octets == 1 || octets > text.size()) return {};
  char32_t code = first & (0x7fU >> octets);
  for (std::size_t at = 1; at < octets; ++at) {
    code = code << 6U | (static_cast<std::uint8_t>(text[at]) & 0x3fU);
  }
  return {octets, contains(combining, code) ? 0U : contains(wide, code) ? 2U : 1U};
}

// How many octets of the text take at most `most` columns.
std::size_t octets_within(std::string_view text, std::size_t most) {
  std::size_t octets = 0;
  std::size_t used = 0;
  while (octets < text.size()) {
    const Character next = first_character(text.substr(octets));
    if (used + next.columns > most) break;
    used += next.columns;
    octets += next.octets;
  }
  return octets;
}

}  // namespace

std::size_t columns(std::string_view printable) {
  std::size_t all = 0;
  while (!printable.empty()) {
    const Character next = first_character(printable);
    all += next.columns;
    printable.remove_prefix(next.octets);
  }
  return all;
}

std::string clipped(std::string_view printable, std::size_t most) {
  if (columns(printable) <= most) return std::string(printable);
  constexpr std::string_view mark = "...";
  if (most <= mark.size()) return std::string(mark.substr(0, most));
  return std::string(printable.substr(0, octets_within(printable, most - mark.size()))) +
         std::string(mark);
}

std::string padded(std::string_view printable, std::size_t width) {
  std::string text(printable);
  const std::size_t used = columns(printable);
  if (used < width) text.append(width - used, ' ');
  return text;
}

std::string wrapped(std::string_view printable, std::size_t width, std::string_view first) {
  const std::size_t indent = columns(first);
  const std::size_t room = std::max<std::size_t>(width > indent ? width - indent : 0, 8);
  std::string all;
  std::string line(first);
  std::size_t used = 0;
  const auto end_line = [&] {
    while (line.ends_with(' ')) line.pop_back();
    all += line + "\n";
    line.assign(indent, ' ');
    used = 0;
  };
  while (!printable.empty()) {
    const std::size_t blank = printable.find_first_of(" \n");
    std::string_view word = printable.substr(0, blank);
    printable.remove_prefix(blank == std::string_view::npos ? printable.size() : blank + 1);
    if (word.empty()) continue;
    if (used > 0 && used + 1 + columns(word) > room) end_line();
    while (columns(word) > room) {
      const std::size_t piece = std::max<std::size_t>(octets_within(word, room), 1);
      line += word.substr(0, piece);
      word.remove_prefix(piece);
      end_line();
    }
    if (used > 0) line += ' ';
    line += word;
    used += (used > 0 ? 1 : 0) + columns(word);
  }
  if (used > 0 || all.empty()) end_line();
  return all;
}

}  // namespace badmx::checker
