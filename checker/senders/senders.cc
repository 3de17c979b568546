#include "checker/senders/senders.h"

#include "checker/senders/senders_table.h"
#include "x509/ascii.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <utility>

namespace badmx::checker {
namespace {

constexpr std::size_t longest_explained = std::size_t{64} << 10U;
constexpr std::size_t longest_gap = 400;  // octets that "{host}" or "{}" may stand for
constexpr std::size_t longest_host = 253;
constexpr std::size_t most_explanations = 20;
constexpr std::size_t most_starts = 64;  // places at which one pattern is tried

// Lower case, each run of white space one blank: bounces are wrapped anywhere.
std::string normal(std::string_view text) {
  std::string result;
  for (const char c : text.substr(0, longest_explained)) {
    const bool blank = c == ' ' || c == '\t' || c == '\r' || c == '\n';
    if (!blank) {
      result += x509::lower(c);
    } else if (!result.empty() && result.back() != ' ') {
      result += ' ';
    }
  }
  while (result.ends_with(' ')) result.pop_back();
  return result;
}

bool is_host_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
}

// The host at the front: "mx.example.test" of "mx.example.test[192.0.2.1]:25". Empty when there is
// none.
std::string host_at(std::string_view text) {
  const auto* const end = std::ranges::find_if_not(text, is_host_character);
  std::string_view host = text.substr(0, static_cast<std::size_t>(end - text.begin()));
  while (host.ends_with('.')) host.remove_suffix(1);
  const bool sound = host.size() <= longest_host && host.find('.') != std::string_view::npos &&
                     !host.starts_with('.') && !host.starts_with('-');
  return sound ? std::string(host) : std::string{};
}

// Where a literal part of a pattern ends, and what placeholder follows it.
struct Part {
  std::string_view literal;
  std::string_view placeholder;  // "{host}", "{}" or empty
};

std::vector<Part> parts_of(std::string_view pattern) {
  std::vector<Part> parts;
  while (!pattern.empty()) {
    const std::size_t open = pattern.find('{');
    Part part{.literal = pattern.substr(0, open), .placeholder = {}};
    pattern.remove_prefix(part.literal.size());
    if (!pattern.empty()) {
      part.placeholder = pattern.substr(0, pattern.find('}') + 1);
      pattern.remove_prefix(part.placeholder.size());
    }
    parts.push_back(part);
  }
  return parts;
}

struct Match {
  std::size_t length = 0;  // of the literal text in common
  std::string host;
};

// Whether the text goes on as the parts from `part` on say, beginning right at `rest`.
std::optional<Match> match_here(std::string_view rest, std::span<const Part> parts) {
  Match match;
  for (std::size_t i = 0; i < parts.size(); ++i) {
    const Part& part = parts[i];
    if (i > 0) {
      const std::size_t at = rest.substr(0, longest_gap + part.literal.size()).find(part.literal);
      if (at == std::string_view::npos) return std::nullopt;
      rest.remove_prefix(at);
    } else if (!rest.starts_with(part.literal)) {
      return std::nullopt;
    }
    rest.remove_prefix(part.literal.size());
    match.length += part.literal.size();
    if (part.placeholder == "{host}") match.host = host_at(rest);
  }
  return match;
}

bool is_word_character(char c) { return is_host_character(c) && c != '_' && c != '-'; }

// "4.7.320" is not within "14.7.3201"; words of a sentence may end anywhere ("certificate:").
bool stands_alone(std::string_view text, std::size_t at, std::string_view literal) {
  const auto digit = [](char c) { return c >= '0' && c <= '9'; };
  if (digit(literal.front()) && at > 0 && is_word_character(text[at - 1])) return false;
  const std::size_t end = at + literal.size();
  return !(digit(literal.back()) && end < text.size() && digit(text[end]));
}

std::optional<Match> match(std::string_view text, std::string_view pattern) {
  const std::vector<Part> parts = parts_of(pattern);
  const std::string_view first = parts.front().literal;
  std::size_t at = text.find(first);
  for (std::size_t tried = 0; at != std::string_view::npos && tried < most_starts; ++tried) {
    if (stands_alone(text, at, first)) {
      if (auto found = match_here(text.substr(at), parts)) return found;
    }
    at = text.find(first, at + 1);
  }
  return std::nullopt;
}

// The host that a line names outside of its message: Postfix's relay=, Exim's H=, Exchange's FQDN=.
std::string host_in(std::string_view text) {
  for (const std::string_view mark : {"relay=", " h=", "fqdn=", "host ", "connection to "}) {
    for (std::size_t at = text.find(mark); at != std::string_view::npos;
         at = text.find(mark, at + 1)) {
      if (std::string host = host_at(text.substr(at + mark.size())); !host.empty()) return host;
    }
  }
  return {};
}

// The X509_V_ERR_* that the text is or names: "20", "num=20:…", "error 20 at 1 depth lookup",
// "Verify return code: 20 (…)".
std::optional<int> openssl_number(std::string_view text) {
  const auto number_at = [text](std::size_t at) -> std::optional<int> {
    int number = 0;
    std::size_t digits = 0;
    while (at + digits < text.size() && text[at + digits] >= '0' && text[at + digits] <= '9') {
      if (digits == 3) return std::nullopt;
      number = number * 10 + (text[at + digits] - '0');
      ++digits;
    }
    return digits == 0 ? std::nullopt : std::optional(number);
  };
  if (!text.empty() && text.size() <= 3 && text.find_first_not_of("0123456789") == text.npos) {
    return number_at(0);
  }
  for (const std::string_view mark :
       {"num=", "verify error ", "openssl error ", "openssl ", "verify return code: ", "error "}) {
    const std::size_t at = text.find(mark);
    if (at == std::string_view::npos) continue;
    if (const auto number = number_at(at + mark.size())) return number;
  }
  return std::nullopt;
}

std::vector<std::string_view> words_between_blanks(std::string_view list) {
  std::vector<std::string_view> words;
  while (!list.empty()) {
    const std::size_t blank = std::min(list.find(' '), list.size());
    if (blank > 0) words.push_back(list.substr(0, blank));
    list.remove_prefix(std::min(blank + 1, list.size()));
  }
  return words;
}

std::string next_step(const SenderLine& line, const std::string& named) {
  const std::string host = named.empty() ? "HOST" : named;
  if (line.ask.empty()) {
    return fmt::format(
        "Run: badmx check {0} (or ask for the output of: openssl s_client -connect {0}:25 "
        "-starttls smtp -showcerts </dev/null)",
        host);
  }
  std::string next;
  for (const Part& part : parts_of(line.ask)) {
    next += part.literal;
    if (part.placeholder == "{host}") next += host;
  }
  return next;
}

struct Candidate {
  const SenderLine* line = nullptr;
  Match match;
};

}  // namespace

