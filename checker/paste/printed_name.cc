#include "checker/paste/printed_name.h"

#include "x509/attribute.h"
#include "x509/bytes.h"
#include "x509/der.h"
#include "x509/oid_name.h"
#include "x509/printable.h"

#include <algorithm>
#include <cstdint>
#include <optional>
#include <utility>
#include <vector>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_name = 2048;
constexpr std::size_t longest_attribute = 256;  // as x509::text(Name) bounds its own

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

// One escape at the front of `text`, which begins with a backslash: "\C3" (RFC 2253), "\xC3" (the
// old one-line form) or an escaped character.
char unescape(std::string_view& text) {
  text.remove_prefix(1);
  if (text.empty()) return '\\';
  const std::size_t skip = text.front() == 'x' ? 1 : 0;
  if (const auto octet = x509::from_hex(text.substr(skip, 2)); octet && octet->size() == 1) {
    text.remove_prefix(skip + 2);
    return static_cast<char>(octet->front());
  }
  const char c = text.front();
  text.remove_prefix(1);
  return c;
}

struct PrintedAttribute {
  std::string type;
  std::string value;
  bool joined = false;  // by "+" to the one before (a multi-valued relative name)
};

// Takes "CN = " from the front.
std::string take_type(std::string_view& text) {
  const std::size_t equals = text.find('=');
  std::string_view type = text.substr(0, equals);
  while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
  text.remove_prefix(equals + 1);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  return std::string(type);
}

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

// Takes an attribute, to the separator behind it, from the front.
PrintedAttribute take_attribute(std::string_view& text, bool slashes) {
  PrintedAttribute attribute{.type = take_type(text), .value = {}};
  std::string& value = attribute.value;
  if (!slashes && text.starts_with('"')) read_quoted(text, value);
  while (!text.empty() && separator_at(text, slashes) == 0) {
    if (text.front() == '\\') {
      value += unescape(text);
    } else {
      value += text.front();
      text.remove_prefix(1);
    }
  }
  while (!value.empty() && value.back() == ' ') value.pop_back();
  return attribute;
}

// None where the text doesn't begin with one.
std::vector<PrintedAttribute> attributes_of(std::string_view text) {
  text = text.substr(0, longest_name);
  while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
  const bool slashes = text.starts_with('/') && begins_attribute(text.substr(1));
  if (slashes) text.remove_prefix(1);
  std::vector<PrintedAttribute> all;
  if (!begins_attribute(text)) return all;
  all.push_back(take_attribute(text, slashes));
  while (!text.empty()) {
    const std::size_t length = separator_at(text, slashes);
    const bool joined = text.substr(0, length).find('+') != std::string_view::npos;
    text.remove_prefix(length);
    all.push_back(take_attribute(text, slashes));
    all.back().joined = joined;
  }
  return all;
}

// Dotted; empty for a type that nobody knows.
std::string oid_of(const std::string& type) {
  const auto types = x509::attribute_types();
  const auto known = std::ranges::find(types, type, &x509::AttributeType::name);
  if (known != types.end()) return std::string(known->oid);
  if (type.find_first_not_of("0123456789.") == std::string::npos) return type;
  return x509::oid_of(type);
}

}  // namespace

std::string printed_name(std::string_view as_printed) {
  const std::vector<PrintedAttribute> attributes = attributes_of(as_printed);
  if (attributes.empty()) {
    std::string_view text = as_printed.substr(0, longest_name);
    while (!text.empty() && text.front() == ' ') text.remove_prefix(1);
    return x509::printable(text, longest_attribute);
  }
  std::string all;
  for (const PrintedAttribute& attribute : attributes) {
    if (!all.empty()) all += attribute.joined ? " + " : ", ";
    all += attribute.type + "=" + x509::printable(attribute.value, longest_attribute);
  }
  return all;
}

x509::Name read_printed_name(std::string_view as_printed) {
  x509::Name name;
  for (const PrintedAttribute& attribute : attributes_of(as_printed)) {
    std::string oid = oid_of(attribute.type);
    if (oid.empty()) continue;
    if (!attribute.joined || name.rdns.empty()) name.rdns.emplace_back();
    name.rdns.back().push_back(
        {.oid = std::move(oid), .tag = x509::der::utf8_string_tag, .value = attribute.value});
  }
  return name;
}

}  // namespace badmx::checker
