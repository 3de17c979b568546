// The chain as a picture: what was sent, what is trusted, and where it breaks.
#pragma once

#include "checker/diagnosis.h"

#include <string>

namespace badmx::checker {

// Lines of at most `width` columns, in ASCII but for what stands in names; empty when there is no
// certificate.
std::string chain_picture(const Diagnosis& diagnosis, std::size_t width);

}  // namespace badmx::checker
