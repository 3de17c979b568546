// `badmx certgen`: scenarios' certificates as files, for a real server to present.
#include "certgen/pem_files.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "fixtures/proof/delivery.h"
#include "fixtures/ready_file_json.h"
#include "fixtures/scenario/build.h"

#include <fmt/format.h>

#include <system_error>

namespace badmx::cli {
namespace {

// What is broken, for whoever finds the folder later.
std::string certgen_readme(const fixtures::Scenario& scenario,
                           const certgen::NamingContext& place) {
  std::string text = fmt::format(
      "badmx scenario \"{}\", for tests only: DO NOT TRUST any of these certificates.\n\n",
      scenario.id);
  text += fill(scenario.summary);
  if (!scenario.why.empty()) text += "\n" + fill(scenario.why);
  text += "\nWhat a checker must find:\n";
  if (scenario.expect.findings.empty()) text += "  nothing\n";
  for (const fixtures::ExpectedFinding& finding : scenario.expect.findings) {
    text += fmt::format("  {}{}\n", finding.code, finding.at.empty() ? "" : " at " + finding.at);
  }
  text += "\nWhat each sender policy does:\n";
  for (const auto& [policy, outcome] : scenario.expect.outcomes) {
    text += fmt::format("  {:<13}  {}\n", checker::name(policy), checker::name(outcome));
  }
  const std::vector<std::string> messages = fixtures::delivery_lines(scenario);
  if (!messages.empty()) text += "\nWhat badmx' own server makes of a message:\n";
  for (const std::string& line : messages) text += "  " + line + "\n";
  return text + fmt::format("\nThe name to verify: {}\nMade for the moment: {}\n",
                            fixtures::expand(scenario.check.name, place), x509::text(place.moment));
}

}  // namespace

int run_certgen(const CertgenOptions& options) {
  const Lab lab = open_lab(options.lab);
  const auto scenarios = chosen(lab, options.lab);
  const bool several = options.lab.all || scenarios.size() > 1;
  certgen::KeyStore keys(lab.seed);
  std::vector<certgen::FolderFile> files;
  std::vector<fixtures::ManifestEntry> manifest;
  for (const fixtures::Scenario& scenario : scenarios) {
    const certgen::NamingContext place = place_in(lab, scenario);
    const fixtures::BuiltScenario made = fixtures::build(scenario, place, keys);
    const auto& identities = made.behaviour.connections.front().identities;
    const x509::Identity sent = identities.empty() ? x509::Identity{} : identities.front().identity;
    fixtures::ManifestEntry entry{.scenario = &scenario, .files = {}};
    for (auto& file : certgen::pki_files(made.pki, sent, certgen_readme(scenario, place))) {
      if (several) file.path = scenario.id + "/" + file.path;
      entry.files.push_back(file.path);
      files.push_back(std::move(file));
    }
    manifest.push_back(std::move(entry));
  }
  if (several) {
    files.push_back({.path = "manifest.json",
                     .content = fixtures::manifest_json(lab.seed, lab.moment, manifest) + "\n"});
  }
  try {
    certgen::write_folder(options.folder, files);
  } catch (const std::system_error& error) {
    throw Failure(exit_usage, error.what());
  }
  print(fmt::format("{}: {} files of {} scenario{}\n", options.folder, files.size(),
                    scenarios.size(), scenarios.size() == 1 ? "" : "s"));
  return exit_fine;
}

}  // namespace badmx::cli
