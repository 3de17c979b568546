// What the checker says that mail servers would do is what they were measured to do:
// docs/compat/matrix.md is written from the servers' own records.
#include "checker/senders/sender_profiles.h"
#include "fixtures/proof/verify_run.h"
#include "fixtures/scenario/catalogue.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <chrono>
#include <fstream>
#include <map>
#include <string>
#include <vector>

namespace badmx::fixtures {
namespace {

using checker::Outcome;

std::vector<std::string> cells_of(std::string line) {
  std::erase(line, '*');
  std::vector<std::string> cells;
  std::size_t from = 1;
  for (std::size_t bar = line.find('|', 1); bar != std::string::npos; bar = line.find('|', from)) {
    std::string cell = line.substr(from, bar - from);
    std::erase(cell, ' ');
    cells.push_back(std::move(cell));
    from = bar + 1;
  }
  return cells;
}

// Scenario to mode to what the sender did, from the section of that name.
std::map<std::string, std::map<std::string, Outcome>> measured(const std::string& sender) {
  std::ifstream file(std::string(BADMX_SOURCE_DIR) + "/docs/compat/matrix.md");
  std::map<std::string, std::map<std::string, Outcome>> all;
  const std::map<std::string, Outcome> outcomes{
      {"TLS", Outcome::deliver}, {"clear", Outcome::deliver_cleartext}, {"-", Outcome::refuse}};
  std::vector<std::string> modes;
  bool here = false;
  for (std::string line; std::getline(file, line);) {
    if (line.starts_with("## ")) here = line == "## " + sender;
    if (!here || !line.starts_with("|")) continue;
    const std::vector<std::string> cells = cells_of(line);
    if (cells.empty()) continue;
    if (cells.front() == "scenario") {
      modes = cells;
      continue;
    }
    for (std::size_t i = 1; i < cells.size() && i < modes.size(); ++i) {
      if (const auto outcome = outcomes.find(cells[i]); outcome != outcomes.end()) {
        all[cells.front()][modes[i]] = outcome->second;
      }
    }
  }
  return all;
}

// Cells where the sender met another thing than the diagnosis is of, with the reason.
const std::map<std::string, std::string>& exempt() {
  static const std::map<std::string, std::string> cells{
      {"wildcard, VERIFY+CN", "sendmail compares the common name, and nothing is wrong with it"},
  };
  return cells;
}

TEST(MeasuredSenders, DoWhatTheirProfilesSay) {
  VerifyOptions options;
  options.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  options.seed = certgen::random_seed();
  const Catalogue catalogue = Catalogue::built_in();
  const VerifyResult run = verify_run(catalogue.scenarios(), options);
  std::map<std::string, std::map<std::string, std::map<std::string, Outcome>>> tables{
      {"Postfix", measured("postfix")},
      {"Exim", measured("exim")},
      {"sendmail", measured("sendmail")},
      {"OpenSMTPD", measured("opensmtpd")}};
  int compared = 0;
  for (const ScenarioResult& result : run.scenarios) {
    if (result.outcome == VerifyOutcome::skipped) continue;
    for (const checker::SenderVerdict& verdict : checker::sender_verdicts(result.from_the_wire)) {
      const std::string mode(verdict.profile->mode);
      if (mode.empty() || verdict.outcome == Outcome::undecided) continue;
      const auto& table = tables[std::string(verdict.profile->sender)];
      const auto row = table.find(result.scenario);
      if (row == table.end() || !row->second.contains(mode)) continue;
      const std::string cell = result.scenario + ", " + mode;
      if (exempt().contains(cell)) continue;
      EXPECT_EQ(checker::name(verdict.outcome), checker::name(row->second.at(mode)))
          << result.scenario << ", " << verdict.profile->sender << ", " << mode;
      ++compared;
    }
  }
  EXPECT_GE(compared, 1100) << "the matrix was hardly read";
}

}  // namespace
}  // namespace badmx::fixtures
