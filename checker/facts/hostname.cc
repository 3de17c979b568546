#include "checker/facts/hostname.h"

#include "x509/ascii.h"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <idn2.h>
#include <memory>

namespace badmx::checker {
namespace {

bool is_label_character(char c) {
  const char l = x509::lower(c);
  // The underscore is no host name's, but names with it are issued and looked up.
  return (l >= 'a' && l <= 'z') || (l >= '0' && l <= '9') || l == '-' || l == '_';
}

x509::Bytes address(const std::string& text) {
  std::array<std::uint8_t, 16> octets{};
  if (inet_pton(AF_INET, text.c_str(), octets.data()) == 1) {
    return {octets.begin(), octets.begin() + 4};
  }
  if (inet_pton(AF_INET6, text.c_str(), octets.data()) == 1) return {octets.begin(), octets.end()};
  return {};
}

std::optional<std::string> a_labels(const std::string& text) {
  char* converted = nullptr;
  const int result = idn2_lookup_u8(reinterpret_cast<const std::uint8_t*>(text.c_str()),
                                    reinterpret_cast<std::uint8_t**>(&converted),
                                    IDN2_NFC_INPUT | IDN2_NONTRANSITIONAL);
  const std::unique_ptr<char, decltype(&idn2_free)> owned(converted, &idn2_free);
  if (result != IDN2_OK || converted == nullptr) return std::nullopt;
  return std::string(converted);
}

}  // namespace

std::optional<ReferenceName> read_reference(std::string_view text) {
  std::string host(text);
  if (host.size() > 2 && host.front() == '[' && host.back() == ']') {
    host = host.substr(1, host.size() - 2);
  }
  ReferenceName reference;
  reference.ip = address(host);
  if (!reference.ip.empty()) return reference;
  if (!host.empty() && host.back() == '.') host.pop_back();
  if (host.find('\0') != std::string::npos) return std::nullopt;
  if (std::ranges::any_of(host,
                          [](char c) { return (static_cast<unsigned char>(c) & 0x80U) != 0; })) {
    const auto converted = a_labels(host);
    if (!converted) return std::nullopt;
    host = *converted;
  }
  host = x509::lower(std::string_view(host));
  if (!is_dns_name(host) || host.front() == '*') return std::nullopt;
  reference.dns = host;
  return reference;
}

bool is_dns_name(std::string_view presented) {
  if (presented.starts_with("*.")) presented.remove_prefix(2);
  if (presented.empty() || presented.size() > 253) return false;
  std::size_t label = 0;
  for (const char c : presented) {
    if (c == '.') {
      if (label == 0) return false;
      label = 0;
    } else if (!is_label_character(c) || ++label > 63) {
      return false;
    }
  }
  return label != 0;
}

bool covers(std::string_view presented, std::string_view dns) {
  if (!is_dns_name(presented)) return false;
  if (!presented.starts_with("*.")) return x509::equal_ignoring_case(presented, dns);
  const std::string_view below = presented.substr(1);  // ".example.test"
  if (std::ranges::count(below, '.') < 2) return false;
  const std::size_t dot = dns.find('.');
  return dot != std::string_view::npos && dot != 0 &&
         x509::equal_ignoring_case(dns.substr(dot), below);
}

bool within(std::string_view dns, std::string_view subtree) {
  if (subtree.empty()) return true;
  const bool only_below = subtree.front() == '.';
  const std::string_view base = only_below ? subtree.substr(1) : subtree;
  if (dns.size() == base.size()) return !only_below && x509::equal_ignoring_case(dns, base);
  return dns.size() > base.size() + 1 && dns[dns.size() - base.size() - 1] == '.' &&
         x509::equal_ignoring_case(dns.substr(dns.size() - base.size()), base);
}

std::string ip_text(x509::ByteView octets) {
  std::array<char, INET6_ADDRSTRLEN> buffer{};
  const int family = octets.size() == 4 ? AF_INET : AF_INET6;
  if ((octets.size() == 4 || octets.size() == 16) &&
      inet_ntop(family, octets.data(), buffer.data(), buffer.size()) != nullptr) {
    return buffer.data();
  }
  return x509::hex(octets);
}

}  // namespace badmx::checker
