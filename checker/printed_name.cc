#include "checker/printed_name.h"

#include "tls/printable.h"

#include <algorithm>
#include <cstdint>
#include <optional>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_name = 2048;
constexpr std::size_t longest_value = 256;  // as tls::text(Name) bounds its own

bool is_type_character(char c) {
  return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.';
}

// Whether an attribute begins here: "CN=" or "CN = ".
bool begins_attribute(std::string_view text) {
  const auto* const end = std::ranges::find_if_not(text, is_type_character);
  auto length = static_cast<std::size_t>(end - text.begin());
  if (length == 0 || length > 64) return false;
  while (length < text.size() && text[length] == ' ') ++length;
  return length < text.size() && text[length] == '=';
}

std::optional<int> hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return std::nullopt;
}

// One escape at the front of `text`, which begins with a backslash: "\C3" (RFC 2253), "\xC3" (the
// old one-line form) or an escaped character.
char unescape(std::string_view& text) {
  text.remove_prefix(1);
  if (text.empty()) return '\\';
  const std::size_t skip = text.front() == 'x' ? 1 : 0;
  if (text.size() >= skip + 2) {
    const auto high = hex_digit(text[skip]);
    const auto low = hex_digit(text[skip + 1]);
    if (high && low) {
      text.remove_prefix(skip + 2);
      return static_cast<char>(static_cast<std::uint8_t>(*high * 16 + *low));
    }
  }
  const char c = text.front();
  text.remove_prefix(1);
  return c;
}

struct Writer {
  std::string all;
  std::string value;
  std::string separator;

  void end_attribute(std::string_view next_separator) {
    while (!value.empty() && value.back() == ' ') value.pop_back();
    all += tls::printable(value, longest_value);
    value.clear();
    separator = next_separator;
  }

  // Takes "CN = " from the front.
  void begin_attribute(std::string_view& text) {
    all += separator;
    const std::size_t equals = text.find('=');
    std::string_view type = text.substr(0, equals);
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    all += type;
    all += '=';
    text.remove_prefix(equals + 1);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  }
};

// Takes a quoted value from the front, up to its closing quote.
void read_quoted(std::string_view& text, std::string& value) {
  text.remove_prefix(1);
  while (!text.empty() && text.front() != '"') {
    if (text.front() == '\\') {
      value += unescape(text);
    } else {
      value += text.front();
      text.remove_prefix(1);
    }
  }
  if (!text.empty()) text.remove_prefix(1);
}

// How long a separator at the front is, and whether an attribute follows it.
std::size_t separator_at(std::string_view text, bool slashes) {
  if (slashes) return text.front() == '/' && begins_attribute(text.substr(1)) ? 1 : 0;
  for (const std::string_view separator : {", ", ",", " + ", "+", "; "}) {
    if (text.starts_with(separator) && begins_attribute(text.substr(separator.size()))) {
      return separator.size();
    }
  }
  return 0;
}

}  // namespace

std::string printed_name(std::string_view as_printed) {
  std::string_view text = as_printed.substr(0, longest_name);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const bool slashes = text.starts_with('/') && begins_attribute(text.substr(1));
  if (slashes) text.remove_prefix(1);
  if (!begins_attribute(text)) return tls::printable(text, longest_value);

  Writer writer;
  writer.begin_attribute(text);
  if (!slashes && text.starts_with('"')) read_quoted(text, writer.value);
  while (!text.empty()) {
    if (const std::size_t length = separator_at(text, slashes)) {
      const bool same_rdn = text.substr(0, length).find('+') != std::string_view::npos;
      writer.end_attribute(same_rdn ? " + " : ", ");
      text.remove_prefix(length);
      writer.begin_attribute(text);
      if (!slashes && text.starts_with('"')) read_quoted(text, writer.value);
    } else if (text.front() == '\\') {
      writer.value += unescape(text);
    } else {
      writer.value += text.front();
      text.remove_prefix(1);
    }
  }
  writer.end_attribute("");
  return writer.all;
}

}  // namespace badmx::checker
