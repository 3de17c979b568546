// What a transcript prints of certificates whose PEM isn't there, judged as far as that goes.
#include "checker/facts/printed_algorithms.h"
#include "checker/report/report_chain.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <utility>
#include <vector>

namespace badmx::checker {
namespace {

using std::chrono::days;
using ::testing::Contains;
using testing::criteria_for;
using ::testing::ElementsAre;
using ::testing::IsEmpty;
using ::testing::Not;
using testing::observation_of;
using testing::outcomes;
using testing::short_text;
using testing::test_moment;

PrintedCertificate printed(int position, std::string subject, std::string issuer) {
  return {.position = position,
          .subject = std::move(subject),
          .issuer = std::move(issuer),
          .not_before = test_moment - days(1),
          .not_after = test_moment + days(60),
          .key = "id-ecPublicKey, 256 (bit)",
          .signature = "ecdsa-with-SHA256"};
}

// A healthy chain of which nothing but text is there.
Observation pasted() {
  Observation seen = observation_of({});
  seen.source = Source::transcript;
  seen.pasted.certificates = {printed(0, "CN=mx.lab.test", "CN=Lab CA"),
                              printed(1, "CN=Lab CA", "O=Lab, CN=Lab Root")};
  return seen;
}

std::vector<x509::Bytes> roots() { return {testing::healthy_pki()["root"]}; }

TEST(PrintedCertificates, OfASoundChainAreNoPromise) {
  const Diagnosis diagnosis = diagnose(pasted(), criteria_for(roots()));
  EXPECT_THAT(diagnosis.findings, IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "dduu");
}

TEST(PrintedCertificates, StandByTheirNamesAloneInThePicture) {
  const std::string picture = chain_picture(diagnose(pasted(), criteria_for(roots())), 80);
  EXPECT_THAT(picture,
              ::testing::HasSubstr("    :           by their names; no signature was seen\n"));
  const testing::TestPki pki = testing::healthy_pki();
  EXPECT_THAT(chain_picture(diagnose(observation_of({pki["leaf"], pki["intermediate"]}),
                                     criteria_for({pki["root"]})),
                            80),
              Not(::testing::HasSubstr("by their names")));
}

TEST(PrintedCertificates, TellOfAWeakKeyAndAWeakSignature) {
  Observation seen = pasted();
  seen.pasted.certificates[0].key = "rsaEncryption, 1024 (bit)";
  seen.pasted.certificates[0].signature = "RSA-SHA1";
  const Diagnosis diagnosis = diagnose(seen, criteria_for(roots()));
  EXPECT_THAT(short_text(diagnosis.findings),
              ::testing::UnorderedElementsAre("key-weak: sent[0]", "signature-weak: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(PrintedCertificates, WithAPrintedStapleTellOfARevokedLeaf) {
  Observation seen = pasted();
  seen.pasted.staple = PrintedStaple{.sent = true,
                                     .response = "successful (0x0)",
                                     .status = "revoked",
                                     .revoked_at = test_moment - days(2),
                                     .this_update = test_moment - days(1),
                                     .next_update = test_moment + days(1)};
  EXPECT_THAT(short_text(diagnose(seen, criteria_for(roots())).findings),
              ElementsAre("ocsp-staple-revoked: sent[0]"));
}

TEST(PrintedCertificates, TellThatTheIssuerCameFirst) {
  Observation seen = pasted();
  seen.pasted.certificates = {printed(0, "CN=Lab CA", "O=Lab, CN=Lab Root"),
                              printed(1, "CN=mx.lab.test", "CN=Lab CA")};
  EXPECT_THAT(short_text(diagnose(seen, criteria_for(roots())).findings),
              ElementsAre("chain-leaf-not-first: sent[1]"));
}

TEST(PrintedCertificates, TellOfARootAndOfACopyThatAreSentNeedlessly) {
  Observation seen = pasted();
  seen.pasted.certificates.push_back(printed(2, "CN=mx.lab.test", "CN=Lab CA"));
  seen.pasted.certificates.push_back(printed(3, "O=Lab, CN=Lab Root", "O=Lab, CN=Lab Root"));
  EXPECT_THAT(short_text(diagnose(seen, criteria_for(roots())).findings),
              ElementsAre("root-sent: sent[3]", "chain-duplicate: sent[2]"));
  // Of another time it is another certificate.
  *seen.pasted.certificates[2].not_after += days(1);
  EXPECT_THAT(short_text(diagnose(seen, criteria_for(roots())).findings),
              Not(Contains("chain-duplicate: sent[2]")));
}

TEST(PrintedAlgorithms, AreReadAsTheOnesOfACertificate) {
  EXPECT_EQ(read_printed_key("rsaEncryption, 2048 (bit)").algorithm, "rsa");
  EXPECT_EQ(read_printed_key("rsaEncryption, 2048 (bit)").bits, 2048);
  EXPECT_EQ(read_printed_key("id-ecPublicKey, 384 (bit)").curve, "P-384");
  EXPECT_EQ(read_printed_key("ED25519, 256 (bit)").algorithm, "ed25519");
  for (const char* const nothing : {"", "x", ", ", "somethingElse, 12 (bit)", "rsaEncryption, x"}) {
    const x509::PublicKey key = read_printed_key(nothing);
    EXPECT_TRUE(key.algorithm.empty() || key.bits == 0) << nothing;
  }
  EXPECT_EQ(read_printed_signature("RSA-SHA256").digest, "sha256");
  EXPECT_EQ(read_printed_signature("sha1WithRSAEncryption").digest, "sha1");
  EXPECT_EQ(read_printed_signature("ecdsa-with-SHA384").digest, "sha384");
  EXPECT_EQ(read_printed_signature("RSA-MD5").digest, "md5");
  EXPECT_EQ(read_printed_signature("ED25519").digest, "");
  EXPECT_EQ(read_printed_signature("nothing known").digest, "");
}

}  // namespace
}  // namespace badmx::checker
