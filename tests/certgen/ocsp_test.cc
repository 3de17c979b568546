#include "x509/ocsp.h"

#include "tests/certgen/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <vector>

namespace badmx::certgen {
namespace {

using std::chrono::days;
using test::lab_naming;
using test::noon;
using test::shared_keys;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;

PkiSpec with_response(const OcspSpec& ocsp) {
  PkiSpec spec = healthy_pki();
  CertificateSpec responder{
      .name = "responder", .entity = "responder", .issued_by = "intermediate"};
  responder.names.presence = Presence::absent;
  responder.extended_key_usage.value = {"OCSPSigning"};
  spec.certificates.push_back(responder);
  spec.ocsp = {ocsp};
  return spec;
}

OcspSpec current(OcspStatus status) {
  return {.name = "current",
          .about = "leaf",
          .status = status,
          .revoked_at = days{-2},
          .this_update = days{-1},
          .next_update = days{7}};
}

// What `openssl ocsp` makes of it. It knows no other moment than now, so the response's is now.
std::string openssl_says(const OcspSpec& ocsp) {
  NamingContext naming = lab_naming();
  naming.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  const Pki pki = generate(with_response(ocsp), naming, shared_keys());
  const test::Folder folder;
  write_folder(folder / "pki", pki_files(pki, pki.identity({"leaf", "intermediate"}), "A test.\n"));
  return test::run("env -C " + (folder / "pki").string() +
                   " openssl ocsp -respin current.ocsp.der -issuer intermediate.pem -cert leaf.pem "
                   "-CAfile trust.pem -verify_other intermediate.pem")
      .output;
}

TEST(OcspResponse, IsWhatOpenSslVerifies) {
  EXPECT_THAT(openssl_says(current(OcspStatus::good)),
              AllOf(HasSubstr("Response verify OK"), HasSubstr("leaf.pem: good")));
  EXPECT_THAT(openssl_says(current(OcspStatus::unknown)), HasSubstr("leaf.pem: unknown"));
}

TEST(OcspResponse, SaysWhenAndWhyItWasRevoked) {
  OcspSpec revoked = current(OcspStatus::revoked);
  revoked.reason = 1;
  EXPECT_THAT(openssl_says(revoked),
              AllOf(HasSubstr("Response verify OK"), HasSubstr("leaf.pem: revoked"),
                    HasSubstr("keyCompromise"), HasSubstr("Revocation Time:")));
}

TEST(OcspResponse, MayBeSignedByAResponderWhoseCertificateIsInIt) {
  OcspSpec by_responder = current(OcspStatus::good);
  by_responder.signed_by = "responder";
  EXPECT_THAT(openssl_says(by_responder), Not(HasSubstr("Response verify OK")));
  by_responder.sends = {"responder"};
  EXPECT_THAT(openssl_says(by_responder), HasSubstr("Response verify OK"));
}

TEST(OcspResponse, IsReadAsItWasWritten) {
  OcspSpec revoked = current(OcspStatus::revoked);
  revoked.signed_by = "responder";
  revoked.sends = {"responder"};
  const Pki pki = generate(with_response(revoked), lab_naming(), shared_keys());
  const auto read = x509::read_ocsp_response(pki.ocsp_response("current"));
  ASSERT_TRUE(read);
  EXPECT_EQ(read->status, x509::ocsp_successful);
  ASSERT_EQ(read->responses.size(), 1U);
  const x509::SingleResponse& single = read->responses.front();
  EXPECT_EQ(single.status, x509::CertificateStatus::revoked);
  EXPECT_EQ(single.revoked_at, noon - days{2});
  EXPECT_EQ(single.this_update, noon - days{1});
  EXPECT_EQ(single.next_update, noon + days{7});
  const auto leaf = x509::read_certificate(pki.find("leaf")->der);
  const auto issuer = x509::read_certificate(pki.find("intermediate")->der);
  const auto root = x509::read_certificate(pki.trusted.front());
  EXPECT_TRUE(x509::is_about(single.id, *leaf, &issuer->key));
  EXPECT_FALSE(x509::is_about(single.id, *leaf, &root->key)) << "another key of the issuer's name";
  EXPECT_TRUE(x509::is_about(single.id, *leaf, nullptr));
  EXPECT_FALSE(x509::is_about(single.id, *issuer, nullptr)) << "another serial number";
  EXPECT_FALSE(x509::is_about(single.id, *issuer, &issuer->key)) << "another serial number";
  ASSERT_EQ(read->certificates, std::vector<x509::Bytes>{pki.find("responder")->der});
  EXPECT_EQ(x509::signed_by(*read, x509::read_certificate(read->certificates.front())->key),
            x509::SignatureCheck::valid);
  EXPECT_NE(x509::signed_by(*read, issuer->key), x509::SignatureCheck::valid);
}

TEST(OcspResponse, TheWordsOfAResponderWithoutAnswerAreRead) {
  const auto later = x509::read_ocsp_response(*x509::from_hex("30030a0103"));
  ASSERT_TRUE(later);
  EXPECT_EQ(x509::ocsp_status_text(later->status), "tryLater");
  EXPECT_EQ(x509::ocsp_status_text(9), "status 9");
}

TEST(OcspResponse, CutAnywhereIsNone) {
  const Pki pki = generate(with_response(current(OcspStatus::good)), lab_naming(), shared_keys());
  const x509::Bytes whole = pki.ocsp_response("current");
  for (std::size_t octets = 0; octets < whole.size(); ++octets) {
    EXPECT_FALSE(x509::read_ocsp_response(x509::ByteView(whole).first(octets))) << octets;
  }
}

TEST(OcspResponse, CanBeGivenOctetForOctet) {
  OcspSpec given = current(OcspStatus::good);
  given.der = x509::Bytes{0x30, 0x00};
  EXPECT_EQ(generate(with_response(given), lab_naming(), shared_keys()).ocsp_response("current"),
            *given.der);
}

TEST(OcspResponse, AboutNobodyIsRefused) {
  OcspSpec about_nobody = current(OcspStatus::good);
  about_nobody.about = "laef";
  EXPECT_THROW(generate(with_response(about_nobody), lab_naming(), shared_keys()), SpecError);
}

}  // namespace
}  // namespace badmx::certgen
