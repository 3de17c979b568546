#include "checker/diagnose/verdict.h"

#include "checker/sender_policy.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace badmx::checker {
namespace {

class Verdicts : public ::testing::Test {
 protected:
  Verdicts()
      : seen_(testing::observation_of({pki_["leaf"], pki_["intermediate"]})),
        criteria_(testing::criteria_for({pki_["root"]})) {}

  std::vector<Verdict> of(const std::vector<std::string>& codes) {
    std::vector<Finding> findings;
    for (const std::string& code : codes) findings.push_back({.code = code});
    return verdicts(read_facts(seen_, criteria_), findings);
  }

  testing::TestPki pki_ = testing::healthy_pki();
  Observation seen_;
  Criteria criteria_;
};

TEST_F(Verdicts, WithoutFindingsDeliver) {
  for (const Verdict& verdict : of({})) {
    EXPECT_EQ(verdict.outcome, Outcome::deliver);
    EXPECT_EQ(verdict.decided_by, "");
  }
}

TEST_F(Verdicts, AreTheWorstOfAllFindingsAndNameTheFirstThatDecides) {
  const auto result = of({"client-certificate-requested", "name-mismatch", "certificate-expired"});
  ASSERT_EQ(result.size(), 4U);
  EXPECT_EQ(result[1].outcome, Outcome::deliver);
  EXPECT_EQ(result[2].outcome, Outcome::refuse);
  EXPECT_EQ(result[2].decided_by, "certificate-expired");
  EXPECT_EQ(result[3].decided_by, "name-mismatch");
}

TEST_F(Verdicts, RefuseOutweighsGoingOutInClear) {
  EXPECT_EQ(of({"starttls-refused"})[0].outcome, Outcome::deliver_cleartext);
  EXPECT_EQ(of({"starttls-refused", "connect-failed"})[0].outcome, Outcome::refuse);
}

TEST_F(Verdicts, AreUndecidedWhereTrustIsNotJudgedUnlessSomethingElseRefuses) {
  criteria_.trust.reset();
  EXPECT_EQ(of({})[2].outcome, Outcome::undecided);
  EXPECT_EQ(of({})[0].outcome, Outcome::deliver);
  EXPECT_EQ(of({"certificate-expired"})[2].outcome, Outcome::refuse);
}

TEST_F(Verdicts, OfTheNameAreUndecidedWithoutOne) {
  criteria_.names.clear();
  EXPECT_EQ(of({})[2].outcome, Outcome::deliver);
  EXPECT_EQ(of({})[3].outcome, Outcome::undecided);
}

TEST_F(Verdicts, AreUndecidedWhereNoTlsWasSeen) {
  for (const Verdict& verdict : of({"no-tls-in-transcript"})) {
    EXPECT_EQ(verdict.outcome, Outcome::undecided);
    EXPECT_EQ(verdict.decided_by, "");
  }
}

TEST(PolicyName, ReadsBackWhatItWrites) {
  for (const Policy policy : all_policies) EXPECT_EQ(policy_from(name(policy)), policy);
  EXPECT_EQ(policy_from("verify-ca"), Policy::verify_ca);
  EXPECT_EQ(policy_from("verify_ca"), std::nullopt);
  EXPECT_EQ(outcome_from("deliver-cleartext"), Outcome::deliver_cleartext);
  EXPECT_EQ(outcome_from(""), std::nullopt);
}

}  // namespace
}  // namespace badmx::checker
