// PKCS#12 is a function of the identity, and what other people's tools read.
#include "certgen/pkcs12.h"

#include "tests/certgen/support.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <set>
#include <string>
#include <variant>
#include <vector>

namespace badmx::certgen {
namespace {

using test::Folder;
using test::lab_naming;
using test::shared_keys;
using test::spec_of;
using testing::HasSubstr;

const std::vector<std::string> chain{"leaf", "intermediate"};

Pki with_key(const KeySpec& key) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").key = key;
  return generate(spec, lab_naming(), shared_keys());
}

x509::Bytes written(const x509::Identity& identity, std::string_view password = "badmx") {
  const auto made = write_pkcs12(identity, password);
  const auto* bytes = std::get_if<x509::Bytes>(&made);
  return bytes == nullptr ? x509::Bytes{} : *bytes;
}

void write(const std::filesystem::path& path, x509::ByteView bytes) {
  std::ofstream(path, std::ios::binary) << x509::as_text(bytes);
}

struct KeyCase {
  std::string name;
  KeySpec key;
};

class OfEachKey : public testing::TestWithParam<KeyCase> {};

// Certificates in their order, and the key, as the openssl command gets them out again.
TEST_P(OfEachKey, IsReadByOpenssl) {
  const Pki pki = with_key(GetParam().key);
  const Folder folder;
  write(folder / "identity.p12", written(pki.identity(chain)));
  const std::string command =
      "openssl pkcs12 -in " + (folder / "identity.p12").string() + " -passin pass:";
  std::vector<x509::Bytes> certificates;
  for (const x509::PemBlock& block :
       x509::read_pem_blocks(test::run(command + "badmx -nokeys").output)) {
    certificates.push_back(block.der);
  }
  EXPECT_EQ(certificates, pki.identity(chain).chain);
  const std::vector<x509::PemBlock> keys =
      x509::read_pem_blocks(test::run(command + "badmx -nocerts -nodes").output);
  ASSERT_EQ(keys.size(), 1U);
  EXPECT_EQ(keys[0].der, pki.find("leaf")->key);
  const test::Ran told = test::run(command + "badmx -info -noout");
  EXPECT_EQ(told.status, 0) << told.output;
  EXPECT_THAT(told.output, HasSubstr("MAC: sha256, Iteration 2048"));
  EXPECT_THAT(told.output,
              HasSubstr("PBES2, PBKDF2, AES-256-CBC, Iteration 2048, PRF hmacWithSHA256"));
  EXPECT_NE(test::run(command + "wrong -noout").status, 0);
}

TEST_P(OfEachKey, IsReadByGnuTls) {
  if (test::run("certtool --version").status != 0) GTEST_SKIP() << "there is no certtool";
  const Folder folder;
  write(folder / "identity.p12", written(with_key(GetParam().key).identity(chain)));
  const std::string command =
      "certtool --p12-info --inder --infile " + (folder / "identity.p12").string() + " --password ";
  const test::Ran told = test::run(command + "badmx");
  EXPECT_EQ(told.status, 0) << told.output;
  EXPECT_THAT(told.output, HasSubstr("BEGIN CERTIFICATE"));
  EXPECT_THAT(told.output, HasSubstr("PRIVATE KEY"));
  EXPECT_THAT(test::run(command + "wrong").output, testing::Not(HasSubstr("BEGIN CERTIFICATE")));
}

INSTANTIATE_TEST_SUITE_P(Pkcs12, OfEachKey,
                         testing::Values(KeyCase{"P256", {KeyKind::ec_p256, 0}},
                                         KeyCase{"Ed25519", {KeyKind::ed25519, 0}},
                                         KeyCase{"Rsa1024", {KeyKind::rsa, 1024}}),
                         [](const testing::TestParamInfo<KeyCase>& tested) {
                           return tested.param.name;
                         });

TEST(Pkcs12, IsAFunctionOfTheIdentityAndThePassword) {
  const x509::Identity identity = with_key({}).identity(chain);
  EXPECT_EQ(written(identity), written(identity));
  EXPECT_NE(written(identity), written(identity, "another"));
  EXPECT_NE(written(identity), written(with_key({}).identity({"leaf"})));
}

// The octets of an OCTET STRING of that length, wherever it stands: salts and initialisation
// vectors.
std::vector<std::string> strings_of_16(const x509::Bytes& bytes) {
  std::vector<std::string> all;
  for (std::size_t i = 0; i + 18 <= bytes.size(); ++i) {
    if (bytes[i] == 0x04 && bytes[i + 1] == 16) {
      all.push_back(x509::hex(x509::ByteView(bytes).subspan(i + 2, 16)));
    }
  }
  return all;
}

// One salt or vector used twice would tell that two files, or two parts of one, begin alike.
TEST(Pkcs12, NoTwoShareASalt) {
  const Pki pki = with_key({});
  std::vector<std::string> salts = strings_of_16(written(pki.identity({"leaf"})));
  for (const std::string& more : strings_of_16(written(pki.identity(chain)))) {
    salts.push_back(more);
  }
  // A salt and a vector for the certificates, the same for the key, and the MAC's salt; the key is
  // the same in both files, and so is how it is encrypted.
  ASSERT_GE(salts.size(), 10U);
  const std::set<std::string> different(salts.begin(), salts.end());
  EXPECT_EQ(different.size(), salts.size() - 2);
}

}  // namespace
}  // namespace badmx::certgen
