// What was seen on the wire, attempt by attempt, for the verbose report.
#pragma once

#include "checker/observation.h"

#include <string>

namespace badmx::checker {

// Lines of at most `width` columns; a peer's words are escaped and clipped.
std::string wire_facts(const Observation& observation, std::size_t width);

// "the server closed the connection"
std::string words(Stop stop);

}  // namespace badmx::checker
