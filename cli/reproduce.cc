#include "cli/reproduce.h"

#include "certgen/pem_files.h"
#include "cli/exit_code.h"
#include "cli/failure.h"
#include "cli/terminal.h"
#include "fixtures/proof/verify_run.h"
#include "fixtures/reproduce/reproduce.h"
#include "fixtures/scenario/build.h"
#include "fixtures/scenario/catalogue.h"

#include <fmt/format.h>

#include <cstdio>
#include <span>
#include <stdexcept>
#include <system_error>

namespace badmx::cli {
namespace {

constexpr std::string_view file_name = "scenario.toml";

fixtures::Scenario read_copy(const std::string& text) {
  const fixtures::Catalogue catalogue = fixtures::Catalogue::built_in();
  return fixtures::read_scenario(
      {.id = "scenario", .group = "", .file = std::string(file_name), .text = text},
      [&catalogue](std::string_view name) { return catalogue.find(name); });
}

std::string reproduce_readme(const fixtures::Reproduction& copy, const Result& original,
                             const std::string& folder) {
  const checker::Grounds& grounds = original.diagnosis.grounds;
  std::string text =
      "A copy of a server for tests only: DO NOT TRUST any of these certificates.\n\n";
  text +=
      fill(fmt::format("{} is the scenario; its [expect] is the original's diagnosis.", file_name));
  text += fmt::format("\n  badmx serve {0}/{1}\n  badmx demo {0}/{1}\n  badmx verify {0}/{1}\n",
                      folder, file_name);
  text += "\n" + fill(fmt::format("Dates stand as offsets in it. With --at {} they are the "
                                  "original's own, as in the files of this folder.",
                                  x509::rfc3339(grounds.moment)));
  for (const std::string& sentence : copy.not_copied) text += "\nNot copied: " + sentence;
  return text + (copy.not_copied.empty() ? "" : "\n");
}

void say(const std::string& line) { std::fprintf(stderr, "%s\n", line.c_str()); }

// Whether the copy is broken as the original is, by the checker's own judgement over the wire.
void try_out(const fixtures::Scenario& scenario, const fixtures::VerifyOptions& how,
             const std::string& file) {
  const fixtures::VerifyResult run = fixtures::verify_run(std::span(&scenario, 1), how);
  const fixtures::ScenarioResult& result = run.scenarios.front();
  if (result.outcome == fixtures::VerifyOutcome::passed) {
    say(fmt::format("{}: a copy that gets the same diagnosis; badmx serve {}", file, file));
    return;
  }
  if (result.outcome == fixtures::VerifyOutcome::skipped) {
    say(fmt::format("{}: not tried out: this OpenSSL lacks {}", file, result.skipped_because));
    return;
  }
  say(fmt::format("{}: the copy's diagnosis isn't the original's:", file));
  for (const std::string& difference : result.differences) say("  " + difference);
}

}  // namespace

void write_copy(const std::vector<Result>& results, checker::Criteria common,
                const CheckOptions& options) {
  const Result& original = only_result(results, "--reproduce copies one server");
  common.names = original.diagnosis.grounds.names;
  common.moment = original.diagnosis.grounds.moment;
  fixtures::VerifyOptions how;
  how.moment = common.moment;
  how.seed = certgen::random_seed();
  const fixtures::LabNames names(
      options.keep_names ? fixtures::NameRule::kept : fixtures::NameRule::in_the_lab, how.lab);
  const std::string file = fmt::format("{}/{}", options.reproduce, file_name);
  try {
    const fixtures::Reproduction copy =
        fixtures::reproduce(original.observation, common, original.diagnosis, names);
    const fixtures::Scenario scenario = read_copy(copy.scenario);
    certgen::KeyStore keys(how.seed);
    const fixtures::BuiltScenario made =
        fixtures::build(scenario, fixtures::naming_context(scenario, how.lab, common.moment), keys);
    const auto& identities = made.behaviour.connections.front().identities;
    const x509::Identity sent = identities.empty() ? x509::Identity{} : identities.front().identity;
    auto files =
        certgen::pki_files(made.pki, sent, reproduce_readme(copy, original, options.reproduce));
    files.push_back({.path = std::string(file_name), .content = copy.scenario});
    certgen::write_folder(options.reproduce, files);
    if (options.keep_names) {
      say("--keep-names: the copy's certificates hold for names that are in use, and its roots\n"
          "aren't constrained: keep its keys, and trust in it, to a test that reaches nothing "
          "else");
    }
    try_out(scenario, how, file);
  } catch (const std::system_error& error) {
    throw Failure(exit_usage, error.what());
  } catch (const std::runtime_error& error) {
    throw Failure(exit_unobserved, fmt::format("--reproduce: {}", error.what()));
  }
}

}  // namespace badmx::cli
