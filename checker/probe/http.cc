#include "checker/probe/http.h"

#include "checker/probe/probe.h"
#include "net/wire.h"

#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <asio/ip/tcp.hpp>
#include <asio/this_coro.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <charconv>
#include <exception>
#include <system_error>
#include <utility>

namespace badmx::checker {
namespace {

using net::WireStatus;

// "HTTP/1.1 200 OK": the three digits; 0 when it is no status line (RFC 9112 4).
int status_of(std::string_view line) {
  int status = 0;
  const std::size_t space = line.find(' ');
  if (!line.starts_with("HTTP/1.") || space == std::string_view::npos) return 0;
  const std::string_view digits = line.substr(space + 1, 3);
  std::from_chars(digits.data(), digits.data() + digits.size(), status);
  return status;
}

std::string wire_failure(WireStatus status, const std::string& error) {
  switch (status) {
    case WireStatus::timed_out:
      return "it didn't answer in time";
    case WireStatus::limit_exceeded:
      return "its answer is too long";
    default:
      return error.empty() ? "it closed the connection" : error;
  }
}

asio::awaitable<HttpAnswer> get(asio::ip::tcp::endpoint endpoint, HttpUrl url, HttpLimits limits) {
  HttpAnswer answer;
  net::WireOptions options;
  options.total = limits.octets;
  const asio::any_io_executor executor = co_await asio::this_coro::executor;
  net::Wire wire(executor, options);
  wire.expire_all_after(limits.total);
  wire.expire_after(limits.total);
  WireStatus status = co_await wire.connect(endpoint);
  if (status == WireStatus::ok) {
    std::string request = fmt::format(
        "GET {} HTTP/1.0\r\nHost: {}:{}\r\nUser-Agent: badmx\r\nConnection: close\r\n\r\n",
        url.path, url.host, url.port);
    status = co_await wire.write(std::move(request));
  }
  bool first = true;
  bool head_ended = false;
  while (status == WireStatus::ok && !head_ended) {
    const net::LineRead head = co_await wire.read_line();
    status = head.status;
    if (status != WireStatus::ok) break;
    if (first) {
      const int code = status_of(head.line);
      if (code != 200) {
        answer.error = code == 0 ? "it speaks no HTTP" : fmt::format("it answers {}", code);
        co_return answer;
      }
      first = false;
    }
    head_ended = head.line.empty();
  }
  while (status == WireStatus::ok) {
    const net::BytesRead more = co_await wire.read_raw();
    status = more.status;
    answer.body.insert(answer.body.end(), more.bytes.begin(), more.bytes.end());
  }
  if (status != WireStatus::closed || !head_ended) {
    answer.error = wire_failure(status, wire.error());
    answer.body.clear();
  }
  co_return answer;
}

}  // namespace

HttpAnswer http_get(const HttpUrl& url, const HttpLimits& limits) {
  const Resolution resolution = resolve(url.host);
  HttpAnswer answer;
  answer.error = resolution.error;
  if (resolution.addresses.empty()) return answer;
  std::error_code ignored;
  const auto address = asio::ip::make_address(resolution.addresses.front(), ignored);
  std::exception_ptr failure;
  asio::io_context context(1);
  asio::co_spawn(context, get({address, url.port}, url, limits),
                 [&](std::exception_ptr thrown, HttpAnswer got) {
                   failure = std::move(thrown);
                   answer = std::move(got);
                 });
  context.run();
  if (failure) std::rethrow_exception(failure);
  return answer;
}

}  // namespace badmx::checker
