// A spec that can't be made is refused with the certificate and the key at fault.
#include "tests/certgen/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

using test::lab_naming;
using test::shared_keys;
using test::spec_of;
using testing::HasSubstr;
using testing::Not;

struct Row {
  std::string what;
  std::function<void(PkiSpec&)> change;
  std::string certificate;
  std::string key;
  std::string says;
};

constexpr Offset year = std::chrono::days{365};

const std::vector<Row> table{
    {"an issuer that isn't there", [](PkiSpec& p) { spec_of(p, "leaf").issued_by = "nobody"; },
     "leaf", "issued_by", "there are: intermediate, leaf, root"},
    {"a cycle of issuers", [](PkiSpec& p) { spec_of(p, "intermediate").issued_by = "leaf"; },
     "leaf", "issued_by", "circle"},
    {"a signer that isn't there", [](PkiSpec& p) { spec_of(p, "leaf").signed_by = "x"; }, "leaf",
     "signed_by", "\"x\""},
    {"a key owner that isn't there", [](PkiSpec& p) { spec_of(p, "leaf").key_of = "x"; }, "leaf",
     "key_of", "\"x\""},
    {"an issuer name of nobody", [](PkiSpec& p) { spec_of(p, "leaf").issuer = "x"; }, "leaf",
     "issuer", "\"x\""},
    {"keys that depend on each other",
     [](PkiSpec& p) {
       spec_of(p, "leaf").key_of = "intermediate";
       spec_of(p, "intermediate").key_of = "leaf";
     },
     "intermediate", "key_of", "circle"},
    {"one name twice", [](PkiSpec& p) { p.certificates.push_back(p.certificates[0]); }, "leaf",
     "name", "two certificates"},
    {"no name", [](PkiSpec& p) { p.certificates.push_back({}); }, "", "name", "no name"},
    {"a trusted one that isn't there", [](PkiSpec& p) { p.trusted = {"x"}; }, "x", "trusted",
     "no such"},
    {"a bad subject", [](PkiSpec& p) { spec_of(p, "leaf").subject = "mx"; }, "leaf", "subject",
     "TYPE=value"},
    {"a bad issuer", [](PkiSpec& p) { spec_of(p, "leaf").issuer = "XY=z"; }, "leaf", "issuer",
     "known are"},
    {"a bad dns name",
     [](PkiSpec& p) {
       spec_of(p, "leaf").names.value = AlternativeNames{.dns = {"a b"}, .ip = {}, .email = {}};
     },
     "leaf", "names", "white space"},
    {"a label that IDNA refuses",
     [](PkiSpec& p) {
       spec_of(p, "leaf").names.value =
           AlternativeNames{.dns = {"\xf0\x9f\x92\xa9\xcc\x81.test"}, .ip = {}, .email = {}};
     },
     "leaf", "names", "can't be a label"},
    {"a bad address",
     [](PkiSpec& p) {
       spec_of(p, "leaf").names.value = AlternativeNames{.dns = {}, .ip = {"1.2.3"}, .email = {}};
     },
     "leaf", "names", "no IP address"},
    {"a bad purpose",
     [](PkiSpec& p) {
       spec_of(p, "leaf").extended_key_usage.value = std::vector<std::string>{"server"};
     },
     "leaf", "extended_key_usage", "object identifier"},
    {"a bad key usage",
     [](PkiSpec& p) { spec_of(p, "leaf").key_usage.value = std::vector<std::string>{"sign"}; },
     "leaf", "key_usage", "keyCertSign"},
    {"a bad policy",
     [](PkiSpec& p) { spec_of(p, "leaf").policies.value = std::vector<std::string>{"1"}; }, "leaf",
     "policies", "object identifier"},
    {"a bad extension",
     [](PkiSpec& p) {
       spec_of(p, "leaf").extensions = {{.oid = "1.2.", .critical = false, .der = {}}};
     },
     "leaf", "extensions", "object identifier"},
    {"a bad URL", [](PkiSpec& p) { spec_of(p, "leaf").crl_url = {"http://a b"}; }, "leaf",
     "crl_url", "no URL"},
    {"a year without four digits",
     [](PkiSpec& p) {
       spec_of(p, "leaf").valid = Validity{.not_before = {}, .not_after = 8000 * year};
     },
     "leaf", "valid", "four digits"},
    {"a year before the first",
     [](PkiSpec& p) {
       spec_of(p, "leaf").valid = Validity{.not_before = -2100 * year, .not_after = {}};
     },
     "leaf", "valid", "four digits"},
    {"a time beyond all clocks",
     [](PkiSpec& p) {
       spec_of(p, "leaf").valid = Validity{.not_before = {}, .not_after = Offset::max()};
     },
     "leaf", "valid", "far away"},
    {"a serial that is no number", [](PkiSpec& p) { spec_of(p, "leaf").serial = "12x"; }, "leaf",
     "serial", "no serial number"},
    {"an empty serial", [](PkiSpec& p) { spec_of(p, "leaf").serial = "0x"; }, "leaf", "serial",
     "no serial number"},
    {"a version of nothing", [](PkiSpec& p) { spec_of(p, "leaf").version = 0; }, "leaf", "version",
     "from 1"},
    {"an RSA key too short",
     [](PkiSpec& p) {
       spec_of(p, "leaf").key = {KeyKind::rsa, 1023};
     },
     "leaf", "key", "1024"},
    {"an RSA key too long",
     [](PkiSpec& p) {
       spec_of(p, "leaf").key = {KeyKind::rsa, 8193};
     },
     "leaf", "key", "8192"},
    {"MD5 with ECDSA", [](PkiSpec& p) { spec_of(p, "leaf").digest = Digest::md5; }, "leaf",
     "digest", "found md5, with which the ec-p256 key of \"intermediate\" can't sign"},
    {"PSS with ECDSA", [](PkiSpec& p) { spec_of(p, "leaf").padding = Padding::rsa_pss; }, "leaf",
     "padding", "allowed is by-key, or give \"intermediate\" an RSA key: key = \"rsa-2048\""},
    {"PSS with Ed25519",
     [](PkiSpec& p) {
       spec_of(p, "intermediate").key = {KeyKind::ed25519, 0};
       spec_of(p, "leaf").padding = Padding::rsa_pss;
     },
     "leaf", "padding", "the ed25519 key of \"intermediate\""},
    {"PSS by a signer of its own",
     [](PkiSpec& p) {
       spec_of(p, "leaf").signed_by = "root";
       spec_of(p, "leaf").padding = Padding::rsa_pss;
     },
     "leaf", "padding", "the ec-p256 key of \"root\""},
    {"SHA-512 too long for PSS",
     [](PkiSpec& p) {
       spec_of(p, "intermediate").key = {KeyKind::rsa_pss, 1024};
       spec_of(p, "leaf").digest = Digest::sha512;
     },
     "leaf", "digest", "the rsa-pss-1024 key of \"intermediate\" is too short with PSS"},
    {"two keys of one entity",
     [](PkiSpec& p) {
       p.certificates.push_back({.name = "leaf by root", .entity = "leaf", .issued_by = "root"});
       spec_of(p, "leaf by root").key = {KeyKind::ec_p384, 0};
       spec_of(p, "leaf").key = {KeyKind::ec_p521, 0};
     },
     "leaf by root", "key", "another certificate of leaf"},
};

