// Each key of a CertificateSpec, read back from the bytes.
#include "tests/certgen/support.h"
#include "x509/der.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <set>
#include <string>

namespace badmx::certgen {
namespace {

using std::chrono::days;
using std::chrono::seconds;
using test::certificate_of;
using test::extension_of;
using test::lab_naming;
using test::leaf_with;
using test::noon;
using test::shared_keys;
using test::spec_of;
using testing::ElementsAre;
using testing::IsEmpty;

Pki healthy() { return generate(healthy_pki(), lab_naming(), shared_keys()); }

std::vector<std::string> dns_names(const x509::Certificate& certificate) {
  std::vector<std::string> names;
  if (!certificate.subject_alt_names) return names;
  for (const x509::GeneralName& name : *certificate.subject_alt_names) {
    if (name.kind == x509::GeneralNameKind::dns) names.emplace_back(x509::as_text(name.value));
  }
  return names;
}

std::vector<std::string> values(const std::vector<x509::GeneralName>& names) {
  std::vector<std::string> texts;
  for (const x509::GeneralName& name : names) texts.emplace_back(x509::as_text(name.value));
  return texts;
}

std::string extension_hex(const x509::Certificate& certificate, std::string_view oid) {
  const auto found = extension_of(certificate, oid);
  return found ? x509::hex(found->value) : "absent";
}

TEST(HealthyPki, ServerCertificateIsThatOfItsRole) {
  const x509::Certificate leaf = certificate_of(healthy(), "leaf");
  EXPECT_EQ(leaf.version, 3);
  EXPECT_EQ(x509::text(leaf.subject), "CN=mx.healthy.badmx.test");
  EXPECT_EQ(x509::text(leaf.issuer),
            "O=mx.healthy.badmx.test, CN=badmx lab intermediate DO NOT TRUST");
  EXPECT_THAT(dns_names(leaf), ElementsAre("mx.healthy.badmx.test", "localhost"));
  EXPECT_EQ(leaf.not_before, noon - days{1});
  EXPECT_EQ(leaf.not_after, noon + days{90});
  EXPECT_EQ(leaf.key_usage, x509::key_usage_digital_signature);
  EXPECT_EQ(leaf.extended_key_usage, std::vector<std::string>{std::string(x509::oid_server_auth)});
  EXPECT_EQ(leaf.basic_constraints, x509::BasicConstraints{});
  EXPECT_EQ(leaf.key.curve, "P-256");
  EXPECT_EQ(leaf.signature_algorithm.name, "ecdsa-with-SHA256");
  EXPECT_EQ(leaf.serial.size(), 16U);
  EXPECT_FALSE(leaf.name_constraints);
  EXPECT_THAT(leaf.malformed, IsEmpty());
}

TEST(HealthyPki, AuthoritiesAreThoseOfTheirRole) {
  const Pki pki = healthy();
  const x509::Certificate intermediate = certificate_of(pki, "intermediate");
  const x509::Certificate root = certificate_of(pki, "root");
  for (const x509::Certificate& each : {intermediate, root}) {
    EXPECT_EQ(each.basic_constraints, (x509::BasicConstraints{.ca = true, .path_length = {}}));
    EXPECT_TRUE(extension_of(each, x509::oid_basic_constraints)->critical);
    EXPECT_EQ(each.key_usage, x509::key_usage_cert_sign | x509::key_usage_crl_sign);
    EXPECT_FALSE(each.extended_key_usage);
    EXPECT_FALSE(each.subject_alt_names);
    EXPECT_EQ(each.not_before, noon - days{730});
    EXPECT_EQ(each.not_after, noon + days{2920});
    EXPECT_THAT(x509::text(each.subject), testing::HasSubstr("DO NOT TRUST"));
  }
  EXPECT_EQ(x509::text(root.subject), "CN=badmx lab root DO NOT TRUST");
  EXPECT_TRUE(x509::is_self_issued(root));
  EXPECT_FALSE(intermediate.name_constraints);
  EXPECT_THAT(values(root.name_constraints->permitted), ElementsAre("badmx.test", "localhost"));
  EXPECT_TRUE(extension_of(root, x509::oid_name_constraints)->critical);
}

TEST(HealthyPki, EachCertificateIsSignedByTheNextAndPointsAtItsKey) {
  const Pki pki = healthy();
  const x509::Certificate leaf = certificate_of(pki, "leaf");
  const x509::Certificate intermediate = certificate_of(pki, "intermediate");
  const x509::Certificate root = certificate_of(pki, "root");
  EXPECT_EQ(x509::signed_by(leaf, intermediate.key), x509::SignatureCheck::valid);
  EXPECT_EQ(x509::signed_by(intermediate, root.key), x509::SignatureCheck::valid);
  EXPECT_EQ(x509::signed_by(root, root.key), x509::SignatureCheck::valid);
  EXPECT_EQ(leaf.authority_key_id->key_id, intermediate.subject_key_id);
  EXPECT_EQ(intermediate.authority_key_id->key_id, root.subject_key_id);
  EXPECT_FALSE(root.authority_key_id);
}

TEST(CertificateSpec, SubjectIsAsSaidAndMayBeEmpty) {
  const auto named = leaf_with([](CertificateSpec& leaf) { leaf.subject = "CN={domain}, O=Ö"; });
  EXPECT_EQ(x509::text(named.subject), "CN=healthy.badmx.test, O=Ö");
  const auto empty = leaf_with([](CertificateSpec& leaf) { leaf.subject = ""; });
  EXPECT_THAT(empty.subject.rdns, IsEmpty());
  // RFC 5280 4.2.1.6
  EXPECT_TRUE(extension_of(empty, x509::oid_subject_alt_name)->critical);
  EXPECT_FALSE(extension_of(named, x509::oid_subject_alt_name)->critical);
}

TEST(CertificateSpec, IssuerIsANameOrAnEntityAndChangesNothingElse) {
  const auto by_name = leaf_with([](CertificateSpec& leaf) { leaf.issuer = "CN=Nobody"; });
  const auto by_entity = leaf_with([](CertificateSpec& leaf) { leaf.issuer = "root"; });
  const x509::Certificate intermediate = certificate_of(healthy(), "intermediate");
  EXPECT_EQ(x509::text(by_name.issuer), "CN=Nobody");
  EXPECT_EQ(x509::text(by_entity.issuer), "CN=badmx lab root DO NOT TRUST");
  for (const x509::Certificate& each : {by_name, by_entity}) {
    EXPECT_EQ(x509::signed_by(each, intermediate.key), x509::SignatureCheck::valid);
    EXPECT_EQ(each.authority_key_id->key_id, intermediate.subject_key_id);
  }
}

TEST(CertificateSpec, SignedByChangesTheSigningKeyOnly) {
  const Pki pki = healthy();
  const auto leaf = leaf_with([](CertificateSpec& spec) { spec.signed_by = "root"; });
  EXPECT_EQ(x509::signed_by(leaf, certificate_of(pki, "root").key), x509::SignatureCheck::valid);
  EXPECT_EQ(leaf.issuer, certificate_of(pki, "leaf").issuer);
  EXPECT_EQ(leaf.authority_key_id, certificate_of(pki, "leaf").authority_key_id);
}

TEST(CertificateSpec, KeyOfTakesAnotherEntitysKey) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").key_of = "other";
  spec.certificates.push_back({.name = "other", .entity = "other", .issued_by = "root"});
  spec_of(spec, "other").key = {KeyKind::ec_p384, 0};
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  EXPECT_EQ(certificate_of(pki, "leaf").key, certificate_of(pki, "other").key);
  EXPECT_EQ(certificate_of(pki, "leaf").key.curve, "P-384");
  EXPECT_EQ(pki.find("leaf")->key, pki.find("other")->key);
}

struct KeyRow {
  KeySpec key;
  std::string algorithm;
  int bits;
  std::string curve;
  std::string signature;  // that it makes as an issuer
};

TEST(CertificateSpec, KeysAreOfEveryKindAndSign) {
  const std::vector<KeyRow> table{
      {{KeyKind::ec_p256, 0}, "ec", 256, "P-256", "ecdsa-with-SHA256"},
      {{KeyKind::ec_p384, 0}, "ec", 384, "P-384", "ecdsa-with-SHA256"},
      {{KeyKind::ec_p521, 0}, "ec", 521, "P-521", "ecdsa-with-SHA256"},
      {{KeyKind::ed25519, 0}, "ed25519", 256, "", "ed25519"},
      {{KeyKind::rsa, 1024}, "rsa", 1024, "", "sha256WithRSAEncryption"},
      {{KeyKind::rsa, 2048}, "rsa", 2048, "", "sha256WithRSAEncryption"},
      {{KeyKind::rsa, 4096}, "rsa", 4096, "", "sha256WithRSAEncryption"},
      {{KeyKind::rsa, 4608}, "rsa", 4608, "", "sha256WithRSAEncryption"},  // four primes
      {{KeyKind::rsa_pss, 2048}, "rsa-pss", 2048, "", ""},
  };
  for (const KeyRow& row : table) {
    PkiSpec spec = healthy_pki();
    spec_of(spec, "intermediate").key = row.key;
    const Pki pki = generate(spec, lab_naming(), shared_keys());
    const x509::Certificate leaf = certificate_of(pki, "leaf");
    const x509::Certificate intermediate = certificate_of(pki, "intermediate");
    SCOPED_TRACE(row.algorithm + std::to_string(row.bits));
    EXPECT_EQ(intermediate.key.algorithm, row.algorithm);
    if (row.algorithm != "ed25519") {
      EXPECT_EQ(intermediate.key.bits, row.bits);
    }
    EXPECT_EQ(intermediate.key.curve, row.curve);
    EXPECT_EQ(x509::signed_by(leaf, intermediate.key), x509::SignatureCheck::valid);
    if (row.signature == "ed25519") {
      EXPECT_EQ(leaf.signature_algorithm.oid, "1.3.101.112");
    } else if (row.signature.empty()) {
      EXPECT_EQ(leaf.signature_algorithm.oid, "1.2.840.113549.1.1.10");
    } else {
      EXPECT_EQ(leaf.signature_algorithm.name, row.signature);
    }
  }
}

TEST(CertificateSpec, DigestsAreOfEveryKindAndVerify) {
  struct Row {
    KeySpec key;
    Digest digest;
    Padding padding;
    std::string oid;
  };
  const KeySpec ec{KeyKind::ec_p256, 0};
  const KeySpec rsa{KeyKind::rsa, 2048};
  const std::string pss = "1.2.840.113549.1.1.10";
  const std::vector<Row> table{
      {ec, Digest::sha1, Padding::by_key, "1.2.840.10045.4.1"},
      {ec, Digest::sha224, Padding::by_key, "1.2.840.10045.4.3.1"},
      {ec, Digest::sha384, Padding::by_key, "1.2.840.10045.4.3.3"},
      {ec, Digest::sha512, Padding::by_key, "1.2.840.10045.4.3.4"},
      {rsa, Digest::md5, Padding::by_key, "1.2.840.113549.1.1.4"},
      {rsa, Digest::sha1, Padding::by_key, "1.2.840.113549.1.1.5"},
      {rsa, Digest::sha224, Padding::by_key, "1.2.840.113549.1.1.14"},
      {rsa, Digest::sha384, Padding::by_key, "1.2.840.113549.1.1.12"},
      {rsa, Digest::sha512, Padding::by_key, "1.2.840.113549.1.1.13"},
      {rsa, Digest::sha1, Padding::rsa_pss, pss},
      {rsa, Digest::sha256, Padding::rsa_pss, pss},
      {rsa, Digest::sha512, Padding::rsa_pss, pss},
      {{KeyKind::rsa_pss, 2048}, Digest::sha384, Padding::by_key, pss},
      {{KeyKind::rsa, 1025}, Digest::sha384, Padding::rsa_pss, pss},  // 8 | bits - 1
  };
  for (const Row& row : table) {
    PkiSpec spec = healthy_pki();
    spec_of(spec, "intermediate").key = row.key;
    spec_of(spec, "leaf").digest = row.digest;
    spec_of(spec, "leaf").padding = row.padding;
    const Pki pki = generate(spec, lab_naming(), shared_keys());
    const x509::Certificate leaf = certificate_of(pki, "leaf");
    SCOPED_TRACE(row.oid);
    EXPECT_EQ(leaf.signature_algorithm.oid, row.oid);
    EXPECT_EQ(leaf.signature_algorithm.der, leaf.inner_signature_algorithm.der);
    EXPECT_EQ(x509::signed_by(leaf, certificate_of(pki, "intermediate").key),
              x509::SignatureCheck::valid);
  }
}

TEST(CertificateSpec, RsaServersMayAlsoEncipherKeys) {
  const auto rsa = leaf_with([](CertificateSpec& leaf) { leaf.key = {KeyKind::rsa, 2048}; });
  EXPECT_EQ(rsa.key_usage, x509::key_usage_digital_signature | x509::key_usage_key_encipherment);
}

TEST(CertificateSpec, ValidityHoldsToTheSecond) {
  const auto leaf = leaf_with([](CertificateSpec& spec) {
    spec.valid = Validity{.not_before = seconds{-1}, .not_after = seconds{1}};
  });
  EXPECT_EQ(leaf.not_before, noon - seconds{1});
  EXPECT_EQ(leaf.not_after, noon + seconds{1});
}

// RFC 5280 4.1.2.5: UTCTime through 2049, GeneralizedTime from 2050.
TEST(CertificateSpec, TimesChangeTheirFormBetween2049And2050) {
  const x509::Moment end_of_2049 = *x509::read_rfc3339("2049-12-31T23:59:59Z");
  const auto leaf = leaf_with([&](CertificateSpec& spec) {
    spec.valid =
        Validity{.not_before = end_of_2049 - noon, .not_after = end_of_2049 - noon + seconds{1}};
  });
  EXPECT_EQ(leaf.not_before, end_of_2049);
  EXPECT_EQ(leaf.not_after, end_of_2049 + seconds{1});
  const std::string_view bytes = x509::as_text(leaf.der);
  EXPECT_NE(bytes.find("\x17\x0d"
                       "491231235959Z\x18\x0f"
                       "20500101000000Z"),
            std::string::npos);
}

TEST(CertificateSpec, SerialIsWrittenAsTheShortestTwosComplement) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"0", "00"},         {"1", "01"},
      {"127", "7f"},       {"128", "0080"},
      {"0x0100", "0100"},  {"-1", "ff"},
      {"-128", "80"},      {"-129", "ff7f"},
      {"-0x8000", "8000"}, {"0xffffffffffffffffffff", "00ffffffffffffffffffff"},
  };
  for (const auto& [text, content] : table) {
    const auto leaf = leaf_with([&, text = text](CertificateSpec& spec) { spec.serial = text; });
    EXPECT_EQ(x509::hex(leaf.serial), content) << text;
  }
}