std::span<const SenderLine> sender_lines() {
  static const std::vector<SenderLine> all = [] {
    std::vector<SenderLine> lines;
    for (const auto family :
         {postfix_lines(), server_lines(), service_lines(), library_lines(), tls_report_lines()}) {
      lines.insert(lines.end(), family.begin(), family.end());
    }
    return lines;
  }();
  return all;
}

std::string legible(std::string_view pattern) {
  std::string text;
  for (const Part& part : parts_of(pattern)) {
    text += part.literal;
    if (part.placeholder == "{host}") text += "HOST";
    if (part.placeholder == "{}") text += "...";
  }
  return text;
}

std::vector<Explanation> explain_line(std::string_view log_or_bounce) {
  const std::string text = normal(log_or_bounce);
  const auto number = openssl_number(text);
  const std::string numbered = number ? fmt::format("OpenSSL {}", *number) : std::string{};
  std::vector<Candidate> candidates;
  for (const SenderLine& line : sender_lines()) {
    if (auto found = match(text, line.pattern)) {
      candidates.push_back({.line = &line, .match = std::move(*found)});
    } else if (line.sender == numbered && line.versions.empty()) {
      candidates.push_back({.line = &line, .match = {}});
    }
  }
  // What is said by a number alone may have changed its meaning between versions.
  if (candidates.empty() && number) {
    for (const SenderLine& line : sender_lines()) {
      if (line.sender == numbered) candidates.push_back({.line = &line, .match = {}});
    }
  }
  std::ranges::stable_sort(candidates, [](const Candidate& a, const Candidate& b) {
    return a.match.length > b.match.length;
  });
  if (candidates.size() > most_explanations) candidates.resize(most_explanations);
  const std::string fallback = host_in(" " + text);
  std::vector<Explanation> all;
  for (Candidate& candidate : candidates) {
    const std::string& named = candidate.match.host;
    const std::string host = x509::printable(named.empty() ? fallback : named, longest_host);
    all.push_back({.line = *candidate.line,
                   .codes = words_between_blanks(candidate.line->codes),
                   .host = host,
                   .next = next_step(*candidate.line, host)});
  }
  return all;
}

}  // namespace badmx::checker
