// `badmx check --reproduce`: a lab copy of what was checked.
#pragma once

#include "checker/criteria.h"
#include "cli/options.h"
#include "cli/report.h"

#include <vector>

namespace badmx::cli {

// Writes the copy into the new folder `options.reproduce`, whole or not at all, serves it once on
// loopback, and says on standard error whether it gets the original's diagnosis. `common` is the
// criteria without names and moment. Throws Failure when there isn't exactly one result, when
// nothing in it can be copied, or when the folder can't be made.
void write_copy(const std::vector<Result>& results, checker::Criteria common,
                const CheckOptions& options);

}  // namespace badmx::cli
