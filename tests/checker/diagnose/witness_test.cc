#include "checker/diagnose/diagnose.h"
#include "checker/rules/rules.h"
#include "checker/senders/sender_profiles.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using testing::ca;
using testing::CertificateRecipe;
using testing::criteria_for;
using ::testing::ElementsAre;
using testing::healthy_pki;
using ::testing::IsEmpty;
using testing::observation_of;
using testing::outcomes;
using testing::short_text;
using testing::test_moment;
using testing::TestPki;
using ::testing::UnorderedElementsAre;

using Lines = std::vector<std::string>;

// OpenSSL takes the first intermediate of the name and stays on it; what else is wrong, and said,
// doesn't make that an objection of its own.
TEST(OpensslWitness, OfASecondWayUpThatOpenSslMissesNamesThatBesideAnotherFault) {
  TestPki pki = healthy_pki();
  pki.issue("stranger", ca("Lab Root", "stranger"), "stranger");
  pki.issue("twin", ca("Lab Intermediate", "intermediate"), "stranger");
  for (const char* const name : {"DNS:mx.lab.test", "DNS:other.lab.test"}) {
    CertificateRecipe leaf;
    leaf.names = name;
    pki.issue("leaf", leaf, "intermediate");
    const Diagnosis diagnosis =
        diagnose(observation_of({pki["leaf"], pki["twin"], pki["intermediate"]}),
                 criteria_for({pki["root"]}));
    EXPECT_THAT(short_text(diagnosis.findings),
                ::testing::Contains("path-not-found-by-openssl: sent[0]"))
        << name;
    EXPECT_THAT(outcomes(diagnosis), ::testing::StartsWith("ddd")) << name;
  }
}

TEST(OpensslWitness, OfAnExpiryInThisVerySecondIsRfc5280sNotOpenSsls) {
  TestPki pki = healthy_pki();
  CertificateRecipe draw;
  draw.to = 0;
  pki.issue("leaf", draw, "intermediate");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(OpensslWitness, NeverSwallowsWhatOpenSslAloneObjectsTo) {
  TestPki pki = healthy_pki();
  // A roll-over certificate: the root's new key under its old one. OpenSSL takes it for
  // self-signed.
  CertificateRecipe roll_over = ca("Lab Root", "new-root");
  roll_over.subject_key_id = false;
  roll_over.authority_key_id = false;
  pki.issue("roll-over", roll_over, "root");
  CertificateRecipe leaf;
  leaf.authority_key_id = false;
  pki.issue("leaf", leaf, "roll-over");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["roll-over"]}), criteria_for({pki["root"]}));
  EXPECT_TRUE(diagnosis.path_trusted);
  EXPECT_THAT(short_text(diagnosis.findings), ::testing::Contains("openssl-rejects: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

}  // namespace
}  // namespace badmx::checker
