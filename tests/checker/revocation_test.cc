#include "tls/revocation.h"

#include "tests/checker/test_diagnosis.h"

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

using testing::ask;
using testing::ca;
using ::testing::ElementsAre;
using testing::healthy_pki;
using ::testing::IsEmpty;
using testing::outcomes;
using testing::sent;
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
};

// The intermediate's list, made by OpenSSL.
tls::Bytes list(TestPki& pki, const Drawn& drawn) {
  const std::unique_ptr<X509_CRL, decltype(&X509_CRL_free)> crl(X509_CRL_new(), X509_CRL_free);
  const unsigned char* at = pki["leaf"].data();
  const tls::X509Handle leaf(d2i_X509(nullptr, &at, static_cast<long>(pki["leaf"].size())));
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
  X509_CRL_sign(crl.get(), pki.key_of(drawn.signed_by), EVP_sha256());
  unsigned char* der = nullptr;
  const int length = i2d_X509_CRL(crl.get(), &der);
  const tls::MemoryHandle owned(der);
  return {der, der + length};
}

Diagnosis with(const Drawn& drawn) {
  TestPki pki = healthy_pki();
  Question question = ask({pki["root"]});
  question.crls = {list(pki, drawn)};
  return diagnose(sent({pki["leaf"], pki["intermediate"]}), question);
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
              ElementsAre("crl-unusable: sent[0]"));
  EXPECT_THAT(short_text(with({.from = 1, .to = 5}).findings),
              ElementsAre("crl-unusable: sent[0]"));
  EXPECT_THAT(short_text(with({.revokes_leaf = true, .signed_by = "root"}).findings),
              ElementsAre("crl-unusable: sent[0]"));
}

TEST(Revocation, AListNeedsANumberThatIsNotCritical) {
  EXPECT_THAT(short_text(with({.number = std::nullopt}).findings),
              ElementsAre("crl-number-wrong: sent[0]"));
  EXPECT_THAT(short_text(with({.critical = 1}).findings), ElementsAre("crl-number-wrong: sent[0]"));
}

TEST(RevocationList, IsReadOnlyWhole) {
  TestPki pki = healthy_pki();
  const tls::Bytes der = list(pki, {.revokes_leaf = true});
  const auto read = tls::read_revocation_list(der);
  ASSERT_TRUE(read);
  EXPECT_EQ(read->revoked.size(), 1U);
  EXPECT_EQ(read->next_update, test_moment + std::chrono::days(7));
  for (std::size_t length = 0; length < der.size(); ++length) {
    EXPECT_FALSE(tls::read_revocation_list(tls::ByteView(der).first(length))) << length;
  }
}

}  // namespace
}  // namespace badmx::checker
