// Which further connections a check makes.
#pragma once

#include "checker/probe_kind.h"
#include "cli/options.h"

#include <vector>

namespace badmx::cli {

// Those of --probe, --active or --single; else one without SNI. Throws Failure for an unknown name.
std::vector<checker::Probe> probes_from(const CheckOptions& options);

}  // namespace badmx::cli
