// The smallest client for http: URLs that certificates name. Nothing is followed or kept.
#pragma once

#include "checker/http_url.h"
#include "x509/bytes.h"

#include <chrono>
#include <cstddef>
#include <string>

namespace badmx::checker {

struct HttpLimits {
  std::size_t octets = 65536;             // head and body together
  std::chrono::milliseconds total{5000};  // from the first address dialled to the last octet
};

struct HttpAnswer {
  std::string error{};  // why there is no body, in our words or the system's: safe to show
  x509::Bytes body{};
};

// Blocks. Asks as HTTP/1.0, so that the body ends with the connection; an answer other than 200 is
// an error, a redirection too.
HttpAnswer http_get(const HttpUrl& url, const HttpLimits& limits);

}  // namespace badmx::checker
