// Transcripts of sessions that came to no TLS, or in which somebody broke off.
#include "checker/paste/transcript_reader.h"
#include "tests/checker/only_session.h"
#include "tests/checker/paste/example_transcripts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

using examples::der;
using examples::no_tls;
using examples::replaced;
using examples::whole_session;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

TEST(TranscriptReader, DoesNotBelieveReturnCodeZeroWithoutTls) {
  const auto seen = read_transcript(
      no_tls("40E741989B7F0000:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while "
             "reading:../ssl/record/rec_layer_s3.c:318:"),
      "");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->pasted.verify_return_code, 0);
  EXPECT_EQ(seen->attempts[0].stop, Stop::closed);
  EXPECT_TRUE(seen->pasted.no_peer_certificate);
  EXPECT_FALSE(seen->attempts[0].certificate_seen);
  EXPECT_FALSE(seen->attempts[0].handshake_done);
  EXPECT_THAT(seen->attempts[0].tls.cipher, IsEmpty());
  EXPECT_THAT(seen->pasted.gaps, ElementsAre(StartsWith("There is no certificate in it; run: ")));
}

TEST(TranscriptReader, TellsHowAHandshakeEnded) {
  struct Case {
    const char* line;
    Stop stop;
  };
  const Case cases[] = {
      {"40E741989B7F0000:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while "
       "reading:../ssl/record/rec_layer_s3.c:318:",
       Stop::closed},
      {"403761F8737F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version "
       "number:../ssl/record/ssl3_record.c:350:",
       Stop::not_tls},
      {"140735:error:140770FC:SSL routines:SSL23_GET_SERVER_HELLO:unknown "
       "protocol:s23_clnt.c:601:",
       Stop::not_tls},
      {"139:error:14094410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
       "failure:s3_pkt.c:1256:SSL alert number 40",
       Stop::alert},
      {"139:error:1407742E:SSL routines:SSL23_GET_SERVER_HELLO:tlsv1 alert protocol "
       "version:s23_clnt.c:605:",
       Stop::tls_failed},
      {"40B7:error:0A000102:SSL routines:ssl_choose_client_version:unsupported "
       "protocol:../ssl/statem/statem_lib.c:1953:",
       Stop::tls_failed},
      {"140735:error:140790E5:SSL routines:SSL23_WRITE:ssl handshake failure:s23_lib.c:177:",
       Stop::closed},
      {"write:errno=104", Stop::reset},
      {"write:errno=32", Stop::closed},
      {"write:errno=110", Stop::timed_out},
      {"", Stop::unknown},
  };
  for (const Case& one : cases) {
    const auto seen = read_transcript(no_tls(one.line), "");
    ASSERT_TRUE(seen) << one.line;
    EXPECT_EQ(seen->attempts[0].stop, one.stop) << one.line;
    EXPECT_EQ(seen->attempts[0].reached, smtp::Point::handshake) << one.line;
    EXPECT_FALSE(seen->attempts[0].handshake_done) << one.line;
  }
}

// s_client prints the ServerHello's cipher, whatever became of the handshake.
TEST(TranscriptReader, TellsAServerHelloFromAHandshakeThatWasDone) {
  struct Case {
    const char* line;
    const char* cipher;
    bool done;
    Stop stop;
  };
  const char* const eof =
      "40E741989B7F0000:error:0A000126:SSL routines:ssl3_read_n:unexpected eof while "
      "reading:../ssl/record/rec_layer_s3.c:318:";
  const Case cases[] = {
      {eof, "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384", false, Stop::closed},
      {"write:errno=104", "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384", false, Stop::reset},
      {"", "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384", false, Stop::unknown},
      {"", "New, TLSv1.2, Cipher is ADH-AES256-GCM-SHA384", true, Stop::finished},
  };
  for (const Case& one : cases) {
    const auto seen = read_transcript(
        replaced(no_tls(one.line), "New, (NONE), Cipher is (NONE)", one.cipher), "");
    ASSERT_TRUE(seen) << one.line;
    EXPECT_EQ(seen->attempts[0].handshake_done, one.done) << one.line << one.cipher;
    EXPECT_EQ(seen->attempts[0].stop, one.stop) << one.line << one.cipher;
  }
}

TEST(TranscriptReader, TakesNoEvidenceFromAClientHelloSentIntoTheDialogue) {
  const auto seen = read_transcript(
      no_tls("Didn't find STARTTLS in server response, trying anyway...\n"
             "403761F8737F0000:error:0A00010B:SSL routines:ssl3_get_record:wrong version "
             "number:../ssl/record/ssl3_record.c:350:"),
      "");
  ASSERT_TRUE(seen);
  EXPECT_TRUE(seen->pasted.starttls_not_found);
  EXPECT_EQ(seen->pasted.octets_read, 67U);
  EXPECT_EQ(seen->attempts[0].reached, smtp::Point::ehlo);
  EXPECT_EQ(seen->attempts[0].stop, Stop::unknown);
}

