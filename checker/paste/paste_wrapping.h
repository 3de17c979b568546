// What ticket systems, web mail and loggers put around a pasted text.
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace badmx::checker {

// The text as a browser shows it, where it is HTML: entities, line breaks and the tags that hold
// preformatted text; nothing when it isn't. A peer's names are in it: a tag in them makes no HTML
// of a text with lines of its own, and never a line.
std::optional<std::string> shown_html(std::string_view text);

// What a logger writes before each line: "Nov 26 10:00:00 host app[123]: ", "[12:00:01] ", "17: ".
// Numbers may differ from line to line, nothing else.
class LinePrefix {
 public:
  // By the first line that shows a beginning of s_client's output behind something else; one that
  // fits nothing where there is none.
  static LinePrefix of(std::string_view text);

  // The line without it; as it is where it doesn't fit.
  std::string_view strip(std::string_view line) const;

 private:
  std::string shape_;
};

}  // namespace badmx::checker
