// The chain as a picture: what was sent, what is trusted, and where it breaks.
#pragma once

#include "checker/diagnosis.h"

#include <cstddef>
#include <string>
#include <vector>

namespace badmx::checker {

// Lines of at most `width` columns, in ASCII but for what stands in names; empty when there is no
// certificate.
std::string chain_picture(const Diagnosis& diagnosis, std::size_t width);

// "valid 2026-08-26 to 2026-11-24, EC P-256, for mx.example.test"
std::string certificate_words(const ChainMember& member);
// Codes of what was found at that place, consequences too.
std::vector<std::string> codes_at(const Diagnosis& diagnosis, const Location& where);
// How a certificate of the path stands to the next one.
enum class Link {
  holds,
  named,   // by the names alone: of one of them only printed text was seen
  broken,  // its signature isn't its issuer's
};

// From path[height] up; the last one has none.
Link link_above(const Diagnosis& diagnosis, std::size_t height);

}  // namespace badmx::checker
