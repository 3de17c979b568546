#include "checker/http_url.h"

#include "checker/host_port.h"
#include "x509/ascii.h"

#include <algorithm>
#include <cstddef>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_url = 2048;

// What may stand in a request line and a Host field: visible ASCII.
bool is_visible(std::string_view text) {
  return std::ranges::all_of(text, [](char c) { return c > ' ' && c < '\x7f'; });
}

}  // namespace

std::optional<HttpUrl> read_http_url(std::string_view url) {
  constexpr std::string_view scheme = "http://";
  if (url.size() > longest_url || !is_visible(url)) return std::nullopt;
  if (!x509::equal_ignoring_case(url.substr(0, scheme.size()), scheme)) return std::nullopt;
  url.remove_prefix(scheme.size());
  std::string_view authority = url.substr(0, url.find_first_of("/?#"));
  url.remove_prefix(authority.size());
  HttpUrl read;
  if (!url.empty()) {
    read.path = url.substr(0, url.find('#'));
    if (!read.path.starts_with('/')) read.path.insert(0, "/");
  }
  if (authority.find('@') != std::string_view::npos) return std::nullopt;
  if (authority.starts_with('[')) {
    const std::size_t end = authority.find(']');
    if (end == std::string_view::npos) return std::nullopt;
    read.host = authority.substr(1, end - 1);
    authority.remove_prefix(end + 1);
  } else {
    read.host = authority.substr(0, authority.find(':'));
    authority.remove_prefix(read.host.size());
  }
  if (read.host.empty()) return std::nullopt;
  if (authority.size() > 1) {
    const auto port = authority.front() == ':' ? read_port(authority.substr(1)) : std::nullopt;
    if (!port) return std::nullopt;
    read.port = *port;
  }
  return read;
}

}  // namespace badmx::checker
