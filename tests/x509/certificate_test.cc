#include "x509/certificate.h"

#include "x509/der.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>

namespace badmx::x509 {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;
using testing::SizeIs;

// Made by `openssl req -x509`; what is expected of it is what `openssl x509 -text` prints.
constexpr std::string_view made_by_openssl = R"(
-----BEGIN CERTIFICATE-----
MIICgTCCAiegAwIBAgIFAQIDBAUwCgYIKoZIzj0EAwIwPzELMAkGA1UEBhMCREUx
FjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xGDAWBgNVBAMMD214LmV4YW1wbGUudGVz
dDAgFw0yNjExMjQyMzQzMzVaGA8yMDU0MDQxMTIzNDMzNVowPzELMAkGA1UEBhMC
REUxFjAUBgNVBAoMDUV4YW1wbGUsIEluYy4xGDAWBgNVBAMMD214LmV4YW1wbGUu
dGVzdDBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABMce0JQ9sl6m+WvRGwxMSSxl
+6ymO6b9sK8b/snmgFMvylo9sd+DPn5RQS9CpZcNxKf7qB5HnD400liIeM2ZUemj
ggEMMIIBCDASBgNVHRMBAf8ECDAGAQH/AgEBMA4GA1UdDwEB/wQEAwIChDAdBgNV
HSUEFjAUBggrBgEFBQcDAQYIKwYBBQUHAwIwMwYDVR0RBCwwKoIPbXguZXhhbXBs
ZS50ZXN0hwTAAAIZgRFwb3N0QGV4YW1wbGUudGVzdDA0BgNVHR4BAf8EKjAooBAw
DoIMZXhhbXBsZS50ZXN0oRQwEoIQYmFkLmV4YW1wbGUudGVzdDA5BggrBgEFBQcB
AQQtMCswKQYIKwYBBQUHMAKGHWh0dHA6Ly9jYS5leGFtcGxlLnRlc3QvY2EuZGVy
MB0GA1UdDgQWBBSiBjpXJ8AUy9pODJkXmIVwg6i8rjAKBggqhkjOPQQDAgNIADBF
AiEA89mZ268EjKlQDqHKRDj/Ui5sg2HsHQaRDR/GxvgYr+wCIF0p6s1FE+00hyVL
iZ6kQ0IHezjz1TpmSvlohwCSCFss
-----END CERTIFICATE-----
)";

Bytes sample() { return read_pem_blocks(made_by_openssl).at(0).der; }

std::string text_of(const GeneralName& name) { return std::string(as_text(name.value)); }

TEST(Certificate, SaysWhatOpensslPrintsOfIt) {
  const auto certificate = read_certificate(sample());
  ASSERT_TRUE(certificate);
  EXPECT_EQ(certificate->version, 3);
  EXPECT_EQ(hex(certificate->serial), "0102030405");
  EXPECT_EQ(text(certificate->subject), "C=DE, O=Example, Inc., CN=mx.example.test");
  EXPECT_EQ(common_name(certificate->subject), "mx.example.test");
  EXPECT_EQ(text(certificate->not_before.value()), "2026-11-24 23:43:35 UTC");
  EXPECT_EQ(text(certificate->not_after.value()), "2054-04-11 23:43:35 UTC");
  EXPECT_EQ(certificate->signature_algorithm.name, "ecdsa-with-SHA256");
  EXPECT_EQ(certificate->inner_signature_algorithm.name, "ecdsa-with-SHA256");
  EXPECT_EQ(certificate->key.algorithm, "ec");
  EXPECT_EQ(certificate->key.curve, "P-256");
  EXPECT_EQ(certificate->key.bits, 256);
  EXPECT_EQ(hex(sha256(certificate->der)),
            "deadcb9ed22da3aa70e28c4be408507c5ae5ebad26ec750ea76cc6f8a6f072fd");
  EXPECT_THAT(certificate->malformed, IsEmpty());
}

TEST(Certificate, DecodesItsExtensions) {
  const auto certificate = read_certificate(sample());
  ASSERT_TRUE(certificate);
  EXPECT_THAT(certificate->extensions, SizeIs(7));
  EXPECT_EQ(certificate->basic_constraints, (BasicConstraints{.ca = true, .path_length = 1}));
  EXPECT_EQ(certificate->key_usage, key_usage_digital_signature | key_usage_cert_sign);
  EXPECT_THAT(certificate->extended_key_usage.value(),
              ElementsAre(oid_server_auth, oid_client_auth));
  ASSERT_THAT(certificate->subject_alt_names.value(), SizeIs(3));
  EXPECT_EQ(text_of(certificate->subject_alt_names->at(0)), "mx.example.test");
  EXPECT_EQ(certificate->subject_alt_names->at(1).kind, GeneralNameKind::ip);
  EXPECT_EQ(hex(certificate->subject_alt_names->at(1).value), "c0000219");
  EXPECT_EQ(text_of(certificate->name_constraints->permitted.at(0)), "example.test");
  EXPECT_EQ(text_of(certificate->name_constraints->excluded.at(0)), "bad.example.test");
  EXPECT_THAT(certificate->ca_issuers, ElementsAre("http://ca.example.test/ca.der"));
  EXPECT_EQ(hex(certificate->subject_key_id.value()), "a2063a5727c014cbda4e0c991798857083a8bcae");
  EXPECT_FALSE(certificate->authority_key_id);
}

