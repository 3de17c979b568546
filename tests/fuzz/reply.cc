// The reader of a server's replies, line by line and bounded.
#include "net/smtp/reply.h"

#include "tests/fuzz/claim.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string_view text(reinterpret_cast<const char*>(data), size);
  const smtp::ReplyLimits limits{.line = 512, .reply = 2048, .lines = 16};
  smtp::ReplyParser parser(limits);
  smtp::ReplyState state = parser.state();
  while (!text.empty()) {
    const std::string_view line = text.substr(0, text.find('\n'));
    text.remove_prefix(std::min(text.size(), line.size() + 1));
    const smtp::ReplyState before = state;
    state = parser.take(line);
    fuzz::claim(before == smtp::ReplyState::need_more || state == before,
                "a reply that is read stays as it is");
  }
  const smtp::Reply& reply = parser.reply();
  fuzz::claim(reply.lines.size() <= limits.lines, "the number of lines is bounded");
  fuzz::claim(state != smtp::ReplyState::complete || (reply.code >= 200 && reply.code <= 599),
              "a complete reply has a code");
  smtp::offers(reply, "STARTTLS");
  return 0;
}