TEST(SpecError, NamesTheCertificateAndTheKey) {
  for (const Row& row : table) {
    SCOPED_TRACE(row.what);
    PkiSpec spec = healthy_pki();
    row.change(spec);
    try {
      generate(spec, lab_naming(), shared_keys());
      ADD_FAILURE() << "it was made";
    } catch (const SpecError& error) {
      EXPECT_EQ(error.certificate, row.certificate);
      EXPECT_EQ(error.key, row.key);
      EXPECT_THAT(error.what(), HasSubstr(row.says));
    }
  }
}

// A list and a response may be called as a certificate is.
TEST(SpecError, TellsAListAndAResponseFromACertificate) {
  PkiSpec list = healthy_pki();
  list.crls = {{.name = "leaf", .issued_by = "nobody"}};
  PkiSpec response = healthy_pki();
  response.ocsp = {{.name = "leaf", .about = "leaf", .signed_by = "nobody"}};
  const std::vector<std::pair<PkiSpec, SpecPart>> cases{{list, SpecPart::crl},
                                                        {response, SpecPart::ocsp}};
  for (const auto& [spec, part] : cases) {
    try {
      generate(spec, lab_naming(), shared_keys());
      ADD_FAILURE() << "it was made";
    } catch (const SpecError& error) {
      EXPECT_EQ(error.part, part);
      EXPECT_EQ(error.certificate, "leaf");
      EXPECT_THAT(error.what(), Not(HasSubstr("certificate \"leaf\"")));
      EXPECT_THAT(error.what(), testing::EndsWith(error.says));
    }
  }
}

TEST(Layout, LetsAuthoritiesCertifyEachOtherWhenOneStandsByItself) {
  PkiSpec spec;
  spec.certificates = {
      {.name = "leaf", .issued_by = "a"},
      {.name = "a by b", .issued_by = "b"},
      {.name = "b by a", .issued_by = "a"},
      {.name = "b by b", .issued_by = "b"},
  };
  EXPECT_NO_THROW(generate(spec, lab_naming(), shared_keys()));
  spec.certificates.pop_back();
  EXPECT_THROW(generate(spec, lab_naming(), shared_keys()), SpecError);
}

TEST(Identity, IsTheChainAsNamedWithTheFirstOnesKey) {
  const Pki pki = generate(healthy_pki(), lab_naming(), shared_keys());
  const x509::Identity sent = pki.identity({"intermediate", "leaf"});
  EXPECT_EQ(sent.chain,
            (std::vector<x509::Bytes>{pki.find("intermediate")->der, pki.find("leaf")->der}));
  EXPECT_EQ(sent.key, pki.find("intermediate")->key);
  EXPECT_EQ(pki.identity({"intermediate", "leaf"}, "leaf").key, pki.find("leaf")->key);
  EXPECT_EQ(pki.identity({}), x509::Identity{});
  EXPECT_THROW(pki.identity({"lead"}), SpecError);
  EXPECT_THROW(pki.identity({"leaf"}, "nobody"), SpecError);
}

}  // namespace
}  // namespace badmx::certgen
