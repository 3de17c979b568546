// The tables have no dead rows: each is exercised by a scenario, or stands below with the test that
// exercises it instead.
#include "certgen/defects.h"
#include "checker/rules/rules.h"
#include "fixtures/scenario/catalogue.h"
#include "fixtures/scenario/needs.h"
#include "fixtures/scenario/tables.h"
#include "net/smtp/point.h"
#include "server/smtp/actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
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
      {"starttls-not-found", "checker/rules/rules_test.cc"},
      {"no-tls-in-transcript", "checker/rules/rules_test.cc"},
      {"transcript-incomplete", "checker/rules/rules_test.cc"},
      {"session-secret-pasted", "checker/rules/rules_test.cc"},
      {"connection-lost", "checker/rules/rules_test.cc"},
      {"connect-failed", "checker/rules/rules_test.cc"},
      {"handshake-failed", "checker/rules/rules_test.cc"},
      {"certificate-unreadable", "checker/diagnose/diagnose_test.cc"},
      {"validity-malformed", "checker/diagnose/diagnose_test.cc"},
      {"signature-unchecked", "checker/diagnose/diagnose_test.cc"},
      {"path-too-long", "checker/diagnose/diagnose_test.cc"},
      {"openssl-rejects", "checker/diagnose/witness_test.cc"},
      {"authority-key-id-missing", "fixtures/form_test.cc"},
      {"authority-key-id-noncompliant", "fixtures/form_test.cc"},
      {"subject-key-id-missing", "fixtures/form_test.cc"},
      {"extension-criticality-wrong", "fixtures/form_test.cc"},
      {"name-constraints-not-critical", "fixtures/form_test.cc"},
      {"extension-critical-needlessly", "fixtures/form_test.cc"},
      {"name-constraints-in-leaf", "fixtures/form_test.cc"},
      {"name-constraints-empty", "fixtures/form_test.cc"},
      {"name-constraint-malformed", "fixtures/form_test.cc"},
      {"serial-number-noncompliant", "fixtures/form_test.cc"},
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
      {"crl-number-wrong", "checker/facts/revocation_test.cc"},
      {"name-constraints-too-many", "checker/facts/constraints_test.cc"},
      {"issuer-url-broken", "checker/probe/fetch_issuers_test.cc"},
      {"path-search-exhausted", "checker/facts/path_test.cc"},
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

// Whether OpenSSL does such a thing, asked in its own words by its own command, which knows nothing
// of fixtures/scenario/needs.h: empty where it says no.
const std::map<std::string_view, std::string_view>& commands_of_needs() {
  static const std::map<std::string_view, std::string_view> commands{
      {"tls-1.0", "openssl ciphers -s -tls1 'ALL:@SECLEVEL=0'"},
      {"tls-1.1", "openssl ciphers -s -tls1_1 'ALL:@SECLEVEL=0'"},
      {"tls-1.2", "openssl ciphers -s -tls1_2"},
      {"tls-1.3", "openssl ciphers -s -tls1_3"},
      {"sha1", "echo a | openssl dgst -sha1 -sign rsa.pem -hex"},
      {"md5", "echo a | openssl dgst -md5 -sign rsa.pem -hex"},
      {"ed25519", "openssl genpkey -algorithm ED25519"},
      {"p-521", "openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-521"},
      {"rsa-1024", "openssl genpkey -algorithm RSA -pkeyopt rsa_keygen_bits:1024"},
      {"static-rsa", "openssl ciphers -s -tls1_2 'AES128-GCM-SHA256:@SECLEVEL=0'"},
  };
  return commands;
}

// What a command says, run in a folder with an RSA key; empty when it fails.
std::string said_by(std::string_view command) {
  std::string folder = std::string(testing::TempDir()) + "badmx-needs-XXXXXX";
  if (mkdtemp(folder.data()) == nullptr) return {};
  const std::string all = "cd " + folder +
                          " && openssl genrsa -out rsa.pem 2048 2>/dev/null && ( " +
                          std::string(command) + " ) 2>/dev/null || echo no";
  std::string said;
  FILE* pipe = popen(all.c_str(), "r");
  if (pipe == nullptr) return {};
  std::array<char, 1024> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    said.append(buffer.data(), got);
  }
  pclose(pipe);
  std::filesystem::remove_all(folder);
  return said == "no\n" || said == "\n" ? std::string{} : said;
}

TEST(Completeness, EveryNeedIsKnownToThisBuildsOpenssl) {
  ASSERT_EQ(need_names().size(), commands_of_needs().size());
  if (said_by("openssl version").empty()) GTEST_SKIP() << "there is no openssl command";
  for (const std::string_view need : need_names()) {
    ASSERT_TRUE(commands_of_needs().contains(need)) << need;
    EXPECT_EQ(is_supported(need), !said_by(commands_of_needs().at(need)).empty()) << need;
  }
  EXPECT_FALSE(is_supported("tls-9.9"));
  EXPECT_FALSE(is_supported(""));
}

// Where a policy switches one of these off, the scenario is skipped only if its file says so.
TEST(Completeness, EveryScenarioSaysWhatItNeeds) {
  const auto needed = [](const Scenario& scenario) {
    std::set<std::string> all;
    for (const certgen::CertificateSpec& spec : scenario.pki.certificates) {
      using certgen::Digest;
      using certgen::KeyKind;
      if (spec.digest == Digest::sha1) all.insert("sha1");
      if (spec.digest == Digest::md5) all.insert("md5");
      if (spec.key.kind == KeyKind::ed25519) all.insert("ed25519");
      if (spec.key.kind == KeyKind::ec_p521) all.insert("p-521");
      const bool rsa = spec.key.kind == KeyKind::rsa || spec.key.kind == KeyKind::rsa_pss;
      if (rsa && spec.key.bits < 2048) all.insert("rsa-1024");
    }
    for (const ConversationPlan& plan : scenario.server.connections) {
      const std::vector<std::string>& versions = plan.conversation.tls.versions;
      for (const std::string& version : versions) {
        const bool old = version == "1.0" || version == "1.1";
        if (old || versions.size() == 1) all.insert("tls-" + version);
      }
    }
    for (const checker::Probe probe : scenario.check.probes) {
      if (checker::name(probe) == "static-rsa") all.insert("static-rsa");
    }
    return all;
  };
  for (const Scenario& scenario : scenarios()) {
    const std::set<std::string> said(scenario.needs.begin(), scenario.needs.end());
    EXPECT_EQ(said, needed(scenario)) << scenario.id;
  }
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
  for (const certgen::Defect& row : certgen::defects()) {
    EXPECT_FALSE(row.summary.empty()) << row.name;
  }
  for (const server::ActionInfo& row : server::actions()) {
    EXPECT_FALSE(row.summary.empty()) << row.name;
  }
}

// scripts/new leaves these words where something is still to be said.
TEST(Completeness, NothingIsLeftToBeFilledIn) {
  std::vector<std::string> left;
  const auto look_at = [&left](std::string_view where, std::string_view text) {
    if (text.find("FILL IN") != std::string_view::npos) left.emplace_back(where);
  };
  for (const checker::Rule& rule : checker::rules()) {
    for (const auto text : {rule.reference, rule.title, rule.explanation, rule.remedy}) {
      look_at(rule.code, text);
    }
    for (const std::string_view name : rule.evidence) look_at(rule.code, name);
  }
  for (const Scenario& scenario : scenarios()) {
    look_at(scenario.id, scenario.summary);
    look_at(scenario.id, scenario.why);
    for (const std::string& reference : scenario.references) look_at(scenario.id, reference);
  }
  EXPECT_THAT(left, IsEmpty());
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
