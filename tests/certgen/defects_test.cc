#include "certgen/defects.h"

#include "tests/certgen/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace badmx::certgen {
namespace {

using test::certificate_of;
using test::extension_of;
using test::lab_naming;
using test::leaf_with;
using test::openssl_verify;
using test::shared_keys;
using test::spec_of;

x509::Certificate defective_leaf(std::vector<std::string> texts) {
  return leaf_with([&](CertificateSpec& leaf) { leaf.defects = texts; });
}

long count(const x509::Certificate& certificate, std::string_view oid) {
  return std::ranges::count(certificate.extensions, oid, &x509::Extension::oid);
}

x509::PublicKey issuer_key() {
  return certificate_of(generate(healthy_pki(), lab_naming(), shared_keys()), "intermediate").key;
}

TEST(Defects, AreATableOfNamedRowsThatDoSomething) {
  std::set<std::string_view> names;
  for (const Defect& row : defects()) {
    EXPECT_TRUE(names.insert(row.name).second) << row.name;
    EXPECT_FALSE(row.summary.empty());
    EXPECT_FALSE(row.reference.empty());
    EXPECT_TRUE(row.before_signing != nullptr || row.after_signing != nullptr) << row.name;
  }
}

TEST(SignatureCorrupted, ChangesTheSignatureAndNothingElse) {
  const x509::Certificate healthy = defective_leaf({});
  const x509::Certificate broken = defective_leaf({"signature-corrupted"});
  EXPECT_EQ(broken.tbs, healthy.tbs);
  EXPECT_EQ(x509::signed_by(healthy, issuer_key()), x509::SignatureCheck::valid);
  EXPECT_EQ(x509::signed_by(broken, issuer_key()), x509::SignatureCheck::invalid);
}

TEST(DuplicateExtension, DoublesTheNamesUnlessToldAnother) {
  const x509::Certificate names = defective_leaf({"duplicate-extension"});
  EXPECT_EQ(count(names, x509::oid_subject_alt_name), 2);
  EXPECT_EQ(names, defective_leaf({"duplicate-extension:subject-alt-name"}));
  EXPECT_EQ(x509::signed_by(names, issuer_key()), x509::SignatureCheck::valid);
  EXPECT_EQ(count(defective_leaf({"duplicate-extension:key-usage"}), x509::oid_key_usage), 2);
  EXPECT_EQ(count(defective_leaf({"duplicate-extension:2.5.29.19"}), x509::oid_basic_constraints),
            2);
}

TEST(UnknownCriticalExtension, IsWhatOpenSslRefusesAndNothingElse) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").defects = {"unknown-critical-extension"};
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  EXPECT_TRUE(extension_of(certificate_of(pki, "leaf"), "2.999.1")->critical);
  EXPECT_THAT(openssl_verify(pki, {"leaf", "intermediate"}).output,
              testing::HasSubstr("error 34 at 0 depth"));
  EXPECT_EQ(openssl_verify(pki, {"leaf", "intermediate"}, "-ignore_critical").status, 0);
}

TEST(UnknownCriticalExtension, CanBeTheOnlyExtension) {
  const x509::Certificate first = leaf_with([](CertificateSpec& leaf) {
    leaf.version = 1;
    leaf.defects = {"unknown-critical-extension"};
  });
  EXPECT_EQ(first.extensions.size(), 1U);
}

TEST(Defects, ActTogetherInTheOrderOfTheTable) {
  const x509::Certificate both =
      defective_leaf({"signature-corrupted", "unknown-critical-extension", "duplicate-extension"});
  EXPECT_EQ(both, defective_leaf({"duplicate-extension", "unknown-critical-extension",
                                  "signature-corrupted"}));
  EXPECT_EQ(count(both, x509::oid_subject_alt_name), 2);
  EXPECT_EQ(count(both, "2.999.1"), 1);
  EXPECT_EQ(x509::signed_by(both, issuer_key()), x509::SignatureCheck::invalid);
}

TEST(Defects, ThatCantBeAreRefusedWithCertificateAndKey) {
  for (const std::string text :
       {"signature-corupted", "signature-corrupted:1", "duplicate-extension:", "",
        "duplicate-extension:name-constraints", "duplicate-extension:no-such"}) {
    try {
      defective_leaf({text});
      ADD_FAILURE() << text;
    } catch (const SpecError& error) {
      EXPECT_EQ(error.certificate, "leaf");
      EXPECT_EQ(error.key, "defects");
    }
  }
}

}  // namespace
}  // namespace badmx::certgen
