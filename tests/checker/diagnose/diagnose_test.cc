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

TEST(Diagnosis, OfAHealthyServerIsSilentAndEveryPolicyDelivers) {
  const TestPki pki = healthy_pki();
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), IsEmpty());
  EXPECT_THAT(diagnosis.consequences, IsEmpty());
  EXPECT_THAT(diagnosis.undecided, IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "dddd");
  EXPECT_TRUE(diagnosis.path_trusted);
  EXPECT_EQ(diagnosis.openssl_skipped, "");
  EXPECT_THAT(diagnosis.openssl, IsEmpty());
  ASSERT_EQ(diagnosis.path.size(), 3U);
  EXPECT_EQ(text(diagnosis.path[2].certificate), "trusted[0]");
}

TEST(Diagnosis, NotesATrustedRootThatIsSentToo) {
  const TestPki pki = healthy_pki();
  const Diagnosis diagnosis = diagnose(
      observation_of({pki["leaf"], pki["intermediate"], pki["root"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("root-sent: sent[2]"));
  EXPECT_EQ(diagnosis.findings[0].severity, Severity::note);
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(Diagnosis, OfALeafDirectlyUnderTheRootIsSilent) {
  TestPki pki = healthy_pki();
  pki.issue("direct", CertificateRecipe{}, "root");
  EXPECT_THAT(diagnose(observation_of({pki["direct"]}), criteria_for({pki["root"]})).findings,
              IsEmpty());
}

TEST(Diagnosis, OfACrossSignedChainIsSilentWithEitherRoot) {
  TestPki pki;
  pki.issue("old-root", ca("Old Root", "old"), "old-root");
  pki.issue("new-root", ca("New Root", "new"), "new-root");
  pki.issue("cross", ca("New Root", "new"), "old-root");
  pki.issue("issuing", ca("Issuing", "issuing"), "new-root");
  pki.issue("leaf", CertificateRecipe{}, "issuing");
  const Observation seen = observation_of({pki["leaf"], pki["issuing"], pki["cross"]});
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({pki["old-root"]})).findings), IsEmpty());
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({pki["new-root"]})).findings), IsEmpty());
}

TEST(Diagnosis, TakesTheWayRoundAnExpiredCrossCertificate) {
  TestPki pki;
  pki.issue("new-root", ca("New Root", "new"), "new-root");
  pki.issue("old-root", ca("Old Root", "old"), "old-root");
  CertificateRecipe cross = ca("New Root", "new");
  cross.to = -10;
  pki.issue("cross", cross, "old-root");
  pki.issue("issuing", ca("Issuing", "issuing"), "new-root");
  pki.issue("leaf", CertificateRecipe{}, "issuing");
  EXPECT_THAT(short_text(diagnose(observation_of({pki["leaf"], pki["issuing"], pki["cross"]}),
                                  criteria_for({pki["old-root"], pki["new-root"]}))
                             .findings),
              IsEmpty());
}

