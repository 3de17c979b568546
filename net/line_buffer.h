// Octets on their way to becoming lines, bounded.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace badmx::net {

class LineBuffer {
 public:
  enum class Found { line, too_long, none };

  // The longest line in octets, without its end.
  explicit LineBuffer(std::size_t longest) : longest_(longest) {}

  void append(std::string_view octets) { octets_ += octets; }
  // What hasn't been taken.
  std::string_view rest() const { return std::string_view(octets_).substr(taken_); }
  std::string take(std::size_t most);
  // Takes a line that ends in CRLF or a bare LF, without its end; of one that is too long, the
  // first octets.
  Found take_line(std::string& line);

 private:
  std::size_t longest_;
  std::string octets_;
  std::size_t taken_ = 0;
  std::size_t searched_ = 0;  // so far there is no LF in octets_
};

}  // namespace badmx::net
