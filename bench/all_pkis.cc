// The PKIs of all built-in scenarios, generated once with one fresh seed, as `badmx verify` does.
//   all_pkis
#include "certgen/pki.h"
#include "fixtures/scenario/catalogue.h"

#include <chrono>
#include <cstdio>
#include <exception>

namespace {

int run() {
  using namespace badmx;
  certgen::KeyStore store(certgen::random_seed());
  const auto moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  std::size_t certificates = 0;
  const fixtures::Catalogue catalogue = fixtures::Catalogue::built_in();
  for (const fixtures::Scenario& scenario : catalogue.scenarios()) {
    certgen::NamingContext place;
    place.scenario = scenario.id;
    place.host = "mx." + scenario.id + ".badmx.test";
    place.domain = scenario.id + ".badmx.test";
    place.lab = "badmx.test";
    place.moment = moment;
    certificates += certgen::generate(scenario.pki, place, store).certificates.size();
  }
  std::printf("%zu scenarios, %zu certificates\n", catalogue.scenarios().size(), certificates);
  return catalogue.scenarios().empty() ? 1 : 0;
}

}  // namespace

int main() {
  try {
    return run();
  } catch (const std::exception& error) {
    std::fprintf(stderr, "all_pkis: %s\n", error.what());
    return 1;
  }
}
