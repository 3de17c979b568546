#include "checker/host_port.h"

#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <stdexcept>
#include <system_error>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_host_name = 253;  // RFC 1035 2.3.4, less the root's label
constexpr std::size_t longest_label = 63;
constexpr std::string_view blanks = " \t\r\n";

std::string_view trimmed(std::string_view text) {
  const std::size_t first = text.find_first_not_of(blanks);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(blanks) - first + 1);
}

// Letters, digits, hyphens and underscores (which real host names have); other octets above ASCII
// are an internationalised name's, which the resolver turns down or not.
bool is_host_name(std::string_view host) {
  if (host.ends_with('.')) host.remove_suffix(1);
  if (host.empty() || host.size() > longest_host_name) return false;
  std::size_t label = 0;
  for (const char c : host) {
    const bool letter = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                        (c >= '0' && c <= '9') || c == '-' || c == '_' ||
                        static_cast<unsigned char>(c) >= 0x80;
    if (c == '.' ? label == 0 : !letter) return false;
    label = c == '.' ? 0 : label + 1;
    if (label > longest_label) return false;
  }
  return label > 0;
}

// Roughly: the resolver is the judge.
bool is_ipv6(std::string_view host) {
  const std::string_view address = host.substr(0, host.find('%'));
  return std::ranges::count(address, ':') >= 2 && address.size() <= 45 &&
         std::ranges::all_of(address, [](char c) {
           return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F') ||
                  c == ':' || c == '.';
         });
}

struct Reading {
  HostPort target;
  std::string error;  // empty: it is one
};

Reading failed(std::string_view text, std::string_view why) {
  return {.target = {}, .error = fmt::format("\"{}\" {}", x509::printable(text, 100), why)};
}

Reading read(std::string_view text) {
  if (text.empty()) return {.target = {}, .error = "an empty host name"};
  if (text.find("://") != std::string_view::npos) {
    return failed(text, "is a URL; give its host alone");
  }
  std::string_view host = text;
  std::optional<std::string_view> port;
  if (text.starts_with('[')) {
    const std::size_t end = text.find(']');
    if (end == std::string_view::npos) return failed(text, "has a \"[\" without its \"]\"");
    host = text.substr(1, end - 1);
    const std::string_view rest = text.substr(end + 1);
    if (rest.starts_with(':')) port = rest.substr(1);
    if (!rest.empty() && !port) return failed(text, "has something else than :PORT behind \"]\"");
    if (!is_ipv6(host)) return failed(text, "has no IPv6 address between its brackets");
  } else if (!is_ipv6(text)) {
    const std::size_t colon = text.find(':');
    host = text.substr(0, colon);
    if (colon != std::string_view::npos) port = text.substr(colon + 1);
    if (!is_host_name(host)) return failed(text, "is no host name, nor HOST:PORT");
  }
  HostPort target{.host = std::string(host), .port = std::nullopt};
  if (port) {
    target.port = read_port(*port);
    if (!target.port) return failed(text, "has no port between 1 and 65535 behind the \":\"");
  }
  return {.target = std::move(target), .error = {}};
}

// The line without its comment and blanks.
std::string_view bare(std::string_view line) { return trimmed(line.substr(0, line.find('#'))); }

}  // namespace

std::optional<std::uint16_t> read_port(std::string_view digits) {
  std::uint16_t port = 0;
  const char* const end = digits.data() + digits.size();
  const auto [stop, error] = std::from_chars(digits.data(), end, port);
  if (error != std::errc{} || stop != end || port == 0) return std::nullopt;
  return port;
}

std::optional<HostPort> read_host_port(std::string_view text) {
  Reading reading = read(trimmed(text));
  if (!reading.error.empty()) return std::nullopt;
  return std::move(reading.target);
}

HostPort parse_host_port(std::string_view text) {
  Reading reading = read(trimmed(text));
  if (!reading.error.empty()) throw std::invalid_argument(reading.error);
  return std::move(reading.target);
}

std::vector<HostPort> read_host_list(std::string_view content) {
  std::vector<HostPort> hosts;
  for (std::size_t number = 1; !content.empty(); ++number) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = bare(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
    if (line.empty()) continue;
    Reading reading = read(line);
    if (!reading.error.empty()) {
      throw std::invalid_argument(fmt::format("line {}: {}", number, reading.error));
    }
    hosts.push_back(std::move(reading.target));
  }
  return hosts;
}

bool is_host_list(std::string_view content) {
  std::size_t hosts = 0;
  while (!content.empty()) {
    const std::size_t end = std::min(content.find('\n'), content.size());
    const std::string_view line = bare(content.substr(0, end));
    content.remove_prefix(std::min(end + 1, content.size()));
    if (line.empty()) continue;
    if (!read_host_port(line)) return false;
    ++hosts;
  }
  return hosts > 0;
}

}  // namespace badmx::checker
