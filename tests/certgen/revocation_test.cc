#include "tests/certgen/support.h"
#include "x509/handle.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <openssl/x509.h>

#include <chrono>
#include <string>

namespace badmx::certgen {
namespace {

using std::chrono::days;
using test::lab_naming;
using test::noon;
using test::shared_keys;
using testing::HasSubstr;

PkiSpec revoking() {
  PkiSpec spec = healthy_pki();
  spec.crls = {{.name = "issuing",
                .issued_by = "intermediate",
                .this_update = days{-1},
                .next_update = days{7},
                .revoked = {{.certificate = "leaf", .at = days{-2}, .reason = 1}}},
               {.name = "empty",
                .issued_by = "root",
                .this_update = days{-1},
                .next_update = days{7},
                .revoked = {}}};
  return spec;
}

std::string verify_with_crl(const Pki& pki, const std::string& options) {
  const test::Folder folder;
  write_folder(folder / "pki", pki_files(pki, pki.identity({"leaf", "intermediate"}), "A test.\n"));
  return test::run("env -C " + (folder / "pki").string() + " openssl verify -x509_strict -attime " +
                   std::to_string(noon.time_since_epoch().count()) +
                   " -trusted trust.pem -untrusted chain.pem " + options + " leaf.pem")
      .output;
}

TEST(RevocationList, MakesOpenSslRefuseTheRevoked) {
  const Pki pki = generate(revoking(), lab_naming(), shared_keys());
  EXPECT_THAT(verify_with_crl(pki, "-crl_check -CRLfile issuing.crl.pem"),
              HasSubstr("error 23 at 0 depth"));
}

TEST(RevocationList, LeavesTheOthersAlone) {
  PkiSpec spec = revoking();
  spec.crls[0].revoked[0].certificate = "intermediate";  // another issuer's serial: nobody's
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  EXPECT_THAT(
      verify_with_crl(pki, "-crl_check_all -CRLfile issuing.crl.pem -CRLfile empty.crl.pem"),
      HasSubstr("leaf.pem: OK"));
}

TEST(RevocationList, RunsOut) {
  PkiSpec spec = revoking();
  spec.crls[0].next_update = std::chrono::seconds{-1};
  spec.crls[0].revoked.clear();
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  EXPECT_THAT(verify_with_crl(pki, "-crl_check -CRLfile issuing.crl.pem"),
              HasSubstr("error 12 at 0 depth"));
}

TEST(RevocationList, IsSignedByItsIssuerWithReasonAndDate) {
  const Pki pki = generate(revoking(), lab_naming(), shared_keys());
  const unsigned char* at = pki.crls[0].der.data();
  const x509::X509CrlHandle crl(
      d2i_X509_CRL(nullptr, &at, static_cast<long>(pki.crls[0].der.size())));
  ASSERT_TRUE(crl);
  const x509::Bytes& issuer = pki.find("intermediate")->der;
  at = issuer.data();
  const x509::X509Handle certificate(d2i_X509(nullptr, &at, static_cast<long>(issuer.size())));
  EXPECT_EQ(X509_CRL_verify(crl.get(), X509_get0_pubkey(certificate.get())), 1);
  const test::Folder folder;
  std::ofstream(folder / "crl.der", std::ios::binary) << x509::as_text(pki.crls[0].der);
  const std::string text =
      test::run("openssl crl -noout -text -inform DER -in " + (folder / "crl.der").string()).output;
  EXPECT_THAT(text, HasSubstr("Version 2"));
  EXPECT_THAT(text, HasSubstr("Key Compromise"));
  EXPECT_THAT(text, HasSubstr("Revocation Date: Jun 13 12:00:00 2026 GMT"));
  EXPECT_THAT(text, HasSubstr("Last Update: Jun 14 12:00:00 2026 GMT"));
}

TEST(RevocationList, ThatCantBeIsRefused) {
  PkiSpec spec = revoking();
  spec.crls[0].revoked[0].certificate = "nobody";
  EXPECT_THROW(generate(spec, lab_naming(), shared_keys()), SpecError);
  spec = revoking();
  spec.crls[0].revoked[0].reason = 7;
  EXPECT_THROW(generate(spec, lab_naming(), shared_keys()), SpecError);
  spec = revoking();
  spec.crls[0].issued_by = "nobody";
  EXPECT_THROW(generate(spec, lab_naming(), shared_keys()), SpecError);
}

}  // namespace
}  // namespace badmx::certgen
