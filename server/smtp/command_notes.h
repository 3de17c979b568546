// The commands of one connection as its record has them: bounded, and without credentials.
#pragma once

#include "server/smtp/record.h"
#include "server/smtp/session.h"

#include <chrono>
#include <cstddef>
#include <string>
#include <vector>

namespace badmx::server {

class CommandNotes {
 public:
  // A line and the step that the session took upon it; "." is the end of a message.
  void add(std::string line, net::Layer layer, const Step& step, std::chrono::microseconds at);
  void move_into(ConnectionRecord& record);

 private:
  std::string without_credentials(std::string line, smtp::Point point);

  std::vector<CommandRecord> commands_;
  std::size_t unrecorded_ = 0;
  std::size_t octets_ = 0;
  bool credentials_may_follow_ = false;
};

}  // namespace badmx::server
