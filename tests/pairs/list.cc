// Prints the pairs that compose, a line each: its name, and behind a blank the first thing that it
// needs and this build of OpenSSL lacks.
#include "fixtures/tables.h"
#include "tests/pairs/composed.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <exception>

int main() {
  using badmx::fixtures::Scenario;
  try {
    for (const Scenario& pair : badmx::fixtures::composed_pairs()) {
      const auto unmet = std::ranges::find_if_not(pair.needs, badmx::fixtures::is_supported);
      fmt::print("{}{}\n", pair.id, unmet == pair.needs.end() ? "" : " " + *unmet);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
