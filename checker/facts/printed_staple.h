// What a transcript prints of an OCSP staple, as the answer that it is.
#pragma once

#include "checker/observation.h"
#include "x509/ocsp.h"

#include <optional>

namespace badmx::checker {

// Without an id: whom it is about isn't judged by print. Nothing when its status or date isn't
// there.
std::optional<x509::SingleResponse> answer_of(const PrintedStaple& staple);

}  // namespace badmx::checker
