#include "tests/checker/test_diagnosis.h"
#include "x509/crl.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>
#include <optional>
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

struct Drawn {
  int from = -1;  // days from test_moment
  std::optional<int> to = 7;
  bool revokes_leaf = false;
  std::optional<int> number = 1;
  int critical = 0;  // whether the number is
  std::string signed_by = "intermediate";
  std::string scope = "";      // issuingDistributionPoint, in the syntax of OpenSSL's configuration
  std::vector<int> reasons{};  // bits of its onlySomeReasons
};

// The scope is made as OpenSSL's own structure, so that reasons can be laid over it.
void add_scope(X509_CRL* crl, const Drawn& drawn) {
  if (drawn.scope.empty() && drawn.reasons.empty()) return;
  ISSUING_DIST_POINT* made = nullptr;
  if (drawn.scope.empty()) {
    made = ISSUING_DIST_POINT_new();
  } else {
    X509V3_CTX context;
    X509V3_set_ctx_nodb(&context);
    X509V3_set_ctx(&context, nullptr, nullptr, nullptr, crl, 0);
    X509_EXTENSION* extension =
        X509V3_EXT_conf_nid(nullptr, &context, NID_issuing_distribution_point, drawn.scope.c_str());
    made = static_cast<ISSUING_DIST_POINT*>(X509V3_EXT_d2i(extension));
    X509_EXTENSION_free(extension);
  }
  if (!drawn.reasons.empty()) {
    made->onlysomereasons = ASN1_BIT_STRING_new();
    for (const int bit : drawn.reasons) ASN1_BIT_STRING_set_bit(made->onlysomereasons, bit, 1);
  }
  X509_CRL_add1_ext_i2d(crl, NID_issuing_distribution_point, made, 1, 0);
  ISSUING_DIST_POINT_free(made);
}

// By which OpenSSL chooses among several certificates of the CA's name (RFC 5280 5.2.1).
void add_key_id(X509_CRL* crl, EVP_PKEY* key) {
  const x509::X509Handle stand_in(X509_new());
  X509_set_pubkey(stand_in.get(), key);
  X509V3_CTX context;
  X509V3_set_ctx_nodb(&context);
  X509V3_set_ctx(&context, stand_in.get(), stand_in.get(), nullptr, nullptr, 0);
  X509_EXTENSION* own = X509V3_EXT_conf_nid(nullptr, &context, NID_subject_key_identifier, "hash");
  X509_add_ext(stand_in.get(), own, -1);
  X509_EXTENSION_free(own);
  X509V3_set_ctx(&context, stand_in.get(), nullptr, nullptr, crl, 0);
  X509_EXTENSION* named =
      X509V3_EXT_conf_nid(nullptr, &context, NID_authority_key_identifier, "keyid:always");
  X509_CRL_add_ext(crl, named, -1);
  X509_EXTENSION_free(named);
}

// The intermediate's list, made by OpenSSL.
x509::Bytes list(TestPki& pki, const Drawn& drawn) {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(X509_CRL_new(), X509_CRL_free);
  const unsigned char* at = pki["leaf"].data();
  const x509::X509Handle leaf(d2i_X509(nullptr, &at, static_cast<long>(pki["leaf"].size())));
  X509_CRL_set_version(crl.get(), 1);
  X509_CRL_set_issuer_name(crl.get(), X509_get_issuer_name(leaf.get()));
  const auto base = static_cast<std::time_t>(test_moment.time_since_epoch().count());
  const std::unique_ptr<ASN1_TIME, decltype(&ASN1_TIME_free)> time(ASN1_TIME_new(), ASN1_TIME_free);
  ASN1_TIME_set(time.get(), base + std::time_t{drawn.from} * 86400);
  X509_CRL_set1_lastUpdate(crl.get(), time.get());
  if (drawn.to) {
    ASN1_TIME_set(time.get(), base + std::time_t{*drawn.to} * 86400);
    X509_CRL_set1_nextUpdate(crl.get(), time.get());
  }
  if (drawn.revokes_leaf) {
    X509_REVOKED* entry = X509_REVOKED_new();
    X509_REVOKED_set_serialNumber(entry, X509_get_serialNumber(leaf.get()));
    X509_REVOKED_set_revocationDate(entry, time.get());
    X509_CRL_add0_revoked(crl.get(), entry);
  }
  if (drawn.number) {
    const std::unique_ptr<ASN1_INTEGER, decltype(&ASN1_INTEGER_free)> number(ASN1_INTEGER_new(),
                                                                             ASN1_INTEGER_free);
    ASN1_INTEGER_set(number.get(), *drawn.number);
    X509_CRL_add1_ext_i2d(crl.get(), NID_crl_number, number.get(), drawn.critical, 0);
  }
  add_scope(crl.get(), drawn);
  add_key_id(crl.get(), pki.key_of(drawn.signed_by));
  X509_CRL_sign(crl.get(), pki.key_of(drawn.signed_by), EVP_sha256());
  unsigned char* der = nullptr;
  const int length = i2d_X509_CRL(crl.get(), &der);
  const x509::MemoryHandle owned(der);
  return {der, der + length};
}

Diagnosis with(const Drawn& drawn) {
  TestPki pki = healthy_pki();
  Criteria criteria = criteria_for({pki["root"]});
  criteria.crls = {list(pki, drawn)};
  return diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria);
}

TEST(Revocation, AListWithoutTheCertificateIsSilent) {
  const Diagnosis diagnosis = with({});
  EXPECT_THAT(diagnosis.findings, IsEmpty());
  EXPECT_EQ(outcomes(diagnosis), "dddd");
}

