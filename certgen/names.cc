#include "certgen/names.h"

#include "certgen/nodes.h"
#include "x509/ascii.h"
#include "x509/attribute.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <idn2.h>
#include <memory>
#include <stdexcept>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

constexpr std::size_t longest_label = 63;  // RFC 1035 2.3.4
constexpr std::size_t longest_name = 253;

bool is_ascii(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return static_cast<unsigned char>(c) < 0x80; });
}

bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) {
    const auto octet = static_cast<unsigned char>(c);
    return octet > 0x20 && octet != 0x7f;
  });
}

struct FreeIdn {
  void operator()(char* text) const noexcept { idn2_free(text); }
};

std::string a_label(std::string_view label) {
  if (is_ascii(label)) return std::string(label);
  char* made = nullptr;
  const std::string input(label);
  const int result = idn2_to_ascii_8z(input.c_str(), &made, IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, FreeIdn> owned(made);
  if (result != IDN2_OK) {
    throw std::invalid_argument(
        fmt::format("\"{}\" can't be a label of a host name: {}", label, idn2_strerror(result)));
  }
  return owned.get();
}

std::vector<std::string_view> split(std::string_view text, char separator) {
  std::vector<std::string_view> parts;
  while (true) {
    const std::size_t end = text.find(separator);
    parts.push_back(text.substr(0, end));
    if (end == std::string_view::npos) return parts;
    text.remove_prefix(end + 1);
  }
}

std::string attribute_oid(std::string_view type) {
  if (!type.empty() && type.front() >= '0' && type.front() <= '9') return std::string(type);
  const auto types = x509::attribute_types();
  const auto found = std::ranges::find_if(types, [&](const x509::AttributeType& row) {
    return x509::equal_ignoring_case(row.name, type);
  });
  if (found == types.end()) {
    throw std::invalid_argument(fmt::format(
        "\"{}\" is no attribute type of a name; known are CN, O, OU, C, L, ST, DC, STREET, SN, GN, "
        "serialNumber, title, UID, emailAddress, and any by its dotted number",
        type));
  }
  return std::string(found->oid);
}

// X.520's PrintableString alphabet.
bool is_printable_string(std::string_view text) {
  constexpr std::string_view others = " '()+,-./:=?";
  return std::ranges::all_of(text, [&](char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') ||
           others.find(c) != std::string_view::npos;
  });
}

std::uint8_t string_tag(std::string_view oid, std::string_view value) {
  // RFC 4519 2.4 and RFC 2985 5.2.1: these two are IA5String.
  const bool ia5 = oid == "0.9.2342.19200300.100.1.25" || oid == "1.2.840.113549.1.9.1";
  if (ia5 && is_ascii(value)) return der::ia5_string_tag;
  return is_printable_string(value) ? der::printable_string_tag : der::utf8_string_tag;
}

int hex_digit(char c) {
  if (c >= '0' && c <= '9') return c - '0';
  if (c >= 'a' && c <= 'f') return c - 'a' + 10;
  if (c >= 'A' && c <= 'F') return c - 'A' + 10;
  return -1;
}

class NameReader {
 public:
  NameReader(std::string_view text, const NamingContext& naming) : rest_(text), naming_(naming) {}

  der::Node read() {
    std::vector<der::Node> relative_names;
    skip_spaces();
    while (!rest_.empty()) {
      std::vector<der::Node> attributes;
      while (true) {
        attributes.push_back(attribute());
        if (!take('+')) break;
      }
      // DER sorts a SET OF by its encodings (X.690 11.6).
      std::ranges::sort(attributes, [](const der::Node& a, const der::Node& b) {
        return der::write(a) < der::write(b);
      });
      relative_names.push_back(der::set(std::move(attributes)));
      if (!take(',')) break;
      if (rest_.empty()) throw std::invalid_argument("a comma ends the name");
    }
    return der::sequence(std::move(relative_names));
  }

 private:
  der::Node attribute() {
    const std::size_t sign = rest_.find('=');
    if (sign == std::string_view::npos) {
      throw std::invalid_argument(
          fmt::format("\"{}\" isn't TYPE=value, as in \"CN={{host}}, O=Example\"", rest_));
    }
    std::string_view type = rest_.substr(0, sign);
    while (!type.empty() && type.back() == ' ') type.remove_suffix(1);
    const std::string oid = attribute_oid(type);
    rest_.remove_prefix(sign + 1);
    skip_spaces();
    const std::string text = value();
    if (text.empty()) throw std::invalid_argument(fmt::format("{} has no value", type));
    return sequence_of(der::oid(oid), der::text(string_tag(oid, text), text));
  }

  // Up to a separator that isn't escaped, without the white space before it.
  std::string value() {
    std::string text;
    std::string plain;  // what templates are looked for in: escaped text stays as it is
    std::size_t kept = 0;
    while (!rest_.empty() && rest_.front() != ',' && rest_.front() != '+') {
      if (rest_.front() == '\\') {
        text += expand(plain, naming_);
        plain.clear();
        text += escaped();
        kept = text.size();
      } else {
        plain += rest_.front();
        rest_.remove_prefix(1);
      }
    }
    text += expand(plain, naming_);
    while (text.size() > kept && text.back() == ' ') text.pop_back();
    return text;
  }

  char escaped() {
    const int high = rest_.size() > 2 ? hex_digit(rest_[1]) : -1;
    const int low = rest_.size() > 2 ? hex_digit(rest_[2]) : -1;
    if (high >= 0 && low >= 0) {
      rest_.remove_prefix(3);
      return static_cast<char>(high * 16 + low);
    }
    constexpr std::string_view special = R"( "#+,;<=>\{})";
    if (rest_.size() < 2 || special.find(rest_[1]) == std::string_view::npos) {
      throw std::invalid_argument(
          R"(a backslash stands before one of "#+,;<=>\{}, a space or two hexadecimal digits)");
    }
    const char c = rest_[1];
    rest_.remove_prefix(2);
    return c;
  }

  bool take(char c) {
    if (rest_.empty() || rest_.front() != c) return false;
    rest_.remove_prefix(1);
    skip_spaces();
    return true;
  }

  void skip_spaces() {
    while (!rest_.empty() && rest_.front() == ' ') rest_.remove_prefix(1);
  }

  std::string_view rest_;
  const NamingContext& naming_;
};

}  // namespace

std::string expand(std::string_view text, const NamingContext& naming) {
  std::string result;
  while (true) {
    const std::size_t brace = text.find_first_of("{}");
    result += text.substr(0, brace);
    if (brace == std::string_view::npos) return result;
    text.remove_prefix(brace);
    const std::size_t end = text.find('}');
    const std::string_view name = text.substr(0, end == std::string_view::npos ? end : end + 1);
    if (name == "{host}") {
      result += naming.host;
    } else if (name == "{domain}") {
      result += naming.domain;
    } else if (name == "{lab}") {
      result += naming.lab;
    } else {
      throw std::invalid_argument(
          fmt::format("\"{}\": between braces stands host, domain or lab", name));
    }
    text.remove_prefix(name.size());
  }
}

der::Node distinguished_name(std::string_view text, const NamingContext& naming) {
  return NameReader(text, naming).read();
}

std::string dns_name(std::string_view text) {
  const auto refuse = [&](std::string_view why) {
    return std::invalid_argument(fmt::format("\"{}\" can't be a host name: {}", text, why));
  };
  if (text.empty()) throw std::invalid_argument("a host name is empty");
  if (!is_visible(text)) throw refuse("white space or control characters");
  std::string name;
  const std::vector<std::string_view> labels = split(text, '.');
  for (std::size_t i = 0; i < labels.size(); ++i) {
    const bool trailing_dot = i > 0 && i + 1 == labels.size();
    if (labels[i].empty() && !trailing_dot) throw refuse("a label is empty");
    const std::string label = a_label(labels[i]);
    if (label.size() > longest_label) throw refuse("a label has more than 63 octets");
    if (i > 0) name += '.';
    name += label;
  }
  if (name.size() > longest_name + (name.back() == '.' ? 1 : 0)) {
    throw refuse("it has more than 253 octets");
  }
  return name;
}

std::string dns_constraint(std::string_view text) {
  if (text.empty()) return {};
  if (text.front() == '.') return "." + dns_name(text.substr(1));
  return dns_name(text);
}

std::string email_address(std::string_view text) {
  const std::size_t at = text.rfind('@');
  if (at == std::string_view::npos || at == 0) {
    throw std::invalid_argument(fmt::format("\"{}\" is no e-mail address", text));
  }
  const std::string_view local = text.substr(0, at);
  if (!is_ascii(local) || !is_visible(local)) {
    throw std::invalid_argument(
        fmt::format("\"{}\": what stands before the @ must be visible ASCII", text));
  }
  return std::string(local) + "@" + dns_name(text.substr(at + 1));
}

x509::Bytes ip_address(std::string_view text) {
  const std::string input(text);
  x509::Bytes octets(16);
  if (inet_pton(AF_INET6, input.c_str(), octets.data()) == 1) return octets;
  octets.resize(4);
  if (inet_pton(AF_INET, input.c_str(), octets.data()) == 1) return octets;
  throw std::invalid_argument(fmt::format("\"{}\" is no IP address", text));
}

std::string uri(std::string_view text) {
  if (text.empty() || !is_ascii(text) || !is_visible(text)) {
    throw std::invalid_argument(
        fmt::format("\"{}\" is no URL: visible ASCII is allowed in one", text));
  }
  return std::string(text);
}

}  // namespace badmx::certgen