TEST(CertificateSpec, VersionIsAsSaidAndBefore3HasNoExtensionsOfItsRole) {
  const auto first = leaf_with([](CertificateSpec& spec) { spec.version = 1; });
  EXPECT_EQ(first.version, 1);
  EXPECT_THAT(first.extensions, IsEmpty());
  const auto odd = leaf_with([](CertificateSpec& spec) {
    spec.version = 1;
    spec.key_usage.value = std::vector<std::string>{"keyAgreement"};
  });
  EXPECT_EQ(odd.version, 1);
  EXPECT_EQ(odd.extensions.size(), 1U);
  EXPECT_EQ(leaf_with([](CertificateSpec& spec) { spec.version = 7; }).version, 7);
}

TEST(CertificateSpec, CaFalseOnAnIssuerTakesItsCaBitOnly) {
  PkiSpec spec = healthy_pki();
  const x509::Certificate before = certificate_of(healthy(), "intermediate");
  spec_of(spec, "intermediate").ca = false;
  const x509::Certificate after =
      certificate_of(generate(spec, lab_naming(), shared_keys()), "intermediate");
  EXPECT_FALSE(after.basic_constraints->ca);
  EXPECT_EQ(after.key_usage, before.key_usage);
  EXPECT_EQ(after.subject, before.subject);
}

