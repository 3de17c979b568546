#include "server/smtp/message_reader.h"

#include <utility>

namespace badmx::server {

MessageReader::State MessageReader::add(std::string_view line) {
  if (line == ".") return State::ended;
  if (line.starts_with('.')) line.remove_prefix(1);
  if (fate_ == MessageFate::too_long) return State::more;
  if (text_.size() + line.size() + 2 > most_) {
    fate_ = MessageFate::too_long;
    text_ = std::string();
    return State::more;
  }
  text_.append(line).append("\r\n");
  return State::more;
}

std::string MessageReader::take_text() { return std::exchange(text_, std::string()); }

}  // namespace badmx::server
