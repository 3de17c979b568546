#include "checker/paste/pasted_command.h"

#include "checker/host_port.h"
#include "x509/printable.h"

#include <algorithm>
#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

constexpr std::size_t most_words = 100;
constexpr std::size_t most_lines = 20;

// The words of a shell line, quotes removed, up to what the shell would take for itself.
std::vector<std::string> shell_words(std::string_view line) {
  std::vector<std::string> words;
  std::string word;
  bool in_word = false;
  char quote = 0;
  for (const char c : line) {
    if (quote != 0) {
      if (c == quote) {
        quote = 0;
      } else {
        word += c;
      }
    } else if (c == '\'' || c == '"') {
      quote = c;
      in_word = true;
    } else if (c == ' ' || c == '\t') {
      if (in_word) words.push_back(std::move(word));
      word.clear();
      in_word = false;
      if (words.size() == most_words) return words;
    } else if (c == '|' || c == ';' || c == '<' || c == '>' || c == '&') {
      break;
    } else {
      word += c;
      in_word = true;
    }
  }
  if (in_word) words.push_back(std::move(word));
  return words;
}

void take_address(std::string_view address, PastedCommand& command) {
  if (const auto target = read_host_port(address)) {
    command.host = x509::printable(target->host, 256);
    command.port = target->port.value_or(command.port);
  }
}

PastedCommand read_command(std::string_view line) {
  PastedCommand command;
  const std::vector<std::string> words = shell_words(line);
  for (std::size_t at = 0; at < words.size(); ++at) {
    // Long options may be written with two dashes since OpenSSL 1.1.
    std::string_view word = words[at];
    if (word.starts_with("--")) word.remove_prefix(1);
    const std::string_view value = at + 1 < words.size() ? words[at + 1] : std::string_view{};
    if (word == "-connect" || word == "-host") {
      take_address(value, command);
    } else if (word == "-port") {
      const auto port = leading_number(value);
      if (port && *port > 0 && *port < 65536) command.port = static_cast<std::uint16_t>(*port);
    } else if (word == "-servername") {
      command.server_name = x509::printable(value, 256);
    } else if (word == "-verify_hostname") {
      command.verify_hostname = x509::printable(value, 256);
    } else if (word == "-starttls") {
      command.tls = smtp::TlsMode::starttls;
    } else if (at + 1 == words.size() && command.host.empty() && !word.starts_with('-') &&
               word.find(':') != std::string_view::npos) {
      take_address(word, command);  // since 1.1.1 the address may stand alone, at the end
    }
  }
  return command;
}

}  // namespace

std::optional<PastedCommand> find_command(const PastedText& text, std::size_t first,
                                          std::size_t end) {
  for (std::size_t at = first; at < std::min(end, text.size()); ++at) {
    const std::size_t begin = text.line(at).find("s_client ");
    if (begin == std::string_view::npos) continue;
    std::string command(text.line(at).substr(begin));
    for (std::size_t more = 1; more < most_lines && command.ends_with('\\'); ++more) {
      command.pop_back();
      if (at + more < text.size()) command += text.line(at + more);
    }
    if (command.find(" -") == std::string::npos) continue;  // prose about s_client
    return read_command(command);
  }
  return std::nullopt;
}

}  // namespace badmx::checker