TEST(CertificateSpec, CaTrueMakesAnAuthorityOfASelfSignedOne) {
  PkiSpec spec;
  spec.certificates = {{.name = "other-root", .entity = "other-root", .issued_by = "other-root"}};
  const auto server = certificate_of(generate(spec, lab_naming(), shared_keys()), "other-root");
  EXPECT_FALSE(server.basic_constraints->ca);
  EXPECT_EQ(x509::text(server.subject), "CN=mx.healthy.badmx.test");
  EXPECT_TRUE(x509::is_self_issued(server));
  spec.certificates[0].ca = true;
  const auto root = certificate_of(generate(spec, lab_naming(), shared_keys()), "other-root");
  EXPECT_TRUE(root.basic_constraints->ca);
  EXPECT_EQ(x509::text(root.subject),
            "O=mx.healthy.badmx.test, CN=badmx lab other-root DO NOT TRUST");
  EXPECT_TRUE(root.name_constraints);
}

TEST(CertificateSpec, PathLengthIsWritten) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "intermediate").path_length = 0;
  const auto intermediate =
      certificate_of(generate(spec, lab_naming(), shared_keys()), "intermediate");
  EXPECT_EQ(intermediate.basic_constraints, (x509::BasicConstraints{.ca = true, .path_length = 0}));
}

