// The report as one self-contained page: no script, nothing loaded, for a customer to read or
// print.
#pragma once

#include "checker/report/answer.h"

#include <span>
#include <string>

namespace badmx::checker {

// Everything from a peer is escaped.
std::string report_html(std::span<const TargetReport> reports);

}  // namespace badmx::checker
