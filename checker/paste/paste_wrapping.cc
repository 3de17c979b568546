#include "checker/paste/paste_wrapping.h"

#include <algorithm>
#include <array>
#include <utility>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_prefix = 200;
constexpr std::size_t longest_tag = 200;

constexpr std::array<std::pair<std::string_view, char>, 8> entities{{{"lt", '<'},
                                                                     {"gt", '>'},
                                                                     {"amp", '&'},
                                                                     {"quot", '"'},
                                                                     {"apos", '\''},
                                                                     {"#39", '\''},
                                                                     {"nbsp", ' '},
                                                                     {"#160", ' '}}};

// Only these are tags here: a name in angle brackets may be a certificate's.
constexpr std::array<std::string_view, 14> tags{"br",   "pre", "p",    "div",  "span",
                                                "code", "tt",  "html", "body", "head",
                                                "b",    "i",   "font", "samp"};
constexpr std::array<std::string_view, 3> line_ends{"br", "p", "div"};

// The beginnings of lines by which s_client's output is known.
constexpr std::array<std::string_view, 3> paste_beginnings{
    "CONNECTED(", "-----BEGIN CERTIFICATE-----", "Certificate chain"};

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// The name of the tag at the front and its length; no length: there is none.
std::pair<std::string_view, std::size_t> tag_at(std::string_view text) {
  const std::size_t end = text.substr(0, longest_tag).find('>');
  if (!text.starts_with('<') || end == std::string_view::npos) return {};
  std::string_view name = text.substr(1, end - 1);
  const bool closes = name.starts_with('/');
  if (closes) name.remove_prefix(1);
  name = name.substr(0, name.find_first_of(" \t\r\n/"));
  const auto* const known = std::ranges::find(tags, name);
  if (known == tags.end()) return {};
  return {closes || name == "br" ? *known : std::string_view{}, end + 1};
}

// The character that the entity at the front stands for and its length; no length: there is none.
std::pair<char, std::size_t> entity_at(std::string_view text) {
  for (const auto& [name, character] : entities) {
    if (text.starts_with('&') && text.substr(1).starts_with(name) &&
        text.substr(1 + name.size()).starts_with(';')) {
      return {character, name.size() + 2};
    }
  }
  return {};
}

bool has_tag(std::string_view text) {
  for (std::size_t at = text.find('<'); at != std::string_view::npos; at = text.find('<', at + 1)) {
    if (tag_at(text.substr(at)).second > 0) return true;
  }
  return false;
}

// Where the first line stands that begins as s_client's output does.
std::optional<std::size_t> first_line_of_output(std::string_view text) {
  std::optional<std::size_t> first;
  for (const std::string_view beginning : paste_beginnings) {
    std::size_t at = text.find(beginning);
    while (at != std::string_view::npos && at > 0 && text[at - 1] != '\n') {
      at = text.find(beginning, at + 1);
    }
    if (at != std::string_view::npos) first = std::min(first.value_or(at), at);
  }
  return first;
}

// How much of the line is the prefix; none: it has another. Each run of digits is like any other.
std::optional<std::size_t> fit(std::string_view shape, std::string_view line) {
  std::size_t at = 0;
  for (std::size_t i = 0; i < shape.size(); ++i) {
    if (at == line.size()) return std::nullopt;
    if (!is_digit(shape[i])) {
      if (line[at++] != shape[i]) return std::nullopt;
      continue;
    }
    if (!is_digit(line[at])) return std::nullopt;
    while (at < line.size() && is_digit(line[at])) ++at;
    while (i + 1 < shape.size() && is_digit(shape[i + 1])) ++i;
  }
  return at;
}

}  // namespace

std::optional<std::string> shown_html(std::string_view text) {
  const auto first = first_line_of_output(text);
  if (first && !has_tag(text.substr(0, *first))) return std::nullopt;
  std::string shown;
  bool is_html = false;
  while (!text.empty()) {
    const char c = text.front();
    std::size_t taken = 0;
    if (c == '<') {
      const auto [ends, length] = tag_at(text);
      taken = length;
      if (!first && std::ranges::find(line_ends, ends) != line_ends.end()) shown += '\n';
    } else if (c == '&') {
      const auto [character, length] = entity_at(text);
      taken = length;
      if (length > 0) shown += character;
    }
    if (taken == 0) shown += c;
    is_html = is_html || taken > 0;
    text.remove_prefix(std::max<std::size_t>(taken, 1));
  }
  if (!is_html) return std::nullopt;
  return shown;
}

LinePrefix LinePrefix::of(std::string_view text) {
  LinePrefix prefix;
  std::size_t first = std::string_view::npos;
  for (const std::string_view beginning : paste_beginnings) {
    first = std::min(first, text.find(beginning));
  }
  if (first == std::string_view::npos) return prefix;
  const std::size_t line = text.substr(0, first).rfind('\n') + 1;  // npos + 1 is the text's front
  if (first - line <= longest_prefix) prefix.shape_ = text.substr(line, first - line);
  return prefix;
}

std::string_view LinePrefix::strip(std::string_view line) const {
  const auto length = fit(shape_, line);
  return length ? line.substr(*length) : line;
}

}  // namespace badmx::checker
