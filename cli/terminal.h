// Where the words go: terminals get colour and progress, everything else gets neither.
#pragma once

#include "checker/report/report_text.h"
#include "cli/options.h"

#include <string>
#include <string_view>

namespace badmx::cli {

// By the option, else by whether standard output is a terminal and NO_COLOR isn't set.
checker::Colour colour_for(When colour);
// Whether standard error is a terminal.
bool wants_progress();

// Writes to standard output; throws Failure when it can't (a full disk, a closed pipe).
void print(std::string_view text);
// Writes to the destination: "-" is standard output, else a file that is whole or not there.
void write_to(const std::string& destination, std::string_view text);

// Words filled into lines of at most `width` columns, each behind `indent`.
std::string fill(std::string_view text, std::string_view indent = "", std::size_t width = 80);

}  // namespace badmx::cli