TEST(TranscriptReader, HintsAtATlsPortWhenNothingCame) {
  const std::string text =
      replaced(no_tls("Didn't find STARTTLS in server response, trying anyway...\nwrite:errno=32"),
               "has read 67 bytes", "has read 0 bytes");
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->pasted.gaps, testing::Contains(HasSubstr("TLS from the first byte")));
}

TEST(TranscriptReader, TellsThatNoConnectionWasMade) {
  struct Case {
    const char* text;
    const char* error;
  };
  const Case cases[] = {
      {"40F7:error:8000006F:system library:BIO_connect:Connection refused:../crypto/bio/"
       "bio_sock2.c:117:calling connect()\n"
       "40F7:error:10000067:BIO routines:BIO_connect:connect error:../crypto/bio/bio_sock2.c:119:\n"
       "connect:errno=111\n",
       "Connection refused"},
      {"40B7:error:10080002:BIO routines:BIO_lookup_ex:system "
       "lib:../crypto/bio/bio_addr.c:746:Name "
       "or service not known\nconnect:errno=0\n",
       "Name or service not known"},
      {"connect: Connection timed out\nconnect:errno=110\n", "Connection timed out"},
      {"gethostbyname failure\nconnect:errno=0\n", "the name has no address"},
  };
  for (const Case& one : cases) {
    const auto seen = read_transcript(one.text, "");
    ASSERT_TRUE(seen) << one.text;
    EXPECT_EQ(seen->attempts[0].stop, Stop::unreachable) << one.text;
    EXPECT_EQ(seen->attempts[0].reached, smtp::Point::connect) << one.text;
    EXPECT_EQ(seen->attempts[0].error, one.error);
  }
}

TEST(TranscriptReader, LetsPemOutrankNoPeerCertificate) {
  // -verify_return_error prints both.
  const auto seen = read_transcript(
      "depth=0 CN = mx.example.test\n"
      "verify error:num=20:unable to get local issuer certificate\n"
      "40B7:error:0A000086:SSL routines:tls_post_process_server_certificate:certificate verify "
      "failed:../ssl/statem/statem_clnt.c:1889:\n"
      "CONNECTED(00000003)\n---\nCertificate chain\n"
      " 0 s:CN = mx.example.test\n   i:CN = Lab Intermediate\n" +
          std::string(examples::leaf_pem) +
          "---\nno peer certificate available\n---\n"
          "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n"
          "Verify return code: 20 (unable to get local issuer certificate)\n---\n",
      "");
  ASSERT_TRUE(seen);
  const Attempt& attempt = seen->attempts[0];
  EXPECT_TRUE(attempt.certificate_seen);
  EXPECT_THAT(attempt.chain, ElementsAre(der(examples::leaf_pem)));
  EXPECT_FALSE(attempt.handshake_done);
  // s_client gave up, not the server.
  EXPECT_EQ(attempt.stop, Stop::unknown);
  EXPECT_EQ(seen->pasted.verify_return_code, 20);
}

TEST(TranscriptReader, TellsAskingForAClientCertificateFromInsistingOnOne) {
  const std::string asks = replaced(whole_session(), "No client certificate CA names sent\n",
                                    "No client certificate CA names sent\n"
                                    "Client Certificate Types: RSA sign, ECDSA sign\n"
                                    "Requested Signature Algorithms: ECDSA+SHA256\n");
  const auto asked = read_transcript(asks, "");
  ASSERT_TRUE(asked);
  EXPECT_TRUE(asked->attempts[0].client_certificate_requested);
  EXPECT_FALSE(asked->attempts[0].client_certificate_required);

  const auto insisted_12 = read_transcript(
      replaced(asks, "250 SIZE\nDONE\n",
               "4017:error:0A000410:SSL routines:ssl3_read_bytes:sslv3 alert handshake "
               "failure:../ssl/record/rec_layer_s3.c:1602:SSL alert number 40\n"),
      "");
  ASSERT_TRUE(insisted_12);
  EXPECT_TRUE(insisted_12->attempts[0].client_certificate_required);
  EXPECT_FALSE(insisted_12->attempts[0].handshake_done);
  EXPECT_EQ(insisted_12->attempts[0].stop, Stop::alert);

  const auto insisted_13 = read_transcript(
      replaced(
          replaced(asks, "TLSv1.2", "TLSv1.3"), "250 SIZE\nDONE\n",
          "250 SIZE\n4087:error:0A00045C:SSL routines:ssl3_read_bytes:tlsv13 alert certificate "
          "required:../ssl/record/rec_layer_s3.c:1602:SSL alert number 116\n"),
      "");
  ASSERT_TRUE(insisted_13);
  EXPECT_TRUE(insisted_13->attempts[0].client_certificate_required);
  EXPECT_TRUE(insisted_13->attempts[0].handshake_done);
  EXPECT_THAT(insisted_13->attempts[0].alerts,
              ElementsAre(tls::AlertSeen{tls::Direction::received, 2, 116}));
}

}  // namespace
}  // namespace badmx::checker
