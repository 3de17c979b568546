// The smallest client for http: URLs that certificates name. Nothing is followed or kept.
#pragma once

#include "tls/bytes.h"

#include <chrono>
#include <cstddef>
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

struct HttpLimits {
  std::size_t octets = 65536;             // head and body together
  std::chrono::milliseconds total{5000};  // from the first address dialled to the last octet
};

struct HttpAnswer {
  std::string error{};  // why there is no body, in our words or the system's: safe to show
  tls::Bytes body{};
};

// Blocks. Asks as HTTP/1.0, so that the body ends with the connection; an answer other than 200 is
// an error, a redirection too.
HttpAnswer http_get(const HttpUrl& url, const HttpLimits& limits);

}  // namespace badmx::checker
