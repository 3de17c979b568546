#include "net/smtp/reply.h"

#include "x509/ascii.h"

#include <algorithm>

namespace badmx::smtp {
namespace {

bool is_digit(char c) { return c >= '0' && c <= '9'; }

// RFC 5321 4.2: three digits, the first 2 to 5, then "-" where more lines follow, a space or
// nothing on the last. RFC 959's class 1, which SMTP never uses, is no reply either.
bool is_reply_line(std::string_view line) {
  return line.size() >= 3 && line[0] >= '2' && line[0] <= '5' && is_digit(line[1]) &&
         is_digit(line[2]) && (line.size() == 3 || line[3] == ' ' || line[3] == '-');
}

}  // namespace

ReplyState ReplyParser::take(std::string_view line) {
  if (state_ != ReplyState::need_more) {
    return state_;
  }
  octets_ += line.size();
  if (line.size() > limits_.line || octets_ > limits_.reply ||
      reply_.lines.size() >= limits_.lines) {
    return state_ = ReplyState::limit_exceeded;
  }
  if (!is_reply_line(line)) {
    return state_ = ReplyState::malformed;
  }
  // Lines of one reply with different codes are against RFC 5321 4.2.1; senders go by the last one.
  reply_.code = (line[0] - '0') * 100 + (line[1] - '0') * 10 + (line[2] - '0');
  reply_.lines.emplace_back(line.substr(std::min<std::size_t>(4, line.size())));
  const bool last = line.size() == 3 || line[3] == ' ';
  return state_ = last ? ReplyState::complete : ReplyState::need_more;
}

int reply_class(int code) { return code / 100; }

bool offers(const Reply& ehlo, std::string_view keyword) {
  const auto names_it = [&](const std::string& line) {
    const std::string_view word = std::string_view(line).substr(0, line.find_first_of(" \t="));
    return x509::equal_ignoring_case(word, keyword);
  };
  return ehlo.lines.size() > 1 &&
         std::any_of(std::next(ehlo.lines.begin()), ehlo.lines.end(), names_it);
}

}  // namespace badmx::smtp
