// What stands beside a session in a paste: staples, secrets, other sessions.
#include "checker/paste/transcript_reader.h"
#include "tests/checker/only_session.h"
#include "tests/checker/paste/example_transcripts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace badmx::checker {
namespace {

using examples::replaced;
using examples::whole_session;
using testing::ElementsAre;
using testing::Field;
using testing::IsEmpty;

// -status prints the staple in front of the chain, with the certificate of who signed it.
std::string with_status(std::string_view print) {
  std::string text = whole_session();
  text.insert(text.find("---\n"), print);
  return text;
}

TEST(TranscriptReader, ReadsThePrintedStapleAndTakesNoCertificateFromIt) {
  const std::string print =
      "OCSP response: \n"
      "======================================\n"
      "OCSP Response Data:\n"
      "    OCSP Response Status: successful (0x0)\n"
      "    Response Type: Basic OCSP Response\n"
      "    Cert Status: revoked\n"
      "    Revocation Time: Nov 25 09:38:37 2026 GMT\n"
      "    Revocation Reason: keyCompromise (0x1)\n"
      "    This Update: Nov 26 09:38:37 2026 GMT\n"
      "    Next Update: Dec  4 09:38:37 2026 GMT\n"
      "Certificate:\n"
      "    Data:\n"
      "        Version: 3 (0x2)\n" +
      std::string(examples::intermediate_pem) + "======================================\n";
  const auto plain = read_transcript(whole_session(), "-");
  const auto seen = read_transcript(with_status(print), "-");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->attempts, plain->attempts);
  EXPECT_EQ(seen->pasted.certificates, plain->pasted.certificates);
  EXPECT_EQ(plain->pasted.staple, std::nullopt);
  const PrintedStaple expected{.sent = true,
                               .response = "successful (0x0)",
                               .status = "revoked",
                               .revoked_at = x509::read_rfc3339("2026-11-25T09:38:37Z"),
                               .this_update = x509::read_rfc3339("2026-11-26T09:38:37Z"),
                               .next_update = x509::read_rfc3339("2026-12-04T09:38:37Z")};
  EXPECT_EQ(seen->pasted.staple, expected);
}

TEST(TranscriptReader, TellsThatNoStapleWasSentFromThatNoneWasAskedFor) {
  const auto seen = read_transcript(with_status("OCSP response: no response sent\n"), "-");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->pasted.staple, PrintedStaple{});
  EXPECT_EQ(seen->attempts, read_transcript(whole_session(), "-")->attempts);
}

TEST(TranscriptReader, ReadsEachOfSeveralSessions) {
  const std::string other =
      replaced(replaced(whole_session(), "num=20:unable to get local issuer certificate",
                        "num=10:certificate has expired"),
               "mx.example.test:2525", "mx2.example.test:25");
  const auto all = read_transcripts(whole_session() + "\nAnd the second:\n" + other, "paste");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].origin, "paste, session 1 of 2");
  EXPECT_EQ(all[1].origin, "paste, session 2 of 2");
  EXPECT_EQ(all[0].target.host, "mx.example.test");
  EXPECT_EQ(all[1].target.host, "mx2.example.test");
  EXPECT_EQ(all[0].attempts[0].chain.size(), 2U);
  EXPECT_EQ(all[1].attempts[0].chain, all[0].attempts[0].chain);
  EXPECT_THAT(all[0].pasted.errors, ElementsAre(Field(&PrintedError::code, 20)));
  EXPECT_THAT(all[1].pasted.errors, ElementsAre(Field(&PrintedError::code, 10)));
  EXPECT_THAT(all[1].pasted.gaps, IsEmpty());
}

TEST(TranscriptReader, ASessionThatFailedIsNotPartOfTheNext) {
  const auto all = read_transcripts(
      "$ openssl s_client -connect a.example.test:25 -starttls smtp\n"
      "CONNECTED(00000003)\n"
      "write:errno=104\n"
      "$ openssl s_client -connect b.example.test:25 -starttls smtp\n"
      "CONNECTED(00000003)\n"
      "Didn't find STARTTLS in server response, trying anyway...\n",
      "");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_EQ(all[0].target.host, "a.example.test");
  EXPECT_EQ(all[0].attempts[0].stop, Stop::reset);
  EXPECT_FALSE(all[0].pasted.starttls_not_found);
  EXPECT_EQ(all[1].target.host, "b.example.test");
  EXPECT_TRUE(all[1].pasted.starttls_not_found);
}

TEST(TranscriptReader, TheNextSessionChangesNothingOfTheOneBefore) {
  const auto all = read_transcripts(
      "CONNECTION ESTABLISHED\n"
      "Protocol version: TLSv1.3\n"
      "Ciphersuite: TLS_AES_256_GCM_SHA384\n"
      "CONNECTED(00000003)\n"
      "write:errno=104\n",
      "");
  ASSERT_EQ(all.size(), 2U);
  EXPECT_TRUE(all[0].attempts[0].handshake_done);
  EXPECT_EQ(all[0].attempts[0].stop, Stop::finished);
  EXPECT_EQ(all[1].attempts[0].stop, Stop::reset);
}

TEST(TranscriptReader, ReadsAHundredSessionsAtMost) {
  std::string text;
  for (int i = 0; i < 150; ++i) text += "CONNECTED(00000003)\n";
  EXPECT_EQ(read_transcripts(text, "").size(), 100U);
}

TEST(TranscriptReader, NotesEverySecretThatIsPastedAlong) {
  const auto seen = read_transcript(
      "CONNECTED(00000003)\n"
      "    Master-Key: 00AA\n"
      "    Resumption PSK: 00AA\n"
      "    TLS session ticket:\n"
      "CLIENT_RANDOM 00 11\n"
      "AUTH PLAIN AGEAYg==\n"
      "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"
      "-----BEGIN SSL SESSION PARAMETERS-----\nAAAA\n-----END SSL SESSION PARAMETERS-----\n",
      "");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->pasted.secrets,
              ElementsAre("TLS master key", "TLS resumption key", "TLS session ticket",
                          "TLS key log", "SMTP password", "private key", "TLS session"));
  const auto empty =
      read_transcript("CONNECTED(00000003)\nMaster-Key: \nResumption PSK: None\n", "");
  ASSERT_TRUE(empty);
  EXPECT_THAT(empty->pasted.secrets, IsEmpty());
}

}  // namespace
}  // namespace badmx::checker
