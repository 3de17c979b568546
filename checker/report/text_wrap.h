// Lines of a report that fit a terminal.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace badmx::checker {

// Columns that printable UTF-8 takes on a terminal: East Asian wide characters take two, combining
// ones none.
std::size_t columns(std::string_view printable);

// Cut to at most `most` columns, "..." where something is missing.
std::string clipped(std::string_view printable, std::size_t most);
// With blanks behind, up to `width` columns.
std::string padded(std::string_view printable, std::size_t width);

// The words in lines of at most `width` columns, each ended by a line feed; the first begins with
// `first`, the others with as many blanks. A word that fits on no line is broken.
std::string wrapped(std::string_view printable, std::size_t width, std::string_view first);

}  // namespace badmx::checker
