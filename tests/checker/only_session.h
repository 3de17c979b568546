// Transcripts of one session, as most tests have them.
#pragma once

#include "checker/paste/transcript_reader.h"

#include <optional>
#include <string_view>
#include <utility>

namespace badmx::checker {

// Nothing when there is none, or more than one.
inline std::optional<Observation> read_transcript(std::string_view text, std::string_view origin) {
  auto all = read_transcripts(text, origin);
  return all.size() == 1 ? std::optional(std::move(all.front())) : std::nullopt;
}

}  // namespace badmx::checker
