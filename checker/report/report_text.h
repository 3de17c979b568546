// The report for people: lines of at most 80 columns.
#pragma once

#include "checker/diagnosis.h"
#include "checker/observation.h"

#include <string>

namespace badmx::checker {

enum class Colour { off, on };
enum class Detail {
  normal,
  verbose,  // also what was seen on the wire, and what each finding means
};

struct TextOptions {
  Colour colour = Colour::off;
  Detail detail = Detail::normal;
  std::size_t width = 80;  // columns, at least 40

  bool operator==(const TextOptions&) const = default;
};

std::string report_text(const Diagnosis& diagnosis, const TextOptions& options);
// With what was seen on the wire when verbose. `observation` may be null.
std::string report_text(const Diagnosis& diagnosis, const Observation* observation,
                        const TextOptions& options);

}  // namespace badmx::checker