TEST(Revocation, ARevokedCertificateIsRefused) {
  const Diagnosis diagnosis = with({.revokes_leaf = true});
  EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("certificate-revoked: sent[0]"));
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

TEST(Revocation, AListThatRanOutOrIsOfAnotherKeySaysNothing) {
  EXPECT_THAT(short_text(with({.from = -20, .to = -10, .revokes_leaf = true}).findings),
              ElementsAre("crl-invalid: sent[0]"));
  EXPECT_THAT(short_text(with({.from = 1, .to = 5}).findings), ElementsAre("crl-invalid: sent[0]"));
  EXPECT_THAT(short_text(with({.revokes_leaf = true, .signed_by = "root"}).findings),
              ElementsAre("crl-invalid: sent[0]"));
}

TEST(Revocation, AListNeedsANumberThatIsNotCritical) {
  EXPECT_THAT(short_text(with({.number = std::nullopt}).findings),
              ElementsAre("crl-number-wrong: sent[0]"));
  EXPECT_THAT(short_text(with({.critical = 1}).findings), ElementsAre("crl-number-wrong: sent[0]"));
}

// The leaf says where its list is, as the CAs do that publish theirs in parts.
Diagnosis with_lists(const std::vector<Drawn>& lists, const std::string& leaf_list_at = "") {
  TestPki pki = healthy_pki();
  CertificateRecipe leaf;
  leaf.list_at = leaf_list_at;
  pki.issue("leaf", leaf, "intermediate");
  Criteria criteria = criteria_for({pki["root"]});
  for (const Drawn& drawn : lists) criteria.crls.push_back(list(pki, drawn));
  return diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria);
}

TEST(Revocation, AListIsAboutTheCertificatesOfItsDistributionPoint) {
  const Drawn part{.revokes_leaf = true, .scope = "fullname:URI:http://lists.test/1.crl"};
  EXPECT_THAT(short_text(with_lists({part}, "URI:http://lists.test/1.crl").findings),
              ElementsAre("certificate-revoked: sent[0]"));
  // Another part can't tell; where the certificate names none, no part can.
  for (const char* const elsewhere : {"URI:http://lists.test/2.crl", ""}) {
    const Diagnosis diagnosis = with_lists({part}, elsewhere);
    EXPECT_THAT(short_text(diagnosis.findings), ElementsAre("crl-invalid: sent[0]")) << elsewhere;
    EXPECT_EQ(diagnosis.findings[0].evidence[1].value,
              "it is about the certificates of another distribution point");
  }
  // The right one among several is enough.
  EXPECT_THAT(with_lists({part, {.scope = "fullname:URI:http://lists.test/2.crl"}},
                         "URI:http://lists.test/2.crl")
                  .findings,
              IsEmpty());
}

TEST(Revocation, AListIsAboutTheKindOfCertificatesThatItNames) {
  EXPECT_THAT(with_lists({{.scope = "onlyuser:TRUE"}}).findings, IsEmpty());
  EXPECT_THAT(short_text(with_lists({{.revokes_leaf = true, .scope = "onlyuser:TRUE"}}).findings),
              ElementsAre("certificate-revoked: sent[0]"));
  for (const char* const scope : {"onlyCA:TRUE", "onlyAA:TRUE"}) {
    EXPECT_THAT(short_text(with_lists({{.revokes_leaf = true, .scope = scope}}).findings),
                ElementsAre("crl-invalid: sent[0]"))
        << scope;
  }
}

TEST(Revocation, ListsBySomeReasonsTellTogether) {
  const Drawn first{.reasons = {1, 2, 3, 4}};
  const Drawn second{.reasons = {5, 6, 7, 8}};
  EXPECT_THAT(with_lists({first, second}).findings, IsEmpty());
  EXPECT_THAT(short_text(with_lists({first}).findings), ElementsAre("crl-invalid: sent[0]"));
  Drawn revokes = first;
  revokes.revokes_leaf = true;
  EXPECT_THAT(short_text(with_lists({revokes, second}).findings),
              ElementsAre("certificate-revoked: sent[0]"));
}

// RFC 5280 6.3.3 (f): whose certificate has the CA's name, and is itself certified.
TEST(Revocation, AListMayBeSignedByAnotherKeyOfTheCa) {
  const auto judged = [](const std::string& certified_by, const std::string& usage) {
    TestPki pki = healthy_pki();
    CertificateRecipe lists = ca("Lab Intermediate", "lists");
    lists.usage = usage;
    pki.issue("other", ca("Lab Root", "other"), "other");
    pki.issue("lists", lists, certified_by);
    Criteria criteria = criteria_for({pki["root"]}, {pki["lists"]});
    criteria.crls = {list(pki, {.revokes_leaf = true, .signed_by = "lists"})};
    return short_text(
        diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria).findings);
  };
  EXPECT_THAT(judged("root", "critical,cRLSign"), ElementsAre("certificate-revoked: sent[0]"));
  EXPECT_THAT(judged("root", "critical,keyCertSign"), ElementsAre("crl-invalid: sent[0]"));
  EXPECT_THAT(judged("other", "critical,cRLSign"), ElementsAre("crl-invalid: sent[0]"));
}

TEST(RevocationList, IsReadOnlyWhole) {
  TestPki pki = healthy_pki();
  const x509::Bytes der = list(pki, {.revokes_leaf = true});
  const auto read = x509::read_revocation_list(der);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->revoked.size(), 1U);
  EXPECT_EQ(read->next_update, test_moment + std::chrono::days(7));
  for (std::size_t length = 0; length < der.size(); ++length) {
    EXPECT_FALSE(x509::read_revocation_list(x509::ByteView(der).first(length))) << length;
  }
}

}  // namespace
}  // namespace badmx::checker
