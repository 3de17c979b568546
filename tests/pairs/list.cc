// Prints the pairs that compose, a line each: its name, and behind a blank the first thing that it
// needs and this build of OpenSSL lacks.
#include "fixtures/scenario/needs.h"
#include "tests/pairs/composed.h"

#include <fmt/format.h>

#include <cstdio>
#include <exception>
#include <string>

int main() {
  using badmx::fixtures::Scenario;
  try {
    for (const Scenario& pair : badmx::fixtures::composed_pairs()) {
      const std::string unmet = badmx::fixtures::unmet_need(pair);
      fmt::print("{}{}\n", pair.id, unmet.empty() ? "" : " " + unmet);
    }
  } catch (const std::exception& error) {
    fmt::print(stderr, "{}\n", error.what());
    return 1;
  }
  return 0;
}
