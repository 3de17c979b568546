#include "checker/report/html.h"

#include "x509/printable.h"

#include <algorithm>

namespace badmx::checker {

std::string html_text(std::string_view text) {
  constexpr std::size_t longest = 65536;
  std::string html;
  for (const char c : x509::printable(text, longest)) {
    switch (c) {
      case '&':
        html += "&amp;";
        break;
      case '<':
        html += "&lt;";
        break;
      case '>':
        html += "&gt;";
        break;
      case '"':
        html += "&quot;";
        break;
      case '\'':
        html += "&#39;";
        break;
      default:
        html += c;
    }
  }
  return html;
}

std::string html_lines(std::string_view text) {
  std::string html;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    html += html_text(text.substr(0, end)) + "\n";
    text.remove_prefix(std::min(end + 1, text.size()));
  }
  return html;
}

}  // namespace badmx::checker
