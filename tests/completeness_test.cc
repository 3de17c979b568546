// The tables have no dead rows: each is exercised by a scenario, or stands below with the test that
// exercises it instead.
#include "certgen/defects.h"
#include "checker/rules.h"
#include "fixtures/catalogue.h"
#include "fixtures/tables.h"
#include "server/actions.h"
#include "smtp/point.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <fstream>
#include <iterator>
#include <map>
#include <set>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::fixtures {
namespace {

using ::testing::IsEmpty;

const std::vector<Scenario>& scenarios() {
  static const Catalogue catalogue = Catalogue::built_in();
  return catalogue.scenarios();
}

std::string before_colon(const std::string& text) { return text.substr(0, text.find(':')); }

std::set<std::string, std::less<>> expected_codes() {
  std::set<std::string, std::less<>> codes;
  for (const Scenario& scenario : scenarios()) {
    for (const ExpectedFinding& finding : scenario.expect.findings) codes.insert(finding.code);
    if (!scenario.with_intermediates) continue;
    for (const ExpectedFinding& finding : scenario.with_intermediates->findings) {
      codes.insert(finding.code);
    }
  }
  return codes;
}

// Rows that no scenario that is served can show, each with the file of the test that does: what is
// about a pasted text, about no server at all, or about bytes that no key of a scenario makes.
const std::map<std::string_view, std::string_view>& rules_without_scenario() {
  static const std::map<std::string_view, std::string_view> tests{
      {"starttls-not-found", "checker/rules_test.cc"},
      {"no-tls-in-transcript", "checker/rules_test.cc"},
      {"transcript-incomplete", "checker/rules_test.cc"},
      {"session-secret-pasted", "checker/rules_test.cc"},
      {"connection-lost", "checker/rules_test.cc"},
      {"connect-failed", "checker/rules_test.cc"},
      {"handshake-failed", "checker/rules_test.cc"},
      {"certificate-unreadable", "checker/diagnose_test.cc"},
      {"validity-malformed", "checker/diagnose_test.cc"},
      {"signature-unchecked", "checker/diagnose_test.cc"},
      {"path-too-long", "checker/diagnose_test.cc"},
      {"openssl-objects", "checker/diagnose_test.cc"},
      {"authority-key-id-missing", "fixtures/form_test.cc"},
      {"authority-key-id-unfit", "fixtures/form_test.cc"},
      {"subject-key-id-missing", "fixtures/form_test.cc"},
      {"extension-criticality-wrong", "fixtures/form_test.cc"},
      {"name-constraints-not-critical", "fixtures/form_test.cc"},
      {"extension-critical-needlessly", "fixtures/form_test.cc"},
      {"name-constraints-in-leaf", "fixtures/form_test.cc"},
      {"name-constraints-empty", "fixtures/form_test.cc"},
      {"name-constraint-malformed", "fixtures/form_test.cc"},
      {"serial-number-unfit", "fixtures/form_test.cc"},
      {"name-empty", "fixtures/form_test.cc"},
      {"key-usage-without-ca", "fixtures/form_test.cc"},
      {"dns-name-malformed", "fixtures/form_test.cc"},
      {"common-name-not-among-names", "fixtures/form_test.cc"},
      {"key-not-allowed", "fixtures/form_test.cc"},
      {"validity-too-long", "fixtures/form_test.cc"},
      {"wildcard-over-public-suffix", "fixtures/form_test.cc"},
      {"purpose-any-only", "fixtures/form_test.cc"},
      {"basic-constraints-missing", "fixtures/form_test.cc"},
      {"policy-none-valid", "fixtures/form_test.cc"},
      {"policy-mapping-of-any", "fixtures/form_test.cc"},
      {"crl-number-wrong", "checker/revocation_test.cc"},
      {"name-constraints-too-many", "checker/constraints_test.cc"},
      {"issuer-url-broken", "checker/fetch_issuers_test.cc"},
      {"path-search-exhausted", "checker/path_test.cc"},
  };
  return tests;
}

TEST(Completeness, EveryFindingIsExpectedByAScenarioOrShownByATest) {
  const auto codes = expected_codes();
  std::vector<std::string> missing;
  for (const checker::Rule& rule : checker::rules()) {
    if (!codes.contains(rule.code) && !rules_without_scenario().contains(rule.code)) {
      missing.emplace_back(rule.code);
    }
  }
  EXPECT_THAT(missing, IsEmpty());
}

TEST(Completeness, TheListOfRulesWithoutScenarioIsNoLongerThanNeeded) {
  const auto codes = expected_codes();
  std::vector<std::string> needless;
  for (const auto& entry : rules_without_scenario()) {
    if (codes.contains(entry.first) || checker::find_rule(entry.first) == nullptr) {
      needless.emplace_back(entry.first);
    }
  }
  EXPECT_THAT(needless, IsEmpty());
}

TEST(Completeness, TheTestsNamedForTheOtherRulesNameThem) {
  for (const auto& entry : rules_without_scenario()) {
    std::ifstream stream(std::string(BADMX_SOURCE_DIR "/tests/") + std::string(entry.second));
    const std::string text{std::istreambuf_iterator<char>(stream),
                           std::istreambuf_iterator<char>()};
    EXPECT_NE(text.find('"' + std::string(entry.first)), std::string::npos)
        << entry.second << " says nothing of " << entry.first;
  }
}

TEST(Completeness, EveryDefectIsUsedByAScenario) {
  std::set<std::string, std::less<>> used;
  for (const Scenario& scenario : scenarios()) {
    for (const certgen::CertificateSpec& spec : scenario.pki.certificates) {
      for (const std::string& defect : spec.defects) used.insert(before_colon(defect));
    }
  }
  std::vector<std::string> unused;
  for (const certgen::Defect& row : certgen::defects()) {
    if (!used.contains(row.name)) unused.emplace_back(row.name);
  }
  EXPECT_THAT(unused, IsEmpty());
}

TEST(Completeness, EveryActionIsUsedByAScenario) {
  std::set<std::string, std::less<>> used;
  for (const Scenario& scenario : scenarios()) {
    for (const ConversationPlan& plan : scenario.server.connections) {
      for (const auto* reactions : {&plan.conversation.on, &plan.conversation.on_tls}) {
        for (const auto& entry : *reactions) used.insert(before_colon(entry.second.then));
      }
    }
  }
  std::vector<std::string> unused;
  for (const server::ActionInfo& row : server::actions()) {
    if (!used.contains(row.name)) unused.emplace_back(row.name);
  }
  EXPECT_THAT(unused, IsEmpty());
}

TEST(Completeness, EveryNeedIsKnownToThisBuildsOpenssl) {
  for (const std::string_view need : need_names()) {
    if (need == "tls-1.2" || need == "tls-1.3") {
      EXPECT_TRUE(is_supported(need)) << need;
    }
  }
  EXPECT_FALSE(is_supported("tls-9.9"));
}

// One vocabulary, one meaning: a word names a finding, a defect, an action or a scenario.
TEST(Completeness, NoCodeIsAlsoAScenariosId) {
  std::vector<std::string> both;
  for (const Scenario& scenario : scenarios()) {
    if (checker::find_rule(scenario.id) != nullptr) both.push_back(scenario.id);
  }
  EXPECT_THAT(both, IsEmpty());
}

TEST(Completeness, EveryRowOfEveryTableExplainsItself) {
  for (const checker::Rule& rule : checker::rules()) {
    EXPECT_FALSE(rule.title.empty()) << rule.code;
    EXPECT_FALSE(rule.explanation.empty()) << rule.code;
    EXPECT_FALSE(rule.remedy.empty()) << rule.code;
  }
  for (const certgen::Defect& row : certgen::defects())
    EXPECT_FALSE(row.summary.empty()) << row.name;
  for (const server::ActionInfo& row : server::actions()) {
    EXPECT_FALSE(row.summary.empty()) << row.name;
  }
}

// A row explains another one only if that one never explains it.
TEST(Completeness, ConsequencesGoOneWayAndNameKnownRows) {
  for (const checker::Rule& rule : checker::rules()) {
    for (const checker::Consequence& consequence : rule.consequences) {
      const checker::Rule* other = checker::find_rule(consequence.code);
      ASSERT_NE(other, nullptr) << rule.code << " explains " << consequence.code;
      for (const checker::Consequence& back : other->consequences) {
        EXPECT_NE(back.code, rule.code) << rule.code << " and " << consequence.code;
      }
    }
  }
}

// The place that an expectation means when it says none is one that there is.
TEST(Completeness, EveryRowsPlaceIsACertificateOrAPoint) {
  const std::set<std::string_view> certificates{"", "leaf", "intermediate", "root"};
  for (const checker::Rule& rule : checker::rules()) {
    EXPECT_TRUE(certificates.contains(rule.where) || smtp::point_from(rule.where).has_value())
        << rule.code << ": " << rule.where;
  }
}

}  // namespace
}  // namespace badmx::fixtures
