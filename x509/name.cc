// Distinguished names (RFC 5280 4.1.2.4): their text for people, their form for comparison.
#include "x509/attribute.h"
#include "x509/der.h"
#include "x509/printable.h"

#include <algorithm>
#include <array>

namespace badmx::x509 {
namespace {

constexpr std::array known_types{
    AttributeType{"2.5.4.3", "CN"},
    AttributeType{"2.5.4.4", "SN"},
    AttributeType{"2.5.4.5", "serialNumber"},
    AttributeType{"2.5.4.6", "C"},
    AttributeType{"2.5.4.7", "L"},
    AttributeType{"2.5.4.8", "ST"},
    AttributeType{"2.5.4.9", "STREET"},
    AttributeType{"2.5.4.10", "O"},
    AttributeType{"2.5.4.11", "OU"},
    AttributeType{"2.5.4.12", "title"},
    AttributeType{"2.5.4.42", "GN"},
    AttributeType{"1.2.840.113549.1.9.1", "emailAddress"},
    AttributeType{"0.9.2342.19200300.100.1.25", "DC"},
    AttributeType{"0.9.2342.19200300.100.1.1", "UID"},
};

void append_utf8(std::string& to, char32_t code) {
  if (code < 0x80) {
    to += static_cast<char>(code);
  } else if (code < 0x800) {
    to += static_cast<char>(0xc0U | code >> 6U);
    to += static_cast<char>(0x80U | (code & 0x3fU));
  } else if (code < 0x10000) {
    to += static_cast<char>(0xe0U | code >> 12U);
    to += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
    to += static_cast<char>(0x80U | (code & 0x3fU));
  } else {
    to += static_cast<char>(0xf0U | code >> 18U);
    to += static_cast<char>(0x80U | (code >> 12U & 0x3fU));
    to += static_cast<char>(0x80U | (code >> 6U & 0x3fU));
    to += static_cast<char>(0x80U | (code & 0x3fU));
  }
}

// RFC 4518, the part that matters in practice: ASCII case folded, inner white space collapsed.
std::string prepared(const std::string& value) {
  std::string result;
  bool space = false;
  for (const char character : value) {
    if (character == ' ' || character == '\t') {
      space = !result.empty();
      continue;
    }
    if (space) result += ' ';
    space = false;
    const bool upper = character >= 'A' && character <= 'Z';
    result += upper ? static_cast<char>(character - 'A' + 'a') : character;
  }
  return result;
}

// Whether RFC 5280 7.1 compares it as text at all.
bool is_text(std::uint8_t tag) {
  return tag == der::utf8_string_tag || tag == der::printable_string_tag ||
         tag == der::ia5_string_tag || tag == der::t61_string_tag || tag == der::bmp_string_tag ||
         tag == der::universal_string_tag;
}

}  // namespace

std::span<const AttributeType> attribute_types() { return known_types; }

// BMPString and UniversalString are big-endian code units, T61String is taken as Latin-1 (as
// everybody takes it), the others are ASCII or UTF-8 already.
std::string utf8(const Attribute& attribute) {
  const std::size_t width = attribute.tag == der::bmp_string_tag         ? 2
                            : attribute.tag == der::universal_string_tag ? 4
                            : attribute.tag == der::t61_string_tag       ? 1
                                                                         : 0;
  if (width == 0 || attribute.value.size() % width != 0) return attribute.value;
  std::string text;
  for (std::size_t at = 0; at < attribute.value.size(); at += width) {
    char32_t code = 0;
    for (std::size_t i = 0; i < width; ++i) {
      code = code << 8U | static_cast<std::uint8_t>(attribute.value[at + i]);
    }
    append_utf8(text, code > 0x10ffff ? char32_t{0xfffd} : code);
  }
  return text;
}

std::string text(const Name& name) {
  std::string all;
  for (const auto& rdn : name.rdns) {
    std::string_view separator = all.empty() ? "" : ", ";
    for (const Attribute& attribute : rdn) {
      const auto* known = std::ranges::find(known_types, attribute.oid, &AttributeType::oid);
      all += separator;
      all += known != known_types.end() ? known->name : std::string_view(attribute.oid);
      all += "=" + printable(utf8(attribute), 256);
      separator = " + ";
    }
  }
  return all.empty() ? "(empty name)" : all;
}

std::optional<std::string> common_name(const Name& name) {
  std::optional<std::string> found;
  for (const auto& rdn : name.rdns) {
    for (const Attribute& attribute : rdn) {
      if (attribute.oid == "2.5.4.3") found = utf8(attribute);
    }
  }
  return found;
}

std::string canonical(const Name& name) {
  std::string all;
  for (const auto& rdn : name.rdns) {
    std::vector<std::string> parts;
    for (const Attribute& attribute : rdn) {
      const bool as_text = is_text(attribute.tag);
      const std::string value = as_text ? prepared(utf8(attribute)) : attribute.value;
      // The length in front keeps a value from posing as several attributes.
      parts.push_back(attribute.oid + (as_text ? "=" : "#") + std::to_string(value.size()) + ":" +
                      value);
    }
    std::ranges::sort(parts);  // an RDN is a set
    for (const std::string& part : parts) all += part + "+";
    all += ",";
  }
  return all;
}

}  // namespace badmx::x509
