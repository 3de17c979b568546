// Replies of a server (RFC 5321 4.2), read line by line, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::smtp {

struct Reply {
  int code = 0;                      // the last line's, 200…599; 0: none
  std::vector<std::string> lines{};  // what stands behind the code and "-" or " ", as it came

  bool operator==(const Reply&) const = default;
};

struct ReplyLimits {
  std::size_t line = 4096;    // octets of one line without its end
  std::size_t reply = 65536;  // octets of all lines
  std::size_t lines = 256;
};

enum class ReplyState {
  need_more,
  complete,
  malformed,  // a line that is no reply line; it isn't kept in the reply
  limit_exceeded,
};

// Takes one reply. After anything but need_more it stays as it is.
class ReplyParser {
 public:
  explicit ReplyParser(ReplyLimits limits = {}) : limits_(limits) {}

  // One line without its line end.
  ReplyState take(std::string_view line);

  ReplyState state() const { return state_; }
  const Reply& reply() const { return reply_; }

 private:
  ReplyLimits limits_;
  ReplyState state_ = ReplyState::need_more;
  Reply reply_;
  std::size_t octets_ = 0;
};

// The first digit: 2 done, 3 go on, 4 try later, 5 never; 0 when there is no code.
int reply_class(int code);

// Whether an EHLO answer offers the extension (RFC 5321 4.1.1.1): the first word of any line but
// the first, whatever its case.
bool offers(const Reply& ehlo, std::string_view keyword);

}  // namespace badmx::smtp
