// `badmx limbo`: the harness that x509-limbo runs.
#include "cli/limbo.h"

#include "checker/paste/trust.h"
#include "cli/options.h"

#include <cstdio>

namespace badmx::cli {

int run_limbo() {
  const std::string results = judge_limbo(checker::load_text("-", std::size_t{256} << 20U));
  std::fwrite(results.data(), 1, results.size(), stdout);
  return exit_fine;
}

}  // namespace badmx::cli
