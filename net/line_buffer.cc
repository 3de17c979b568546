#include "net/line_buffer.h"

#include <algorithm>

namespace badmx::net {
namespace {

constexpr std::size_t kept_capacity = 1024;  // of an empty buffer

}  // namespace

std::string LineBuffer::take(std::size_t most) {
  std::string taken = octets_.substr(taken_, most);
  taken_ += taken.size();
  searched_ = std::max(searched_, taken_);
  if (taken_ == octets_.size()) {
    octets_.clear();
    taken_ = 0;
    searched_ = 0;
    if (octets_.capacity() > kept_capacity) {
      octets_.shrink_to_fit();
    }
  }
  return taken;
}

LineBuffer::Found LineBuffer::take_line(std::string& line) {
  const std::size_t end = octets_.find('\n', searched_);
  const std::size_t length = std::min(end, octets_.size()) - taken_;
  const bool carriage_return = length > 0 && octets_[taken_ + length - 1] == '\r';
  if (length - (carriage_return ? 1 : 0) > longest_) {
    line = take(longest_);
    return Found::too_long;
  }
  if (end == std::string::npos) {
    searched_ = octets_.size();
    return Found::none;
  }
  line = take(length + 1);
  line.resize(length - (carriage_return ? 1 : 0));
  return Found::line;
}

}  // namespace badmx::net