TEST(Diagnosis, OfASelfSignedLeafSaysSoAndNothingElse) {
  TestPki pki = healthy_pki();
  pki.issue("own", CertificateRecipe{}, "own");
  const Diagnosis diagnosis = diagnose(observation_of({pki["own"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("self-signed: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
  EXPECT_EQ(diagnosis.verdicts[3].decided_by, "self-signed");
}

TEST(Diagnosis, OfASelfSignedLeafThatIsTrustedIsSilent) {
  TestPki pki = healthy_pki();
  pki.issue("own", CertificateRecipe{}, "own");
  EXPECT_THAT(
      short_text(diagnose(observation_of({pki["own"]}), criteria_for({pki["own"]})).findings),
      IsEmpty());
}

TEST(Diagnosis, OfAnInstallTimeCertificateNamesBothFaults) {
  TestPki pki = healthy_pki();
  CertificateRecipe draw = ca("machine", "snakeoil");
  draw.usage = "";
  pki.issue("snakeoil", draw, "snakeoil");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["snakeoil"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("extended-key-usage-noncompliant: sent[0]", "leaf-is-ca: sent[0]",
                          "self-signed: sent[0]", "name-mismatch: sent[0]"));
}

TEST(Diagnosis, TellsARootThatIsSentAndNotTrusted) {
  TestPki pki = healthy_pki();
  pki.issue("private", ca("Private Root", "private"), "private");
  pki.issue("leaf", CertificateRecipe{}, "private");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["private"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("root-not-trusted: sent[1]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
  EXPECT_THAT(diagnosis.undecided, IsEmpty());
}

TEST(Diagnosis, LeavesOpenWhoIssuedWhatHasNoIssuerAtHand) {
  TestPki pki = healthy_pki();
  pki.issue("private", ca("Private Root", "private"), "private");
  CertificateRecipe other;
  pki.issue("private-leaf", other, "private");
  for (const std::string leaf : {"leaf", "private-leaf"}) {
    const Diagnosis diagnosis = diagnose(observation_of({pki[leaf]}), criteria_for({pki["root"]}));
    EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("issuer-unknown: sent[0]")) << leaf;
    EXPECT_EQ(diagnosis.findings[0].fix_at, FixAt::undecided);
    ASSERT_EQ(diagnosis.undecided.size(), 1U);
    EXPECT_THAT(diagnosis.undecided[0].between,
                ElementsAre("intermediate-missing", "root-not-trusted"));
    EXPECT_THAT(diagnosis.undecided[0].decided_by, ::testing::HasSubstr("--intermediates"));
    EXPECT_EQ(outcomes(diagnosis), "ddrr");
  }
}

TEST(Diagnosis, DecidesItByTheIntermediatesThatAreGiven) {
  TestPki pki = healthy_pki();
  pki.issue("private", ca("Private Root", "private"), "private");
  pki.issue("private-leaf", CertificateRecipe{}, "private");
  const std::vector<x509::Bytes> given{pki["intermediate"], pki["private"]};
  const Diagnosis missing =
      diagnose(observation_of({pki["leaf"]}), criteria_for({pki["root"]}, given));
  EXPECT_THAT(short_text(missing.findings), ElementsAre("intermediate-missing: sent[0]"));
  EXPECT_THAT(missing.undecided, IsEmpty());
  EXPECT_EQ(outcomes(missing), "ddrr");
  const Diagnosis untrusted =
      diagnose(observation_of({pki["private-leaf"]}), criteria_for({pki["root"]}, given));
  EXPECT_THAT(short_text(untrusted.findings), ElementsAre("root-not-trusted: given[1]"));
  EXPECT_THAT(untrusted.undecided, IsEmpty());
  EXPECT_EQ(outcomes(untrusted), "ddrr");
}

TEST(Diagnosis, OfAGapHigherUpNamesTheCertificateBelowIt) {
  TestPki pki = healthy_pki();
  pki.issue("policy", ca("Policy CA", "policy"), "root");
  pki.issue("issuing", ca("Issuing CA", "issuing"), "policy");
  pki.issue("deep", CertificateRecipe{}, "issuing");
  const Observation seen = observation_of({pki["deep"], pki["issuing"]});
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({pki["root"]})).findings),
              ElementsAre("issuer-unknown: sent[1]"));
  EXPECT_THAT(short_text(diagnose(seen, criteria_for({pki["root"]}, {pki["policy"]})).findings),
              ElementsAre("intermediate-missing: sent[1]"));
  // What was given, but leads nowhere, decides nothing.
  EXPECT_THAT(
      short_text(
          diagnose(observation_of({pki["deep"]}), criteria_for({}, {pki["issuing"]})).findings),
      ElementsAre("issuer-unknown: sent[0]"));
}

TEST(Diagnosis, OfAnImpostorOfATrustedRootDependsOnWhetherItIsSent) {
  TestPki pki = healthy_pki();
  pki.issue("impostor", ca("Lab Root", "impostor"), "impostor");
  pki.issue("below", ca("Below", "below"), "impostor");
  pki.issue("leaf", CertificateRecipe{}, "below");
  EXPECT_THAT(
      short_text(diagnose(observation_of({pki["leaf"], pki["below"]}), criteria_for({pki["root"]}))
                     .findings),
      ElementsAre("issuer-wrong-key: sent[1]"));
  const Diagnosis given = diagnose(observation_of({pki["leaf"], pki["below"]}),
                                   criteria_for({pki["root"]}, {pki["impostor"]}));
  EXPECT_THAT(short_text(given.findings), ElementsAre("issuer-wrong-key: sent[1]"));
  EXPECT_THAT(short_text(given.consequences), ElementsAre("root-not-trusted: given[0]"));
  const Diagnosis whole = diagnose(observation_of({pki["leaf"], pki["below"], pki["impostor"]}),
                                   criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(whole.findings), ElementsAre("root-not-trusted: sent[2]"));
  EXPECT_THAT(whole.findings[0].evidence, ::testing::Contains(Evidence{"same-name", "trusted[0]"}));
}

TEST(Diagnosis, TellsAnUnrelatedIntermediateFromOneWithAnotherKey) {
  TestPki pki = healthy_pki();
  pki.issue("other", ca("Other CA", "other"), "root");
  pki.issue("twin", ca("Lab Intermediate", "twin"), "root");
  EXPECT_THAT(
      short_text(diagnose(observation_of({pki["leaf"], pki["other"]}), criteria_for({pki["root"]}))
                     .findings),
      ElementsAre("issuer-unknown: sent[0]", "chain-unrelated: sent[1]"));
  const Diagnosis twin =
      diagnose(observation_of({pki["leaf"], pki["twin"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(twin.findings), ElementsAre("issuer-wrong-key: sent[0]"));
  EXPECT_EQ(outcomes(twin), "ddrr");
  const Diagnosis given = diagnose(observation_of({pki["leaf"], pki["twin"]}),
                                   criteria_for({pki["root"]}, {pki["intermediate"]}));
  EXPECT_THAT(short_text(given.findings), ElementsAre("issuer-wrong-key: sent[0]"));
  EXPECT_THAT(short_text(given.consequences), ElementsAre("intermediate-missing: sent[0]"));
}

TEST(Diagnosis, OfATwinUnderAnUntrustedRootDoesntCallItUnrelated) {
  TestPki pki = healthy_pki();
  pki.issue("private", ca("Private Root", "private"), "private");
  pki.issue("twin", ca("Lab Intermediate", "twin"), "private");
  EXPECT_THAT(
      short_text(diagnose(observation_of({pki["leaf"], pki["twin"]}), criteria_for({pki["root"]}))
                     .findings),
      ElementsAre("issuer-wrong-key: sent[0]"));
}

TEST(Diagnosis, TellsADamagedSignatureByTheKeyIdentifierThatFits) {
  TestPki pki = healthy_pki();
  pki.edit("leaf").back() ^= 1U;
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("signature-bad: sent[0]"));
  EXPECT_THAT(diagnosis.undecided, IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(Diagnosis, CantTellDamageFromAnotherKeyWithoutKeyIdentifiers) {
  TestPki pki = healthy_pki();
  CertificateRecipe bare;
  bare.authority_key_id = false;
  pki.issue("bare", bare, "intermediate");
  pki.edit("bare").back() ^= 1U;
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["bare"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("authority-key-id-missing: sent[0]", "signature-bad: sent[0]"));
  ASSERT_EQ(diagnosis.undecided.size(), 1U);
  EXPECT_THAT(diagnosis.undecided[0].between, ElementsAre("issuer-wrong-key", "signature-bad"));
}

TEST(Diagnosis, GoesOnJudgingBeyondADamagedSignature) {
  TestPki pki = healthy_pki();
  CertificateRecipe old = ca("Lab Intermediate", "intermediate");
  old.to = -3;
  pki.issue("intermediate", old, "root");
  pki.edit("leaf").back() ^= 1U;
  EXPECT_THAT(short_text(diagnose(observation_of({pki["leaf"], pki["intermediate"]}),
                                  criteria_for({pki["root"]}))
                             .findings),
              ElementsAre("certificate-expired: sent[1]", "signature-bad: sent[0]"));
  EXPECT_THAT(
      short_text(
          diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({})).findings),
      ElementsAre("certificate-expired: sent[1]", "signature-bad: sent[0]",
                  "issuer-unknown: sent[1]"));
}

TEST(Diagnosis, SaysWhereTheOrderIsWrong) {
  TestPki pki = healthy_pki();
  pki.issue("policy", ca("Policy CA", "policy"), "root");
  pki.issue("issuing", ca("Issuing CA", "issuing"), "policy");
  pki.issue("deep", CertificateRecipe{}, "issuing");
  const Diagnosis diagnosis = diagnose(observation_of({pki["deep"], pki["policy"], pki["issuing"]}),
                                       criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("chain-out-of-order: sent[1]"));
  EXPECT_EQ(diagnosis.findings[0].severity, Severity::warning);
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(Diagnosis, OfAChainWithTheLeafSecondSpeaksOfThatAlone) {
  const TestPki pki = healthy_pki();
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["intermediate"], pki["leaf"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("chain-leaf-not-first: sent[1]"));
  // The CA may sign and nothing else: OpenSSL says 26 of it, and 62 for its name.
  EXPECT_THAT(short_text(diagnosis.consequences),
              UnorderedElementsAre("chain-out-of-order: sent[0]", "purpose-not-server: sent[0]"));
  EXPECT_EQ(diagnosis.consequences[0].because_of, Lines{"chain-leaf-not-first"});
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

// A sender goes up from the certificate that comes first: by the CA's alone it never gets to what
// is wrong with the server's own, and by a fault further up it does (OpenSSL says 62 and nothing
// else, or 62 and 10).
TEST(Diagnosis, OfALeafThatComesSecondOnlyTheNameIsMissed) {
  for (const int days_left : {90, -1}) {
    TestPki pki = healthy_pki();
    CertificateRecipe two_uses = ca("Two Uses CA", "two-uses");
    two_uses.usage = "critical,digitalSignature,keyCertSign,cRLSign";
    two_uses.to = days_left;
    pki.issue("two-uses", two_uses, "root");
    CertificateRecipe expired;
    expired.from = -90;
    expired.to = -1;
    pki.issue("expired", expired, "two-uses");
    const Diagnosis diagnosis =
        diagnose(observation_of({pki["two-uses"], pki["expired"]}), criteria_for({pki["root"]}));
    const bool whole = days_left > 0;
    EXPECT_THAT(short_text(diagnosis.findings),
                whole ? Lines({"certificate-expired: sent[1]", "chain-leaf-not-first: sent[1]"})
                      : Lines({"certificate-expired: sent[1]", "certificate-expired: sent[0]",
                               "chain-leaf-not-first: sent[1]"}));
    EXPECT_EQ(outcomes(diagnosis), whole ? "dddr" : "ddrr");
    for (const SenderVerdict& verdict : sender_verdicts(diagnosis)) {
      if (verdict.profile->policy != Policy::verify_ca) continue;
      EXPECT_EQ(verdict.outcome == Outcome::deliver, whole) << verdict.profile->setting;
    }
  }
}

TEST(Diagnosis, NotesDuplicatesAndStrangersAndDelivers) {
  TestPki pki = healthy_pki();
  pki.issue("stranger-root", ca("Stranger Root", "stranger"), "stranger-root");
  const Diagnosis diagnosis = diagnose(
      observation_of({pki["leaf"], pki["leaf"], pki["intermediate"], pki["stranger-root"]}),
      criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("chain-duplicate: sent[1]", "chain-unrelated: sent[3]"));
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(Diagnosis, HasTheSenderMendItsOwnExpiredRoot) {
  TestPki pki;
  CertificateRecipe old = ca("Old Root", "root");
  old.to = -2;
  pki.issue("root", old, "root");
  pki.issue("intermediate", ca("Lab Intermediate", "intermediate"), "root");
  pki.issue("leaf", CertificateRecipe{}, "intermediate");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("certificate-expired: trusted[0]"));
  EXPECT_EQ(diagnosis.findings[0].fix_at, FixAt::sender);
}

TEST(Diagnosis, DoesntMindByWhatARootWasSigned) {
  TestPki pki;
  CertificateRecipe root = ca("Old Root", "root");
  root.digest = "sha1";
  pki.issue("root", root, "root");
  pki.issue("leaf", CertificateRecipe{}, "root");
  EXPECT_THAT(
      short_text(diagnose(observation_of({pki["leaf"]}), criteria_for({pki["root"]})).findings),
      IsEmpty());
  CertificateRecipe own;
  own.digest = "sha1";
  pki.issue("own", own, "own");
  const Diagnosis self = diagnose(observation_of({pki["own"]}), criteria_for({}));
  EXPECT_THAT(short_text(self.findings), ElementsAre("self-signed: sent[0]"));
  EXPECT_THAT(short_text(self.consequences), ElementsAre("signature-weak: sent[0]"));
}

TEST(Diagnosis, CountsThePathLengthOfACa) {
  TestPki pki;
  CertificateRecipe root = ca("Short Root", "root");
  root.basic = "critical,CA:TRUE,pathlen:0";
  pki.issue("root", root, "root");
  pki.issue("intermediate", ca("Lab Intermediate", "intermediate"), "root");
  pki.issue("leaf", CertificateRecipe{}, "intermediate");
  EXPECT_THAT(short_text(diagnose(observation_of({pki["leaf"], pki["intermediate"]}),
                                  criteria_for({pki["root"]}))
                             .findings),
              ElementsAre("path-length-exceeded: trusted[0]"));
}

TEST(Diagnosis, GivesUpOnAChainThatNobodyFollows) {
  TestPki pki;
  pki.issue("0", ca("CA 0", "0"), "0");
  std::vector<x509::Bytes> chain;
  for (int i = 1; i <= 40; ++i) {
    const std::string label = std::to_string(i);
    pki.issue(label, ca("CA " + label, label), std::to_string(i - 1));
    chain.insert(chain.begin(), pki[label]);
  }
  pki.issue("leaf", CertificateRecipe{}, "40");
  chain.insert(chain.begin(), pki["leaf"]);
  const Diagnosis diagnosis = diagnose(observation_of(chain), criteria_for({pki["0"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ::testing::Contains("path-too-long: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(Diagnosis, SaysWhenASignatureCantBeChecked) {
  TestPki pki = healthy_pki();
  // sha256 as an OID of ecdsa-with-SHA256 (1.2.840.10045.4.3.2) becomes …4.3.9, which nobody has.
  x509::Bytes& leaf = pki.edit("leaf");
  const x509::Bytes oid{0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02};
  for (auto at = std::search(leaf.begin(), leaf.end(), oid.begin(), oid.end()); at != leaf.end();
       at = std::search(at + 1, leaf.end(), oid.begin(), oid.end())) {
    *(at + 7) = 0x7f;
  }
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("signature-unchecked: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(Diagnosis, SaysWhenDatesCantBeRead) {
  TestPki pki = healthy_pki();
  x509::Bytes& leaf = pki.edit("leaf");
  // notAfter of 90 days on: 260530120000Z.
  const std::string date = "260530120000Z";
  const auto at = std::search(leaf.begin(), leaf.end(), date.begin(), date.end());
  ASSERT_NE(at, leaf.end());
  *at = 'x';
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("validity-malformed: sent[0]", "signature-bad: sent[0]"));
}

TEST(Diagnosis, SaysWhenACertificateIsNone) {
  const TestPki pki = healthy_pki();
  const Diagnosis diagnosis = diagnose(
      observation_of({pki["leaf"], {1, 2, 3}, pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("certificate-unreadable: sent[1]"));
  EXPECT_EQ(diagnosis.openssl_skipped, "it can't parse all that was sent");
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(Diagnosis, LeavesTrustAndNameUndecidedWhereNobodyAsks) {
  const TestPki pki = healthy_pki();
  Criteria criteria = criteria_for({pki["root"]});
  criteria.names.clear();
  EXPECT_EQ(outcomes(diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria)),
            "dddu");
  criteria.trust.reset();
  const Diagnosis diagnosis = diagnose(observation_of({pki["leaf"]}), criteria);
  EXPECT_THAT(diagnosis.findings, IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "dduu");
  EXPECT_EQ(diagnosis.openssl_skipped, "trust wasn't checked");
}

TEST(Diagnosis, OfAnAddressLooksForItAmongTheAddresses) {
  TestPki pki = healthy_pki();
  CertificateRecipe draw;
  draw.names = "DNS:mx.lab.test,IP:192.0.2.25";
  pki.issue("leaf", draw, "intermediate");
  Criteria criteria = criteria_for({pki["root"]});
  criteria.names = {"192.0.2.25"};
  const Observation seen = observation_of({pki["leaf"], pki["intermediate"]});
  EXPECT_THAT(short_text(diagnose(seen, criteria).findings), IsEmpty());
  criteria.names = {"192.0.2.26"};
  EXPECT_THAT(short_text(diagnose(seen, criteria).findings), ElementsAre("name-mismatch: sent[0]"));
}

TEST(Diagnosis, OfNothingHasNoVerdict) {
  EXPECT_THAT(diagnose(Observation{}, Criteria{}).verdicts, IsEmpty());
}

// Cuts, flips and garbage in any of the places: whatever comes, there is an answer.
TEST(Diagnosis, NeverThrowsOnMangledCertificates) {
  const TestPki pki = healthy_pki();
  std::mt19937 random(20260301);
  const std::vector<x509::Bytes> good{pki["leaf"], pki["intermediate"], pki["root"]};
  for (int round = 0; round < 600; ++round) {
    std::vector<x509::Bytes> chain = good;
    x509::Bytes& victim = chain[random() % chain.size()];
    const std::size_t flips = 1 + random() % 4;
    for (std::size_t i = 0; i < flips; ++i) {
      victim[random() % victim.size()] = static_cast<std::uint8_t>(random());
    }
    if (random() % 4 == 0) victim.resize(random() % victim.size());
    const Diagnosis first = diagnose(observation_of(chain), criteria_for({chain[2]}, {chain[1]}));
    EXPECT_EQ(first.verdicts.size(), all_policies.size());
    EXPECT_EQ(first, diagnose(observation_of(chain), criteria_for({chain[2]}, {chain[1]})));
  }
}

}  // namespace
}  // namespace badmx::checker