TEST(CertificateSpec, NamesAreOfAllKinds) {
  const auto leaf = leaf_with([](CertificateSpec& spec) {
    spec.names.value = AlternativeNames{.dns = {"*.{lab}", "bücher.{lab}"},
                                        .ip = {"127.0.0.1", "::1"},
                                        .email = {"postmaster@{domain}"}};
  });
  std::vector<std::string> all;
  for (const x509::GeneralName& name : *leaf.subject_alt_names) {
    all.push_back(std::to_string(static_cast<int>(name.kind)) + ":" +
                  (name.kind == x509::GeneralNameKind::ip
                       ? x509::hex(name.value)
                       : std::string(x509::as_text(name.value))));
  }
  EXPECT_THAT(all,
              ElementsAre("2:*.badmx.test", "2:xn--bcher-kva.badmx.test", "7:7f000001",
                          "7:00000000000000000000000000000001", "1:postmaster@healthy.badmx.test"));
}

TEST(CertificateSpec, KeyUsageIsABitStringWithoutTrailingZeros) {
  const auto with = [](std::vector<std::string> names) {
    const auto leaf = leaf_with([&](CertificateSpec& spec) { spec.key_usage.value = names; });
    return extension_hex(leaf, x509::oid_key_usage);
  };
  EXPECT_EQ(with({"digitalSignature"}), "03020780");
  EXPECT_EQ(with({"nonRepudiation", "keyAgreement"}), "03020348");
  EXPECT_EQ(with({"decipherOnly"}), "0303070080");
  EXPECT_EQ(with({}), "030100");
}

