#include "x509/error.h"

#include <openssl/err.h>

namespace badmx::x509 {

std::vector<ErrorLine> drain_errors() {
  std::vector<ErrorLine> lines;
  const char* data = nullptr;
  int flags = 0;
  while (const unsigned long code = ERR_get_error_all(nullptr, nullptr, nullptr, &data, &flags)) {
    const char* reason = ERR_reason_error_string(code);
    ErrorLine line{.code = code};
    line.reason = reason != nullptr ? reason : "error " + std::to_string(code);
    if ((flags & ERR_TXT_STRING) != 0 && data != nullptr) line.detail = data;
    lines.push_back(std::move(line));
  }
  return lines;
}

std::string text(const std::vector<ErrorLine>& lines) {
  std::string all;
  for (const ErrorLine& line : lines) {
    if (!all.empty()) all += "; ";
    all += line.reason;
    if (!line.detail.empty()) all += " (" + line.detail + ")";
  }
  return all;
}

namespace {

std::string with_queue(const std::string& what) {
  const std::string queue = text(drain_errors());
  return queue.empty() ? what : what + ": " + queue;
}

}  // namespace

Error::Error(const std::string& what) : std::runtime_error(with_queue(what)) {}

}  // namespace badmx::x509
