// Text that goes into a page.
#pragma once

#include <string>
#include <string_view>

namespace badmx::checker {

// Printable, and with the characters escaped that mean something in HTML, in attributes too.
std::string html_text(std::string_view text);
// The same, line by line: line ends stay.
std::string html_lines(std::string_view text);

}  // namespace badmx::checker