TEST(CertificateSpec, ExtendedKeyUsageTakesNamesAndNumbers) {
  const auto leaf = leaf_with([](CertificateSpec& spec) {
    spec.extended_key_usage.value =
        std::vector<std::string>{"clientAuth", "anyExtendedKeyUsage", "2.999.3"};
  });
  EXPECT_EQ(leaf.extended_key_usage, (std::vector<std::string>{std::string(x509::oid_client_auth),
                                                               "2.5.29.37.0", "2.999.3"}));
}

TEST(CertificateSpec, NameConstraintsPermitAndExclude) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "intermediate").name_constraints.value =
      NameConstraintsSpec{.permitted_dns = {"{lab}"}, .excluded_dns = {".evil.{lab}"}};
  const auto intermediate =
      certificate_of(generate(spec, lab_naming(), shared_keys()), "intermediate");
  EXPECT_THAT(values(intermediate.name_constraints->permitted), ElementsAre("badmx.test"));
  EXPECT_THAT(values(intermediate.name_constraints->excluded), ElementsAre(".evil.badmx.test"));
}

TEST(CertificateSpec, KeyIdsAreAsSaid) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "intermediate").subject_key_id.value = x509::Bytes{1, 2, 3};
  Pki pki = generate(spec, lab_naming(), shared_keys());
  EXPECT_EQ(certificate_of(pki, "intermediate").subject_key_id, (x509::Bytes{1, 2, 3}));
  EXPECT_EQ(certificate_of(pki, "leaf").authority_key_id->key_id, (x509::Bytes{1, 2, 3}));
  spec_of(spec, "leaf").authority_key_id.value = x509::Bytes{9};
  pki = generate(spec, lab_naming(), shared_keys());
  EXPECT_EQ(certificate_of(pki, "leaf").authority_key_id->key_id, x509::Bytes{9});
}

