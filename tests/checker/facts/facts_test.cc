#include "checker/facts/facts.h"

#include "checker/facts/certificate_facts.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using testing::ca;
using testing::CertificateRecipe;
using testing::criteria_for;
using testing::healthy_pki;
using testing::observation_of;
using testing::test_moment;
using testing::TestPki;

TEST(Facts, PutPrintedCertificatesAtTheirPositions) {
  const TestPki pki = healthy_pki();
  Observation seen = observation_of({pki["leaf"], pki["root"]});
  seen.pasted.certificates = {{.position = 1, .subject = "CN=Between", .issuer = "CN=Above"}};
  const Criteria criteria = criteria_for({pki["root"]});
  const Facts facts = read_facts(seen, criteria);
  ASSERT_EQ(facts.sent.size(), 3U);
  EXPECT_TRUE(facts.sent[0].read.has_value());
  EXPECT_TRUE(facts.sent[1].printed);
  EXPECT_EQ(facts.sent[1].subject, "CN=Between");
  EXPECT_FALSE(facts.sent[1].not_after.has_value());
  EXPECT_EQ(facts.sent[2].der, pki["root"]);
}

TEST(Facts, JudgeTheFirstAttemptThatShowedAChain) {
  const TestPki pki = healthy_pki();
  Observation seen = observation_of({pki["leaf"]});
  seen.attempts.insert(seen.attempts.begin(), Attempt{});
  const Criteria criteria = criteria_for({pki["root"]});
  const Facts facts = read_facts(seen, criteria);
  EXPECT_EQ(facts.attempt, 1U);
  EXPECT_EQ(facts.sent.size(), 1U);
}

TEST(Facts, FindTheLeafBehindItsIssuer) {
  const TestPki pki = healthy_pki();
  const Criteria criteria = criteria_for({pki["root"]});
  const Observation swapped = observation_of({pki["intermediate"], pki["leaf"]});
  EXPECT_EQ(read_facts(swapped, criteria).leaf, 1U);
  const Observation reversed = observation_of({pki["root"], pki["intermediate"], pki["leaf"]});
  EXPECT_EQ(read_facts(reversed, criteria).leaf, 2U);
  const Observation alone = observation_of({pki["intermediate"]});
  EXPECT_EQ(read_facts(alone, criteria).leaf, 0U);
  TestPki other = healthy_pki();
  other.issue("stranger", CertificateRecipe{}, "root");
  const Observation strange = observation_of({pki["intermediate"], other["stranger"]});
  EXPECT_EQ(read_facts(strange, criteria).leaf, 0U);
}

TEST(Facts, HaveNoLeafWhereTheFirstIsUnreadable) {
  const TestPki pki = healthy_pki();
  const Criteria criteria = criteria_for({pki["root"]});
  const Observation seen = observation_of({{0x30, 0x00}, pki["leaf"]});
  const Facts facts = read_facts(seen, criteria);
  EXPECT_FALSE(facts.leaf.has_value());
  EXPECT_EQ(facts.path.end, PathEnd::none);
}

TEST(Facts, RecordWhatTheKeyIdentifiersSay) {
  TestPki pki = healthy_pki();
  pki.issue("twin", ca("Lab Intermediate", "twin"), "root");
  const auto leaf = read_certificate_facts(sent_at(0), pki["leaf"]);
  EXPECT_EQ(key_ids(leaf, read_certificate_facts(sent_at(1), pki["intermediate"])), KeyIds::agree);
  EXPECT_EQ(key_ids(leaf, read_certificate_facts(sent_at(1), pki["twin"])), KeyIds::differ);
  CertificateRecipe bare = ca("Lab Intermediate", "intermediate");
  bare.subject_key_id = false;
  pki.issue("bare", bare, "root");
  EXPECT_EQ(key_ids(leaf, read_certificate_facts(sent_at(1), pki["bare"])), KeyIds::unknown);
}

TEST(Validity, HoldsToTheLastSecondAndNotBeyond) {
  TestPki pki = healthy_pki();
  CertificateRecipe draw;
  draw.from = 0;
  draw.to = 1;
  pki.issue("day", draw, "intermediate");
  const auto day = read_certificate_facts(sent_at(0), pki["day"]);
  const auto end = test_moment + std::chrono::hours(24);
  EXPECT_FALSE(has_expired(day, end));
  EXPECT_TRUE(has_expired(day, end + std::chrono::seconds(1)));
  EXPECT_FALSE(is_not_yet_valid(day, test_moment));
  EXPECT_TRUE(is_not_yet_valid(day, test_moment - std::chrono::seconds(1)));
}

TEST(Anchor, OfVersion1MayIssueAndAnIntermediateOfVersion1MayNot) {
  TestPki pki;
  CertificateRecipe old = ca("Old Root", "root");
  old.version = 1;
  pki.issue("root", old, "root");
  EXPECT_EQ(why_no_issuer(read_certificate_facts(trusted_at(0), pki["root"])), "");
  EXPECT_NE(why_no_issuer(read_certificate_facts(sent_at(0), pki["root"])), "");
}

}  // namespace
}  // namespace badmx::checker
