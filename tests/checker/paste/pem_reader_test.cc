#include "checker/paste/pem_reader.h"

#include "tests/checker/example_certificates.h"
#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

x509::Bytes der(std::string_view pem) { return x509::read_pem_blocks(pem).at(0).der; }

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

TEST(PemReader, KeepsTheCertificatesInTheirOrder) {
  const std::string text = "Bag Attributes\n" + std::string(examples::intermediate_pem) +
                           "subject=x\n" + examples::leaf_pem;
  const auto seen = read_pem(text, "chain.pem");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->source, Source::pem);
  EXPECT_EQ(seen->origin, "chain.pem");
  ASSERT_EQ(seen->attempts.size(), 1U);
  EXPECT_TRUE(seen->attempts[0].certificate_seen);
  EXPECT_THAT(seen->attempts[0].chain,
              ElementsAre(der(examples::intermediate_pem), der(examples::leaf_pem)));
  EXPECT_THAT(seen->pasted.gaps, IsEmpty());
}

TEST(PemReader, ReadsWhatMailAndWindowsDoToIt) {
  const std::string pem = examples::leaf_pem;
  for (const std::string& text : {replaced(pem, "\n", "\r\n"), "> " + replaced(pem, "\n", "\n> "),
                                  "    " + replaced(pem, "\n", "\n    ")}) {
    const auto seen = read_pem(text, "");
    ASSERT_TRUE(seen) << text;
    EXPECT_THAT(seen->attempts[0].chain, ElementsAre(der(examples::leaf_pem))) << text;
  }
}

TEST(PemReader, TakesDer) {
  const x509::Bytes leaf = der(examples::leaf_pem);
  const auto seen = read_pem(x509::as_text(leaf), "leaf.der");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->attempts[0].chain, ElementsAre(leaf));
}

TEST(PemReader, TakesPkcs7AsPemAndAsDer) {
  using namespace x509::der;
  const auto leaf = x509::der::read(der(examples::leaf_pem));
  const auto issuer = x509::der::read(der(examples::intermediate_pem));
  ASSERT_TRUE(leaf && issuer);
  const x509::Bytes pkcs7 = write(sequence(
      {oid("1.2.840.113549.1.7.2"),
       constructed(context_constructed(0),
                   {sequence({integer(1), set({}), sequence({oid("1.2.840.113549.1.7.1")}),
                              constructed(context_constructed(0), {*leaf, *issuer}), set({})})})}));
  for (const std::string& text : {std::string(x509::as_text(pkcs7)), x509::pem("PKCS7", pkcs7)}) {
    const auto seen = read_pem(text, "");
    ASSERT_TRUE(seen);
    EXPECT_THAT(seen->attempts[0].chain,
                ElementsAre(der(examples::leaf_pem), der(examples::intermediate_pem)));
  }
}

TEST(PemReader, DropsPrivateKeysAndSaysSo) {
  const std::string text = std::string(examples::leaf_pem) +
                           "-----BEGIN EC PRIVATE KEY-----\nAAAA\n-----END EC PRIVATE KEY-----\n";
  const auto seen = read_pem(text, "");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->attempts[0].chain, ElementsAre(der(examples::leaf_pem)));
  EXPECT_THAT(seen->pasted.secrets, ElementsAre("private key"));
}

TEST(PemReader, SaysWhichCertificateIsCut) {
  const std::string leaf = examples::leaf_pem;
  const auto seen = read_pem(leaf + leaf.substr(0, 300), "");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->attempts[0].chain.size(), 1U);
  EXPECT_THAT(seen->pasted.gaps,
              ElementsAre("Certificate 2 of the file is cut short; paste it again, from its BEGIN "
                          "line to its END line."));
}

TEST(PemReader, FindsNothingWhereThereIsNone) {
  EXPECT_FALSE(read_pem("", ""));
  EXPECT_FALSE(read_pem("hello", ""));
  EXPECT_FALSE(read_pem("-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n", ""));
  EXPECT_FALSE(read_pem(std::string("\x30\x03\x02\x01\x01", 5), ""));
  EXPECT_FALSE(read_pem(std::string(1000, '\0'), ""));
}

TEST(PemReader, StopsAtAHundredCertificates) {
  std::string many;
  for (int i = 0; i < 150; ++i) many += examples::leaf_pem;
  const auto seen = read_pem(many, "");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->attempts[0].chain.size(), 100U);
}

}  // namespace
}  // namespace badmx::checker
