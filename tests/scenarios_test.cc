// Every built-in scenario gets exactly its findings and verdicts from the checker, over the wire.
#include "fixtures/catalogue.h"
#include "fixtures/compare.h"
#include "fixtures/matchers.h"
#include "fixtures/verify_run.h"

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

// One run serves all tests of this file.
const VerifyResult& whole_run() {
  static const VerifyResult result = verify_run(catalogue().scenarios(), options());
  return result;
}

const ScenarioResult& result_of(std::string_view id) {
  for (const ScenarioResult& result : whole_run().scenarios) {
    if (result.scenario == id) return result;
  }
  throw std::out_of_range("no such scenario");
}

class EachScenario : public ::testing::TestWithParam<std::string> {};

TEST_P(EachScenario, GetsExactlyWhatItExpects) {
  // Alone: ctest runs each in a process of its own.
  const Scenario* scenario = catalogue().find(GetParam());
  ASSERT_NE(scenario, nullptr);
  const VerifyResult run = verify_run(std::span(scenario, 1), options());
  const ScenarioResult& result = run.scenarios.front();
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
  EXPECT_THAT(result_of("healthy").from_the_wire, FindsNothing());
  EXPECT_THAT(result_of("healthy").from_the_wire, Delivers(Policy::verify));
}

TEST(Scenarios, ExpiredLeafIsRefusedByThoseWhoVerify) {
  const checker::Diagnosis& diagnosis = result_of("expired-leaf").from_the_wire;
  EXPECT_THAT(diagnosis, FindsExactly({"certificate-expired"}));
  EXPECT_THAT(diagnosis, Refuses(Policy::verify));
  EXPECT_THAT(diagnosis, Refuses(Policy::verify_ca));
  EXPECT_THAT(diagnosis, Delivers(Policy::encrypt));
  EXPECT_THAT(diagnosis, Delivers(Policy::opportunistic));
}

TEST(Scenarios, WrongHostIsRefusedOnlyByThoseWhoVerifyNames) {
  const checker::Diagnosis& diagnosis = result_of("wrong-host").from_the_wire;
  EXPECT_THAT(diagnosis, FindsExactly({"name-mismatch"}));
  EXPECT_THAT(diagnosis, Refuses(Policy::verify));
  EXPECT_THAT(diagnosis, Delivers(Policy::verify_ca));
}

TEST(Scenarios, StarttlsNotOfferedSendsOpportunisticMailInClear) {
  const checker::Diagnosis& diagnosis = result_of("no-starttls").from_the_wire;
  EXPECT_THAT(diagnosis, FindsExactly({"starttls-not-offered"}));
  EXPECT_THAT(diagnosis, DeliversInClear(Policy::opportunistic));
  EXPECT_THAT(diagnosis, Refuses(Policy::encrypt));
}

TEST(Scenarios, MissingIntermediateIsToldFromAPrivateRootOnlyWithTheIntermediates) {
  const ScenarioResult& missing = result_of("intermediate-not-sent");
  const ScenarioResult& untrusted = result_of("private-ca-one-level");
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

TEST(Scenarios, EveryBaseIsAScenarioWithoutErrors) {
  for (const Scenario& scenario : catalogue().scenarios()) {
    if (scenario.base.empty()) continue;
    EXPECT_TRUE(result_of(scenario.base).differences.empty()) << scenario.base;
  }
}

// The scenario's id shows through the host's name alone, so that no checker can peek.
TEST(Scenarios, NoCertificateShowsTheScenariosIdButInTheHostsName) {
  for (const Scenario& scenario : catalogue().scenarios()) {
    certgen::KeyStore keys(certgen::Seed{tls::Bytes(32, 7)});
    certgen::Place place = place_of(scenario, "badmx.test", options().moment);
    place.host = "mx.x.badmx.test";
    place.domain = "x.badmx.test";
    for (const certgen::IssuedCertificate& certificate :
         realise(scenario, place, keys).pki.certificates) {
      EXPECT_EQ(tls::as_text(certificate.der).find(scenario.id), std::string_view::npos)
          << scenario.id << ": " << certificate.name;
    }
  }
}

TEST(Scenarios, AllLabRootsAreOne) {
  certgen::KeyStore keys(certgen::Seed{tls::Bytes(32, 7)});
  const tls::Moment moment = options().moment;
  std::set<tls::Bytes> roots;
  for (const Scenario& scenario : catalogue().scenarios()) {
    const certgen::Place place = place_of(scenario, "badmx.test", moment);
    roots.insert(realise(scenario, place, keys).pki.trusted.front());
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
