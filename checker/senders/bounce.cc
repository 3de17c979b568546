#include "checker/senders/bounce.h"

#include "x509/ascii.h"
#include "x509/bytes.h"

#include <algorithm>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_message = std::size_t{1} << 20U;

// RFC 2045 6.7: "=" and a line's end is nothing, "=3D" an octet. What is neither stays as it is.
std::string quoted_printable(std::string_view text) {
  std::string result;
  while (!text.empty()) {
    if (text.front() != '=') {
      result += text.front();
      text.remove_prefix(1);
    } else if (text.starts_with("=\r\n")) {
      text.remove_prefix(3);
    } else if (text.starts_with("=\n")) {
      text.remove_prefix(2);
    } else if (const auto octet = x509::from_hex(text.substr(1, 2)); octet && octet->size() == 1) {
      result += static_cast<char>(octet->front());
      text.remove_prefix(3);
    } else {
      result += '=';
      text.remove_prefix(1);
    }
  }
  return result;
}

bool declares_quoted_printable(std::string_view message) {
  return x509::lower(message).find("quoted-printable") != std::string::npos;
}

void add_found(const std::vector<Finding>& findings, const BounceLine& line,
               std::vector<std::string>& found) {
  for (const Finding& finding : findings) {
    const bool listed = std::ranges::find(line.codes, finding.code) != line.codes.end();
    const bool known = std::ranges::find(found, finding.code) != found.end();
    if (listed && !known) found.push_back(finding.code);
  }
}

}  // namespace

std::string readable_bounce(std::string_view message) {
  message = message.substr(0, longest_message);
  return declares_quoted_printable(message) ? quoted_printable(message) : std::string(message);
}

std::vector<BounceLine> explain_bounce(std::span<const Explanation> bounce,
                                       const Diagnosis& diagnosis) {
  std::vector<BounceLine> lines;
  for (const Explanation& each : bounce) {
    BounceLine line{.sender = std::string(each.line.sender),
                    .says = std::string(each.line.pattern),
                    .codes = {each.codes.begin(), each.codes.end()}};
    add_found(diagnosis.findings, line, line.explained_by);
    add_found(diagnosis.consequences, line, line.explained_by);
    lines.push_back(std::move(line));
  }
  return lines;
}

}  // namespace badmx::checker
