// The text of one message, line by line (RFC 5321 4.5.2), bounded.
#pragma once

#include "server/smtp/session.h"

#include <cstddef>
#include <string>
#include <string_view>

namespace badmx::server {

class MessageReader {
 public:
  enum class State { more, ended };

  // `most` octets of text are kept; a longer message is read to its end all the same.
  explicit MessageReader(std::size_t most) : most_(most) {}

  // One line as it came, without its line end.
  State add(std::string_view line);
  MessageFate fate() const { return fate_; }
  // The text with dots unstuffed and CRLF line ends, given once; empty when it was too long.
  std::string take_text();

 private:
  std::size_t most_;
  MessageFate fate_ = MessageFate::whole;
  std::string text_;
};

}  // namespace badmx::server