TEST(Certificate, IsSignedByItsOwnKeyWhenSelfSigned) {
  auto certificate = read_certificate(sample());
  ASSERT_TRUE(certificate);
  EXPECT_TRUE(is_self_issued(*certificate));
  EXPECT_EQ(signed_by(*certificate, certificate->key), SignatureCheck::valid);
  certificate->signature.back() ^= 1U;
  EXPECT_EQ(signed_by(*certificate, certificate->key), SignatureCheck::invalid);
}

TEST(Certificate, SignatureByAnUnknownAlgorithmIsNotChecked) {
  auto certificate = read_certificate(sample());
  ASSERT_TRUE(certificate);
  certificate->signature_algorithm.oid = "1.2.3.4";
  EXPECT_EQ(signed_by(*certificate, certificate->key), SignatureCheck::not_checked);
}

TEST(Certificate, CutAnywhereIsNone) {
  const Bytes whole = sample();
  for (std::size_t length = 0; length < whole.size(); ++length) {
    EXPECT_FALSE(read_certificate(ByteView(whole).first(length))) << length;
  }
}

TEST(Certificate, WithAnyOctetChangedDoesNoHarm) {
  const Bytes whole = sample();
  std::size_t still_read = 0;
  for (std::size_t at = 0; at < whole.size(); ++at) {
    Bytes changed = whole;
    changed[at] ^= 0xffU;
    if (const auto certificate = read_certificate(changed)) {
      ++still_read;
      EXPECT_EQ(certificate->der, changed);
    }
  }
  EXPECT_GT(still_read, whole.size() / 2);
}

TEST(Certificate, KeepsAnExtensionThatCannotBeRead) {
  auto tree = der::read(sample());
  ASSERT_TRUE(tree);
  auto& extensions = tree->children[0].children.back().children[0].children;
  // The subjectAltName's OCTET STRING gets an octet that is no name.
  for (auto& extension : extensions) {
    if (der::oid_text(extension.children[0].content) == oid_subject_alt_name) {
      extension.children.back().content = {0x30, 0x01, 0x00};
    }
  }
  const auto certificate = read_certificate(der::write(*tree));
  ASSERT_TRUE(certificate);
  EXPECT_FALSE(certificate->subject_alt_names);
  EXPECT_THAT(certificate->malformed, ElementsAre(oid_subject_alt_name));
}

Name name_of(std::uint8_t tag, std::string value) {
  return Name{.der = {}, .rdns = {{{.oid = "2.5.4.3", .tag = tag, .value = std::move(value)}}}};
}

TEST(NameComparison, ForgetsCaseSpacesAndStringType) {
  const std::string wanted = canonical(name_of(der::utf8_string_tag, "Example CA"));
  EXPECT_EQ(canonical(name_of(der::printable_string_tag, "  example   CA ")), wanted);
  EXPECT_EQ(
      canonical(name_of(der::bmp_string_tag, std::string("\0E\0x\0a\0m\0p\0l\0e\0 \0C\0A", 20))),
      wanted);
  EXPECT_NE(canonical(name_of(der::utf8_string_tag, "Example CB")), wanted);
  EXPECT_NE(canonical(name_of(der::utf8_string_tag, "ExampleCA")), wanted);
}

TEST(NameComparison, DoesNotTakeOneAttributeForTwo) {
  const Name two{.der = {},
                 .rdns = {{{.oid = "2.5.4.3", .tag = der::utf8_string_tag, .value = "a"}},
                          {{.oid = "2.5.4.3", .tag = der::utf8_string_tag, .value = "b"}}}};
  EXPECT_NE(canonical(two), canonical(name_of(der::utf8_string_tag, "a+,2.5.4.3=1:b")));
}

TEST(NameText, EscapesWhatAPeerPutThere) {
  EXPECT_EQ(text(name_of(der::utf8_string_tag, "a\x1b[2J")), "CN=a\\x1b[2J");
  EXPECT_EQ(text(Name{}), "(empty name)");
}

TEST(CertificateTime, FollowsRfc5280) {
  const auto utc = [](std::string_view written) {
    return read_time(der::utc_time_tag, as_bytes(written));
  };
  const auto generalized = [](std::string_view written) {
    return read_time(der::generalized_time_tag, as_bytes(written));
  };
  EXPECT_EQ(text(utc("491231235959Z").value()), "2049-12-31 23:59:59 UTC");
  EXPECT_EQ(text(utc("500101000000Z").value()), "1950-01-01 00:00:00 UTC");
  EXPECT_EQ(text(generalized("99991231235959Z").value()), "9999-12-31 23:59:59 UTC");
  for (const std::string_view bad : {"", "2611242343Z", "261124234335", "261124234335+0100",
                                     "261324000000Z", "260230000000Z", "26112423433xZ"}) {
    EXPECT_FALSE(utc(bad)) << bad;
  }
  EXPECT_FALSE(generalized("20261124234335.5Z"));
  EXPECT_FALSE(read_time(der::octet_string_tag, as_bytes("261124234335Z")));
}

TEST(MomentText, IsReadAsItIsWritten) {
  const Moment at = read_rfc3339("2026-11-24T23:26:28Z").value();
  EXPECT_EQ(rfc3339(at), "2026-11-24T23:26:28Z");
  EXPECT_EQ(read_rfc3339("2026-11-24 23:26:28 UTC"), at);
  EXPECT_EQ(text(read_rfc3339("2026-11-24").value()), "2026-11-24 00:00:00 UTC");
  for (const std::string_view bad : {"", "yesterday", "2026-11-31", "2026-11-24T25:00Z",
                                     "2026-11-24T23:26:28+01:00", "26-11-24"}) {
    EXPECT_FALSE(read_rfc3339(bad)) << bad;
  }
}

}  // namespace
}  // namespace badmx::x509
