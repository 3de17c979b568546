#include "checker/facts/path.h"

#include "checker/facts/facts.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using testing::ca;
using testing::CertificateRecipe;
using testing::criteria_for;
using ::testing::ElementsAre;
using testing::healthy_pki;
using testing::observation_of;
using testing::TestPki;

std::vector<std::string> path_of(const Facts& facts) {
  std::vector<std::string> places;
  for (const Location& where : facts.path.certificates) places.push_back(text(where));
  return places;
}

TEST(Path, PrefersAnAnchorToAnEqualCertificateThatWasSent) {
  const TestPki pki = healthy_pki();
  const Observation seen = observation_of({pki["leaf"], pki["intermediate"], pki["root"]});
  const Criteria criteria = criteria_for({pki["root"]});
  const Facts facts = read_facts(seen, criteria);
  EXPECT_THAT(path_of(facts), ElementsAre("sent[0]", "sent[1]", "trusted[0]"));
  EXPECT_EQ(facts.path.end, PathEnd::anchor);
}

TEST(Path, ChecksNoMoreSignaturesThanAHealthyChainHas) {
  const TestPki pki = healthy_pki();
  const Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  const Criteria criteria = criteria_for({pki["root"]});
  EXPECT_EQ(read_facts(seen, criteria).edges.size(), 2U);
}

TEST(Path, EndsAtAnAnchorThatIsNoRoot) {
  const TestPki pki = healthy_pki();
  const Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  const Criteria criteria = criteria_for({pki["intermediate"]});
  const Facts facts = read_facts(seen, criteria);
  EXPECT_THAT(path_of(facts), ElementsAre("sent[0]", "trusted[0]"));
}

TEST(Path, BacktracksFromACaThatLeadsNowhere) {
  TestPki pki = healthy_pki();
  pki.issue("private", ca("Private Root", "private"), "private");
  // The same CA, cross-signed by a root that isn't trusted; both copies verify the leaf.
  pki.issue("cross", ca("Lab Intermediate", "intermediate"), "private");
  const Observation seen =
      observation_of({pki["leaf"], pki["cross"], pki["private"], pki["intermediate"]});
  const Criteria criteria = criteria_for({pki["root"]});
  const Facts facts = read_facts(seen, criteria);
  EXPECT_THAT(path_of(facts), ElementsAre("sent[0]", "sent[3]", "trusted[0]"));
}

TEST(Path, PrefersAValidTwinToAnExpiredOne) {
  TestPki pki = healthy_pki();
  CertificateRecipe old = ca("Lab Intermediate", "intermediate");
  old.to = -1;
  pki.issue("old", old, "root");
  const Observation seen = observation_of({pki["leaf"], pki["old"], pki["intermediate"]});
  const Criteria criteria = criteria_for({pki["root"]});
  EXPECT_THAT(path_of(read_facts(seen, criteria)), ElementsAre("sent[0]", "sent[2]", "trusted[0]"));
}

TEST(Path, TakesTheRightKeyAmongTwins) {
  TestPki pki = healthy_pki();
  pki.issue("twin", ca("Lab Intermediate", "twin"), "root");
  CertificateRecipe bare;
  bare.authority_key_id = false;
  pki.issue("bare", bare, "intermediate");
  const Observation seen = observation_of({pki["bare"], pki["twin"], pki["intermediate"]});
  const Criteria criteria = criteria_for({pki["root"]});
  EXPECT_THAT(path_of(read_facts(seen, criteria)), ElementsAre("sent[0]", "sent[2]", "trusted[0]"));
}

TEST(Path, PrefersWhatWasSentThoughExpiredToWhatWasGiven) {
  TestPki pki = healthy_pki();
  CertificateRecipe old = ca("Lab Intermediate", "intermediate");
  old.to = -1;
  pki.issue("old", old, "root");
  const Observation seen = observation_of({pki["leaf"], pki["old"]});
  const Criteria criteria = criteria_for({pki["root"]}, {pki["intermediate"]});
  EXPECT_THAT(path_of(read_facts(seen, criteria)), ElementsAre("sent[0]", "sent[1]", "trusted[0]"));
}

TEST(Path, OfALoopOfCrossSignedCasEnds) {
  TestPki pki;
  pki.issue("a0", ca("A", "a"), "a0");
  pki.issue("b", ca("B", "b"), "a0");
  pki.issue("a", ca("A", "a"), "b");
  pki.issue("leaf", CertificateRecipe{}, "a");
  const Observation seen = observation_of({pki["leaf"], pki["a"], pki["b"]});
  const Criteria criteria = criteria_for({});
  EXPECT_EQ(read_facts(seen, criteria).path.end, PathEnd::gap);
}

// A thicket of CAs that all have one name and one key, so that each may stand under each.
TEST(Path, ThroughAThicketIsBounded) {
  TestPki pki;
  std::vector<x509::Bytes> chain;
  pki.issue("0", ca("Thicket", "key"), "0");
  for (int i = 1; i < 60; ++i) {
    const std::string label = std::to_string(i);
    pki.issue(label, ca("Thicket", "key"), "0");
    chain.push_back(pki[label]);
  }
  pki.issue("leaf", CertificateRecipe{}, "0");
  chain.insert(chain.begin(), pki["leaf"]);
  const Observation seen = observation_of(chain);
  const Criteria criteria = criteria_for({});
  const auto begin = std::chrono::steady_clock::now();
  EXPECT_NE(read_facts(seen, criteria).path.end, PathEnd::anchor);
  EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(10));
  const Diagnosis diagnosis = diagnose(seen, criteria);
  EXPECT_TRUE(std::ranges::any_of(diagnosis.findings, [](const Finding& finding) {
    return finding.code == "path-search-exhausted";
  }));
}

TEST(Path, ThatIsFoundIsNotCalledCutShort) {
  const TestPki pki = healthy_pki();
  const Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  EXPECT_FALSE(read_facts(seen, criteria_for({pki["root"]})).path.cut_short);
  const Observation alone = observation_of({pki["leaf"]});
  EXPECT_FALSE(read_facts(alone, criteria_for({pki["root"]})).path.cut_short);
}

TEST(Path, StopsAtItsLimitOfSteps) {
  const TestPki pki = healthy_pki();
  const Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  const Criteria criteria = criteria_for({pki["root"]});
  const Facts facts = read_facts(seen, criteria);
  PathLimits tight;
  tight.length = 2;
  const PathSearch search = find_path(facts, 0, tight);
  EXPECT_EQ(search.path.end, PathEnd::bound);
  EXPECT_EQ(search.badness.gaps, 1);
}

}  // namespace
}  // namespace badmx::checker
