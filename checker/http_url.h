// http: URLs, as certificates name them.
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace badmx::checker {

struct HttpUrl {
  std::string host{};  // a name or a numeric address, an IPv6 one without brackets
  std::uint16_t port = 80;
  std::string path = "/";  // with the query

  bool operator==(const HttpUrl&) const = default;
};

// Nothing when it is no http: URL (RFC 9110 4.2.1), has user information, or an octet in it that
// can't stand in a request line.
std::optional<HttpUrl> read_http_url(std::string_view url);

}  // namespace badmx::checker
