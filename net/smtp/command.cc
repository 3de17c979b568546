#include "net/smtp/command.h"

#include <algorithm>
#include <array>

namespace badmx::smtp {
namespace {

constexpr std::size_t longest_verb = 32;
constexpr std::string_view white_space = " \t\r";

struct VerbRow {
  std::string_view verb;
  Point point;
};

constexpr std::array<VerbRow, 10> verb_rows = {{
    {"EHLO", Point::ehlo},
    {"HELO", Point::helo},
    {"STARTTLS", Point::starttls},
    {"AUTH", Point::auth},
    {"MAIL", Point::mail},
    {"RCPT", Point::rcpt},
    {"DATA", Point::data},
    {"RSET", Point::rset},
    {"NOOP", Point::noop},
    {"QUIT", Point::quit},
}};

char capital(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

std::string in_capitals(std::string_view text) {
  std::string capitals(text);
  std::transform(capitals.begin(), capitals.end(), capitals.begin(), capital);
  return capitals;
}

std::string_view without_space_around(std::string_view text) {
  const std::size_t first = text.find_first_not_of(white_space);
  if (first == std::string_view::npos) {
    return {};
  }
  return text.substr(first, text.find_last_not_of(white_space) - first + 1);
}

}  // namespace

Command parse_command(std::string_view line) {
  const std::string_view text = without_space_around(line);
  const std::size_t end = text.find_first_of(" \t");
  Command command;
  command.verb = in_capitals(text.substr(0, std::min(end, longest_verb)));
  if (end != std::string_view::npos) {
    command.argument = without_space_around(text.substr(end));
  }
  // Compared in full, so that a NUL or a long tail makes another word of it.
  const std::string word = in_capitals(text.substr(0, std::min(end, longest_verb + 1)));
  const auto* const found = std::find_if(verb_rows.begin(), verb_rows.end(),
                                         [&](const VerbRow& row) { return row.verb == word; });
  command.point = found == verb_rows.end() ? Point::unknown : found->point;
  return command;
}

std::optional<std::string> path(std::string_view argument, std::string_view keyword) {
  if (in_capitals(argument.substr(0, keyword.size())) != in_capitals(keyword)) {
    return std::nullopt;
  }
  std::string_view rest = without_space_around(argument.substr(keyword.size()));
  if (rest.empty() || rest.front() != '<') {
    const std::string_view bare = rest.substr(0, rest.find(' '));
    return bare.empty() || bare.find_first_of("<>") != std::string_view::npos
               ? std::nullopt
               : std::optional<std::string>(bare);
  }
  const std::size_t end = rest.find('>');
  if (end == std::string_view::npos) {
    return std::nullopt;
  }
  std::string_view address = rest.substr(1, end - 1);
  const std::size_t route_end = address.find(':');
  if (!address.empty() && address.front() == '@' && route_end != std::string_view::npos) {
    address.remove_prefix(route_end + 1);  // "<@relay.example:user@host>"
  }
  return std::string(address);
}

}  // namespace badmx::smtp
