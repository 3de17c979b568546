// Every built-in scenario gets exactly its findings and verdicts from the checker, over the wire.
#include "checker/rules/rules.h"
#include "fixtures/matchers.h"
#include "fixtures/proof/compare.h"
#include "fixtures/proof/verify_run.h"
#include "fixtures/scenario/catalogue.h"

#include <gmock/gmock.h>

#include <algorithm>
#include <chrono>
#include <set>
#include <span>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace badmx::fixtures {
namespace {

using checker::Policy;

const Catalogue& catalogue() {
  static const Catalogue built_in = Catalogue::built_in();
  return built_in;
}

VerifyOptions options() {
  VerifyOptions options;
  options.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  options.seed = certgen::random_seed();
  return options;
}

// That scenario alone: ctest runs each test in a process of its own, and the whole catalogue is
// verified once, a scenario a process.
ScenarioResult result_of(std::string_view id) {
  const Scenario* scenario = catalogue().find(id);
  if (scenario == nullptr) throw std::out_of_range("no such scenario");
  return std::move(verify_run(std::span(scenario, 1), options()).scenarios.front());
}

class EachScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(EachScenario, GetsExactlyWhatItExpects) {
  const ScenarioResult result = result_of(GetParam());
  if (result.outcome == VerifyOutcome::skipped) {
    GTEST_SKIP() << "this OpenSSL lacks " << result.skipped_because;
  }
  EXPECT_THAT(result.differences, ::testing::IsEmpty());
}

std::vector<std::string> ids() {
  std::vector<std::string> all;
  for (const Scenario& scenario : catalogue().scenarios()) all.push_back(scenario.id);
  return all;
}

INSTANTIATE_TEST_SUITE_P(Catalogue, EachScenario, ::testing::ValuesIn(ids()),
                         [](const ::testing::TestParamInfo<std::string>& tested) {
                           std::string name = tested.param;
                           std::ranges::replace(name, '-', '_');
                           return name;
                         });

// What the issue and the guide are about, said once more by hand: a slip in both the file and the
// checker must not pass.
TEST(Scenarios, HealthyIsSilent) {
  const checker::Diagnosis diagnosis = result_of("healthy").from_the_wire;
  EXPECT_THAT(diagnosis, FindsNothing());
  EXPECT_THAT(diagnosis, Delivers(Policy::verify));
}

TEST(Scenarios, ExpiredLeafIsRefusedByThoseWhoVerify) {
  const checker::Diagnosis diagnosis = result_of("expired-leaf").from_the_wire;
  EXPECT_THAT(diagnosis, FindsExactly({"certificate-expired"}));
  EXPECT_THAT(diagnosis, Refuses(Policy::verify));
  EXPECT_THAT(diagnosis, Refuses(Policy::verify_ca));
  EXPECT_THAT(diagnosis, Delivers(Policy::encrypt));
  EXPECT_THAT(diagnosis, Delivers(Policy::opportunistic));
}

TEST(Scenarios, WrongHostIsRefusedOnlyByThoseWhoVerifyNames) {
  const checker::Diagnosis diagnosis = result_of("wrong-host").from_the_wire;
  EXPECT_THAT(diagnosis, FindsExactly({"name-mismatch"}));
  EXPECT_THAT(diagnosis, Refuses(Policy::verify));
  EXPECT_THAT(diagnosis, Delivers(Policy::verify_ca));
}

TEST(Scenarios, StarttlsNotOfferedSendsOpportunisticMailInClear) {
  const checker::Diagnosis diagnosis = result_of("no-starttls").from_the_wire;
  EXPECT_THAT(diagnosis, FindsExactly({"starttls-not-offered"}));
  EXPECT_THAT(diagnosis, DeliversInClear(Policy::opportunistic));
  EXPECT_THAT(diagnosis, Refuses(Policy::encrypt));
}

TEST(Scenarios, MissingIntermediateIsToldFromAPrivateRootOnlyWithTheIntermediates) {
  const ScenarioResult missing = result_of("intermediate-not-sent");
  const ScenarioResult untrusted = result_of("private-ca-one-level");
  EXPECT_THAT(missing.from_the_wire, FindsExactly({"issuer-unknown"}));
  EXPECT_THAT(untrusted.from_the_wire, FindsExactly({"issuer-unknown"}));
  EXPECT_THAT(*missing.with_intermediates, FindsExactly({"intermediate-missing"}));
  EXPECT_THAT(*untrusted.with_intermediates, FindsExactly({"root-not-trusted"}));
}

// Scenarios that look alike on the wire must expect the same from it.
TEST(Scenarios, TwinsOnTheWireExpectTheSameFromTheWire) {
  for (const auto& [one, other] :
       {std::pair("one-of-two-intermediates-not-sent", "private-ca-root-not-sent"),
        std::pair("intermediate-not-sent", "private-ca-one-level")}) {
    const Scenario* a = catalogue().find(one);
    const Scenario* b = catalogue().find(other);
    ASSERT_NE(a, nullptr);
    ASSERT_NE(b, nullptr);
    EXPECT_EQ(a->expect, b->expect) << one << " and " << other;
    EXPECT_NE(a->with_intermediates, b->with_intermediates) << one << " and " << other;
  }
}

std::set<std::string> bases() {
  std::set<std::string> all;
  for (const Scenario& scenario : catalogue().scenarios()) {
    if (!scenario.base.empty()) all.insert(scenario.base);
  }
  return all;
}

void expect_no_error(const Expectation& expectation, const std::string& base) {
  for (const ExpectedFinding& finding : expectation.findings) {
    const checker::Rule* rule = checker::find_rule(finding.code);
    ASSERT_NE(rule, nullptr) << base << ": " << finding.code;
    EXPECT_NE(checker::severity(*rule), checker::Severity::error) << base << ": " << finding.code;
  }
  EXPECT_TRUE(expectation.undecided.empty()) << base;
  for (const Policy policy : checker::all_policies) {
    EXPECT_EQ(expectation.outcomes.at(policy), checker::Outcome::deliver)
        << base << ", " << checker::name(policy);
  }
}

// In what its file expects, and in what is found on the wire.
TEST(Scenarios, EveryBaseIsAScenarioWithoutErrors) {
  ASSERT_THAT(bases(), ::testing::Contains("healthy"));
  for (const std::string& base : bases()) {
    const Scenario* scenario = catalogue().find(base);
    ASSERT_NE(scenario, nullptr) << base << " is a base and no scenario";
    expect_no_error(scenario->expect, base);
    if (scenario->with_intermediates) expect_no_error(*scenario->with_intermediates, base);
    const ScenarioResult result = result_of(base);
    if (result.outcome == VerifyOutcome::skipped) continue;
    EXPECT_THAT(result.differences, ::testing::IsEmpty()) << base;
    for (const checker::Finding& finding : result.from_the_wire.findings) {
      EXPECT_NE(finding.severity, checker::Severity::error) << base << ": " << finding.code;
    }
  }
}

// docs/scenario-format.md: unsaid, the base is `healthy`.
TEST(Scenarios, OnlyHealthyStandsOnNothing) {
  for (const Scenario& scenario : catalogue().scenarios()) {
    EXPECT_EQ(scenario.base.empty(), scenario.id == "healthy") << scenario.id;
  }
}

// The scenario's id shows through the host's name alone, so that no checker can peek.
TEST(Scenarios, NoCertificateShowsTheScenariosIdButInTheHostsName) {
  for (const Scenario& scenario : catalogue().scenarios()) {
    certgen::KeyStore keys(certgen::Seed{x509::Bytes(32, 7)});
    certgen::NamingContext place = naming_context(scenario, "badmx.test", options().moment);
    place.host = "mx.x.badmx.test";
    place.domain = "x.badmx.test";
    for (const certgen::IssuedCertificate& certificate :
         build(scenario, place, keys).pki.certificates) {
      EXPECT_EQ(x509::as_text(certificate.der).find(scenario.id), std::string_view::npos)
          << scenario.id << ": " << certificate.name;
    }
  }
}

TEST(Scenarios, AllLabRootsAreOne) {
  certgen::KeyStore keys(certgen::Seed{x509::Bytes(32, 7)});
  const x509::Moment moment = options().moment;
  std::set<x509::Bytes> roots;
  for (const Scenario& scenario : catalogue().scenarios()) {
    const certgen::NamingContext place = naming_context(scenario, "badmx.test", moment);
    roots.insert(build(scenario, place, keys).pki.trusted.front());
  }
  EXPECT_EQ(roots.size(), 1U);
}

TEST(Scenarios, HaveASummaryOfOneSentenceReasonsAndReferences) {
  for (const Scenario& scenario : catalogue().scenarios()) {
    EXPECT_TRUE(scenario.summary.ends_with('.')) << scenario.id;
    EXPECT_LE(scenario.summary.size(), 100U) << scenario.id;
    EXPECT_FALSE(scenario.why.empty()) << scenario.id;
    EXPECT_FALSE(scenario.references.empty()) << scenario.id;
  }
}

}  // namespace
}  // namespace badmx::fixtures
