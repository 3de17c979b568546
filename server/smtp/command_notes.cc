#include "server/smtp/command_notes.h"

#include <algorithm>
#include <string_view>
#include <utility>

namespace badmx::server {
namespace {

constexpr std::size_t longest_kept = 4096;
constexpr std::size_t most_octets = 65536;

std::string first_line(std::string_view bytes) {
  std::string_view line = bytes.substr(0, bytes.find('\n'));
  if (line.ends_with('\r')) line.remove_suffix(1);
  return std::string(line.substr(0, longest_kept));
}

}  // namespace

void CommandNotes::add(std::string line, net::Layer layer, const Step& step,
                       std::chrono::microseconds at) {
  CommandRecord command;
  command.line = without_credentials(std::move(line), step.point);
  if (octets_ >= most_octets) {
    ++unrecorded_;
    return;
  }
  command.line.resize(std::min(command.line.size(), longest_kept));
  command.layer = layer;
  command.answer = step.bytes.empty() ? std::string(step.then) : first_line(step.bytes);
  command.at = at;
  octets_ += sizeof(CommandRecord) + command.line.size() + command.answer.size();
  commands_.push_back(std::move(command));
}

// AUTH loses its arguments; so do the lines of a client that goes on with its credentials though
// AUTH was refused, up to the next command.
std::string CommandNotes::without_credentials(std::string line, smtp::Point point) {
  if (point == smtp::Point::auth) {
    credentials_may_follow_ = true;
    return "AUTH";
  }
  if (point != smtp::Point::unknown) credentials_may_follow_ = false;
  return credentials_may_follow_ ? "(hidden)" : std::move(line);
}

void CommandNotes::move_into(ConnectionRecord& record) {
  record.commands = std::move(commands_);
  record.commands_unrecorded = unrecorded_;
}

}  // namespace badmx::server
