#include "checker/report/report_sclient.h"

#include "tests/checker/example_certificates.h"
#include "tests/checker/example_diagnosis.h"
#include "tests/checker/only_session.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

using testing::HasSubstr;
using testing::Not;

Observation seen() {
  Observation result;
  Attempt attempt;
  attempt.reached = smtp::Point::quit;
  attempt.handshake_done = true;
  attempt.certificate_seen = true;
  attempt.chain = {x509::read_pem_blocks(examples::leaf_pem).at(0).der,
                   x509::read_pem_blocks(examples::intermediate_pem).at(0).der};
  attempt.tls.version = "TLSv1.3";
  attempt.tls.cipher = "TLS_AES_256_GCM_SHA384";
  attempt.tls.group = "X25519";
  result.attempts.push_back(std::move(attempt));
  return result;
}

TEST(ReportSclient, ShowsTheChainAsSclientDoes) {
  const std::string text = report_sclient(seen(), examples::broken_diagnosis());
  EXPECT_THAT(text, HasSubstr("depth=0 CN=mx.example.test\n"
                              "verify error:num=20:unable to get local issuer certificate\n"));
  EXPECT_THAT(text, HasSubstr("Certificate chain\n"
                              " 0 s:CN=mx.example.test\n"
                              "   i:C=GB, O=Lab, Inc, CN=Lab Intermediate\n"));
  EXPECT_THAT(text, HasSubstr(" 1 s:C=GB, O=Lab, Inc, CN=Lab Intermediate\n"
                              "   i:O=Lab, CN=Lab Root\n"));
  EXPECT_THAT(text, HasSubstr(examples::leaf_pem));
  EXPECT_THAT(text, HasSubstr("No client certificate CA names sent\n"));
  EXPECT_THAT(text, HasSubstr("New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n"));
  EXPECT_THAT(text, HasSubstr("Verify return code: 10 (certificate has expired)\n"));
}

TEST(ReportSclient, IsReadBackByTheTranscriptReader) {
  const auto back = read_transcript(report_sclient(seen(), examples::broken_diagnosis()), "");
  ASSERT_TRUE(back);
  EXPECT_EQ(back->attempts[0].chain, seen().attempts[0].chain);
  EXPECT_EQ(back->pasted.errors.size(), 2U);
  EXPECT_EQ(back->attempts[0].tls.cipher, "TLS_AES_256_GCM_SHA384");
}

TEST(ReportSclient, DoesNotSayOkWhenNothingWasVerified) {
  Observation none;
  Attempt attempt;
  attempt.reached = smtp::Point::handshake;
  attempt.stop = Stop::closed;
  none.attempts.push_back(std::move(attempt));
  const std::string text = report_sclient(none, Diagnosis{});
  EXPECT_THAT(text, HasSubstr("no peer certificate available\n"));
  EXPECT_THAT(text, HasSubstr("New, (NONE), Cipher is (NONE)\n"));
  EXPECT_THAT(text, HasSubstr("Verify return code: none"));
  EXPECT_THAT(text, Not(HasSubstr("0 (ok)")));
  EXPECT_THAT(report_sclient(Observation{}, Diagnosis{}), HasSubstr("no peer certificate"));
}

TEST(ReportSclient, ShowsPrintedCertificatesAtTheirPlaces) {
  Observation pasted = seen();
  pasted.attempts[0].chain.resize(1);
  pasted.pasted.certificates.push_back({.position = 0,
                                        .subject = "CN=printed",
                                        .issuer = "CN=up",
                                        .not_before = {},
                                        .not_after = {},
                                        .key = {},
                                        .signature = {}});
  pasted.pasted.certificates.push_back({.position = 7,
                                        .subject = "CN=far",
                                        .issuer = "CN=away",
                                        .not_before = {},
                                        .not_after = {},
                                        .key = {},
                                        .signature = {}});
  const std::string text = report_sclient(pasted, Diagnosis{});
  EXPECT_THAT(text, HasSubstr(" 0 s:CN=printed\n   i:CN=up\n 1 s:CN=mx.example.test\n"));
  EXPECT_THAT(text, HasSubstr("s:CN=far\n"));
}

TEST(ReportSclient, PassesNoEscapeOn) {
  Observation hostile = seen();
  hostile.attempts[0].chain.push_back({0x30, 0x00});
  hostile.attempts[0].tls.alpn = "\x1b[31m";
  hostile.attempts[0].client_certificate_requested = true;
  hostile.attempts[0].requested_ca_names = {{0x1b}};
  const std::string text = report_sclient(hostile, examples::healthy_diagnosis());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_THAT(text, HasSubstr(" 2 s:(can't be read)\n"));
  EXPECT_THAT(text, HasSubstr("(a name that can't be read)\n"));
}

}  // namespace
}  // namespace badmx::checker
