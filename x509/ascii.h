// ASCII letters without regard to case and locale: host names, keywords and header fields compare
// so (RFC 4343, RFC 5321 2.4).
#pragma once

#include <algorithm>
#include <string>
#include <string_view>

namespace badmx::x509 {

constexpr char lower(char c) { return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c; }

inline std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = lower(c);
  return result;
}

constexpr bool equal_ignoring_case(std::string_view a, std::string_view b) {
  return std::equal(a.begin(), a.end(), b.begin(), b.end(),
                    [](char x, char y) { return lower(x) == lower(y); });
}

}  // namespace badmx::x509
