// Keeps a transcript within bounds.
#pragma once

#include "net/transcript.h"

#include <chrono>
#include <cstddef>
#include <string_view>
#include <utility>

namespace badmx::net {

class Capture {
 public:
  // At most so many lines and octets of text; what comes after is dropped. No lines: no capture.
  Capture(std::size_t most_lines, std::size_t most_octets)
      : most_lines_(most_lines), octets_left_(most_octets) {}

  void note(Speaker speaker, Layer layer, std::string_view text, std::chrono::microseconds at) {
    if (lines_.size() >= most_lines_ || text.size() > octets_left_) {
      return;
    }
    octets_left_ -= text.size();
    lines_.push_back({.speaker = speaker, .layer = layer, .text = std::string(text), .at = at});
  }

  const Transcript& lines() const { return lines_; }
  Transcript take() { return std::exchange(lines_, {}); }

 private:
  std::size_t most_lines_;
  std::size_t octets_left_;
  Transcript lines_;
};

}  // namespace badmx::net
