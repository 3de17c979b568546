#include "checker/paste/transcript_text.h"

#include "checker/paste/paste_wrapping.h"

#include <algorithm>
#include <array>
#include <chrono>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_line = 65536;  // a chain's PEM may stand in one

std::string_view line_content(std::string_view line) {
  const std::size_t first = line.find_first_not_of(" \t>|");
  if (first == std::string_view::npos) return {};
  const std::size_t last = line.find_last_not_of(" \t\r");
  if (last < first) return {};
  return line.substr(first, std::min(last - first + 1, longest_line));
}

std::string_view without_leading_blanks(std::string_view text) {
  const std::size_t first = text.find_first_not_of(" \t");
  return first == std::string_view::npos ? std::string_view{} : text.substr(first);
}

// What a mail program that wraps at blanks leaves of a line has at least this length.
constexpr std::size_t shortest_wrapped = 40;
constexpr int most_continuations = 3;

// "0 s:CN = …"
bool is_numbered(std::string_view line) {
  const std::size_t digits = line.find_first_not_of("0123456789");
  return digits != 0 && digits != std::string_view::npos && line.substr(digits).starts_with(" s:");
}

// Names, keys and dates of a printed chain: the lines of s_client that get long.
bool is_of_chain(std::string_view line) {
  constexpr std::array<std::string_view, 5> beginnings{
      "i:", "a:PKEY:", "v:NotBefore:", "subject=", "issuer="};
  return is_numbered(line) || std::ranges::any_of(beginnings, [&](std::string_view beginning) {
           return line.starts_with(beginning);
         });
}

// What may stand behind such a line and isn't its rest; a rest has a blank or is short.
bool begins_another(std::string_view line) {
  constexpr std::array<std::string_view, 9> beginnings{"---",
                                                       "Server certificate",
                                                       "No client certificate",
                                                       "Acceptable client",
                                                       "SSL handshake",
                                                       "Peer",
                                                       "Verif",
                                                       "verify ",
                                                       "depth="};
  constexpr std::size_t longest_word = 48;  // longer ones are base64
  return line.empty() || is_of_chain(line) ||
         std::ranges::any_of(
             beginnings, [&](std::string_view beginning) { return line.starts_with(beginning); }) ||
         (line.size() > longest_word && line.find(' ') == std::string_view::npos);
}

}  // namespace

std::string PastedText::unwrapped(std::size_t& index) const {
  std::string_view last = line(index);
  std::string whole(last);
  if (!is_of_chain(last)) return whole;
  for (int joined = 0; joined < most_continuations; ++joined) {
    if (last.size() < shortest_wrapped || index + 1 == size()) break;
    const std::string_view next = line(index + 1);
    if (begins_another(next)) break;
    whole += ' ';
    whole += next;
    last = next;
    ++index;
  }
  return whole;
}

std::string_view PastedText::line(std::size_t index) const {
  const std::size_t end = index + 1 < starts.size() ? starts[index + 1] : text.size();
  return std::string_view(text).substr(starts[index], end - starts[index] - 1);
}

PastedText clean(std::string_view pasted) {
  pasted = pasted.substr(0, longest_paste);
  const auto shown = shown_html(pasted);
  if (shown) pasted = *shown;
  const LinePrefix prefix = LinePrefix::of(pasted);
  PastedText result;
  result.text.reserve(pasted.size() + 1);
  for (std::size_t at = 0; at < pasted.size();) {
    const std::size_t end = std::min(pasted.find('\n', at), pasted.size());
    result.starts.push_back(result.text.size());
    result.text += line_content(prefix.strip(pasted.substr(at, end - at)));
    result.text += '\n';
    at = end + 1;
  }
  return result;
}

std::optional<std::string_view> after(std::string_view line, std::string_view prefix) {
  if (!line.starts_with(prefix)) return std::nullopt;
  return without_leading_blanks(line.substr(prefix.size()));
}

std::optional<std::string_view> value_of(std::string_view line, std::string_view key) {
  if (!line.starts_with(key)) return std::nullopt;
  const std::string_view rest = without_leading_blanks(line.substr(key.size()));
  if (!rest.starts_with(':')) return std::nullopt;
  return without_leading_blanks(rest.substr(1));
}

std::optional<long long> leading_number(std::string_view text) {
  long long number = 0;
  std::size_t digits = 0;
  while (digits < text.size() && text[digits] >= '0' && text[digits] <= '9') {
    if (digits == 12) return std::nullopt;
    number = number * 10 + (text[digits] - '0');
    ++digits;
  }
  return digits == 0 ? std::nullopt : std::optional(number);
}

std::optional<x509::Moment> printed_time(std::string_view text) {
  using std::chrono::day;
  using std::chrono::month;
  using std::chrono::year;
  constexpr std::array<std::string_view, 12> months{"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                                    "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const auto* const named = std::ranges::find(months, text.substr(0, 3));
  if (named == months.end()) return std::nullopt;
  text.remove_prefix(3);
  std::array<long long, 5> numbers{};  // day, hour, minute, second, year
  for (long long& number : numbers) {
    text = without_leading_blanks(text);
    if (text.starts_with(':')) text.remove_prefix(1);
    const auto read = leading_number(text);
    if (!read) return std::nullopt;
    number = *read;
    text.remove_prefix(std::min(text.find_first_not_of("0123456789"), text.size()));
  }
  if (without_leading_blanks(text) != "GMT") return std::nullopt;
  const auto index = static_cast<unsigned>(named - months.begin()) + 1;
  if (numbers[0] > 31 || numbers[1] > 23 || numbers[2] > 59 || numbers[3] > 60 ||
      numbers[4] > 9999) {
    return std::nullopt;
  }
  const std::chrono::year_month_day date{year{static_cast<int>(numbers[4])}, month{index},
                                         day{static_cast<unsigned>(numbers[0])}};
  if (!date.ok()) return std::nullopt;
  return std::chrono::sys_days{date} + std::chrono::hours{numbers[1]} +
         std::chrono::minutes{numbers[2]} + std::chrono::seconds{numbers[3]};
}

std::vector<std::string_view> error_parts(std::string_view line) {
  std::vector<std::string_view> parts;
  const std::size_t begin = line.find("error:");
  if (begin == std::string_view::npos || (begin != 0 && line[begin - 1] != ':')) return parts;
  std::string_view rest = line.substr(begin + 6);
  while (parts.size() < 7) {
    const std::size_t colon = parts.size() == 6 ? std::string_view::npos : rest.find(':');
    parts.push_back(rest.substr(0, colon));
    if (colon == std::string_view::npos) break;
    rest.remove_prefix(colon + 1);
  }
  return parts;
}

}  // namespace badmx::checker