// RFC 5280 4.2.1.4, 4.2.1.13, 4.2.2.1, RFC 7633 written out by hand.
TEST(CertificateSpec, PoliciesUrlsAndFeaturesAreWritten) {
  const auto leaf = leaf_with([](CertificateSpec& spec) {
    spec.policies.value = std::vector<std::string>{"2.23.140.1.2.1"};
    spec.crl_url = {"http://c/"};
    spec.ocsp = {"http://o/"};
    spec.ca_issuers = {"http://i/"};
    spec.tls_feature = {5};
    spec.extensions = {{.oid = "2.999.7", .critical = true, .der = {0x05, 0x00}}};
  });
  EXPECT_EQ(extension_hex(leaf, x509::oid_certificate_policies), "300a3008060667810c010201");
  EXPECT_EQ(extension_hex(leaf, x509::oid_crl_distribution_points),
            "3011300fa00da00b8609687474703a2f2f632f");
  EXPECT_EQ(extension_hex(leaf, x509::oid_authority_info_access),
            "302e301506082b060105050730018609687474703a2f2f6f2f"
            "301506082b060105050730028609687474703a2f2f692f");
  EXPECT_THAT(leaf.ca_issuers, ElementsAre("http://i/"));
  EXPECT_EQ(extension_hex(leaf, x509::oid_tls_feature), "3003020105");
  EXPECT_EQ(extension_of(leaf, "2.999.7"),
            (x509::Extension{.oid = "2.999.7", .critical = true, .value = {0x05, 0x00}}));
  EXPECT_EQ(leaf.extensions.back().oid, "2.999.7");
}

TEST(CertificateSpec, EveryExtensionOfARoleCanBeLeftOut) {
  const auto bare = leaf_with([](CertificateSpec& spec) {
    spec.basic_constraints.presence = Presence::absent;
    spec.key_usage.presence = Presence::absent;
    spec.extended_key_usage.presence = Presence::absent;
    spec.subject_key_id.presence = Presence::absent;
    spec.authority_key_id.presence = Presence::absent;
    spec.names.presence = Presence::absent;
  });
  EXPECT_THAT(bare.extensions, IsEmpty());
  PkiSpec spec = healthy_pki();
  spec_of(spec, "root").name_constraints.presence = Presence::absent;
  EXPECT_FALSE(
      certificate_of(generate(spec, lab_naming(), shared_keys()), "root").name_constraints);
}

TEST(CertificateSpec, BasicConstraintsMayBeNotCritical) {
  const auto leaf = leaf_with([](CertificateSpec& spec) { spec.basic_constraints.value = false; });
  EXPECT_FALSE(extension_of(leaf, x509::oid_basic_constraints)->critical);
}

TEST(CrossSignedEntity, SharesSubjectAndKey) {
  PkiSpec spec;
  spec.certificates = {
      {.name = "leaf", .issued_by = "new-root"},
      {.name = "new-root by new-root", .issued_by = "new-root"},
      {.name = "new-root by old-root", .issued_by = "old-root"},
      {.name = "old-root", .issued_by = "old-root"},
  };
  spec.certificates[2].key = {KeyKind::ec_p384, 0};
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  const auto self = certificate_of(pki, "new-root by new-root");
  const auto cross = certificate_of(pki, "new-root by old-root");
  EXPECT_EQ(self.subject, cross.subject);
  EXPECT_EQ(self.key, cross.key);
  EXPECT_EQ(self.key.curve, "P-384");
  EXPECT_NE(self.serial, cross.serial);
  EXPECT_EQ(cross.issuer, certificate_of(pki, "old-root").subject);
  EXPECT_TRUE(cross.basic_constraints->ca);
}

TEST(Roots, OfAScenarioHaveSubjectsOfTheirOwn) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "root").digest = Digest::sha384;
  NamingContext other = lab_naming();
  other.host = "mx.other.badmx.test";
  std::set<std::string> subjects;
  for (const NamingContext& naming : {lab_naming(), other}) {
    subjects.insert(
        x509::text(certificate_of(generate(spec, naming, shared_keys()), "root").subject));
  }
  subjects.insert(x509::text(certificate_of(healthy(), "root").subject));
  EXPECT_EQ(subjects.size(), 3U);
}

}  // namespace
}  // namespace badmx::certgen
