// What isn't broken on purpose is accepted by `openssl verify -x509_strict`, run as a program.
#include "tests/certgen/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>

namespace badmx::certgen {
namespace {

using test::lab_naming;
using test::openssl_verify;
using test::shared_keys;
using test::spec_of;
using testing::HasSubstr;

struct Row {
  std::string what;
  std::function<void(PkiSpec&)> change;
};

void use_key(PkiSpec& pki, KeySpec key) {
  spec_of(pki, "leaf").key = key;
  spec_of(pki, "intermediate").key = key;
}

const std::vector<Row> table{
    {"healthy", [](PkiSpec&) {}},
    {"P-384",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::ec_p384, 0});
     }},
    {"P-521",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::ec_p521, 0});
     }},
    {"Ed25519",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::ed25519, 0});
     }},
    {"RSA-2048",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::rsa, 2048});
     }},
    {"RSA-4608",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::rsa, 4608});
     }},
    {"RSA-PSS key",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::rsa_pss, 2048});
     }},
    {"PSS signature",
     [](PkiSpec& pki) {
       use_key(pki, {KeyKind::rsa, 2048});
       spec_of(pki, "leaf").padding = Padding::rsa_pss;
     }},
    {"SHA-512", [](PkiSpec& pki) { spec_of(pki, "leaf").digest = Digest::sha512; }},
    {"empty subject", [](PkiSpec& pki) { spec_of(pki, "leaf").subject = ""; }},
    {"no basic constraints",
     [](PkiSpec& pki) { spec_of(pki, "leaf").basic_constraints.presence = Presence::absent; }},
    {"path length", [](PkiSpec& pki) { spec_of(pki, "intermediate").path_length = 0; }},
    {"all the rest",
     [](PkiSpec& pki) {
       CertificateSpec& leaf = spec_of(pki, "leaf");
       leaf.names.value = AlternativeNames{
           .dns = {"{host}", "bücher.{lab}"}, .ip = {"127.0.0.1", "::1"}, .email = {"a@{domain}"}};
       leaf.policies.value = std::vector<std::string>{"2.23.140.1.2.1"};
       leaf.crl_url = {"http://crl.{lab}/x.crl"};
       leaf.ocsp = {"http://ocsp.{lab}/"};
       leaf.ca_issuers = {"http://ca.{lab}/ca.der"};
       leaf.tls_feature = {5};
       leaf.extensions = {{.oid = "2.999.7", .critical = false, .der = {0x05, 0x00}}};
     }},
    {"root of its own",
     [](PkiSpec& pki) {
       spec_of(pki, "root").key = {KeyKind::ec_p384, 0};
     }},
};

TEST(StrictVerification, AcceptsWhatIsntBrokenOnPurpose) {
  for (const Row& row : table) {
    PkiSpec spec = healthy_pki();
    row.change(spec);
    if (spec.certificates[2] != lab_root()) spec.trusted = {"root"};
    const Pki pki = generate(spec, lab_naming(), shared_keys());
    const test::Ran ran = openssl_verify(
        pki, {"leaf", "intermediate"}, "-purpose sslserver -verify_hostname " + lab_naming().host);
    EXPECT_EQ(ran.status, 0) << row.what << ": " << ran.output;
  }
}

TEST(StrictVerification, AcceptsASelfSignedServerAndACrossSignedRoot) {
  PkiSpec self;
  self.certificates = {{.name = "leaf", .issued_by = "leaf"}};
  self.trusted = {"leaf"};
  const test::Ran alone =
      openssl_verify(generate(self, lab_naming(), shared_keys()), {"leaf"}, "-purpose sslserver");
  EXPECT_EQ(alone.status, 0) << alone.output;

  PkiSpec cross;
  cross.certificates = {
      {.name = "leaf", .issued_by = "new-root"},
      {.name = "new-root by new-root", .issued_by = "new-root"},
      {.name = "new-root by old-root", .issued_by = "old-root"},
      {.name = "old-root", .issued_by = "old-root"},
  };
  cross.trusted = {"old-root"};
  const test::Ran crossed = openssl_verify(generate(cross, lab_naming(), shared_keys()),
                                           {"leaf", "new-root by old-root"}, "-purpose sslserver");
  EXPECT_EQ(crossed.status, 0) << crossed.output;
}

TEST(StrictVerification, RefusesTheWrongSigner) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").signed_by = "root";
  const test::Ran ran =
      openssl_verify(generate(spec, lab_naming(), shared_keys()), {"leaf", "intermediate"});
  EXPECT_NE(ran.status, 0);
  EXPECT_THAT(ran.output, HasSubstr("error 7 at 0 depth"));  // certificate signature failure
}

// RFC 5280 4.1.2.5: both ends belong to the validity; OpenSSL leaves out the last second.
TEST(StrictVerification, HoldsFromTheSecondOfNotBefore) {
  using std::chrono::seconds;
  const auto status = [](seconds not_before, seconds not_after) {
    PkiSpec spec = healthy_pki();
    spec_of(spec, "leaf").valid = Validity{.not_before = not_before, .not_after = not_after};
    return openssl_verify(generate(spec, lab_naming(), shared_keys()), {"leaf", "intermediate"})
        .output;
  };
  EXPECT_THAT(status(seconds{0}, seconds{1}), HasSubstr("OK"));
  EXPECT_THAT(status(seconds{1}, seconds{2}), HasSubstr("error 9 at 0 depth"));
  EXPECT_THAT(status(seconds{-2}, seconds{-1}), HasSubstr("error 10 at 0 depth"));
}

TEST(LabRoot, RefusesNamesOutsideTheLab) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").names.value =
      AlternativeNames{.dns = {"mx.example.com"}, .ip = {}, .email = {}};
  const test::Ran ran =
      openssl_verify(generate(spec, lab_naming(), shared_keys()), {"leaf", "intermediate"});
  EXPECT_THAT(ran.output, HasSubstr("error 47 at 0 depth"));  // permitted subtree violation
}

}  // namespace
}  // namespace badmx::certgen
