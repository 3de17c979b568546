#include "checker/transcript_reader.h"

#include "checker/transcript_text.h"
#include "tests/checker/example_certificates.h"
#include "tests/checker/only_session.h"
#include "tls/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

using testing::AllOf;
using testing::ElementsAre;
using testing::Field;
using testing::HasSubstr;
using testing::IsEmpty;
using testing::StartsWith;

tls::Bytes der(std::string_view pem) { return tls::read_pem_blocks(pem).at(0).der; }

std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// OpenSSL 3.0, -showcerts, with its command line, as a terminal shows it.
std::string whole_session() {
  return "$ openssl s_client -connect mx.example.test:2525 -starttls smtp \\\n"
         "      -servername mx.example.test -showcerts </dev/null\n"
         "CONNECTED(00000003)\n"
         "depth=1 C = GB, O = \"Lab, Inc\", CN = Lab Intermediate\n"
         "verify error:num=20:unable to get local issuer certificate\n"
         "verify return:1\n"
         "depth=0 CN = mx.example.test\n"
         "verify return:1\n"
         "---\n"
         "Certificate chain\n"
         " 0 s:CN = mx.example.test\n"
         "   i:C = GB, O = \"Lab, Inc\", CN = Lab Intermediate\n"
         "   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256\n"
         "   v:NotBefore: Nov 24 23:39:10 2026 GMT; NotAfter: Feb 22 23:39:10 2027 GMT\n" +
         std::string(examples::leaf_pem) +
         " 1 s:C = GB, O = \"Lab, Inc\", CN = Lab Intermediate\n"
         "   i:O = Lab, CN = Lab Root\n"
         "   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256\n"
         "   v:NotBefore: Nov 24 23:39:10 2026 GMT; NotAfter: Aug 20 23:39:10 2029 GMT\n" +
         examples::intermediate_pem +
         "---\n"
         "Server certificate\n"
         "subject=CN = mx.example.test\n"
         "issuer=C = GB, O = \"Lab, Inc\", CN = Lab Intermediate\n"
         "---\n"
         "No client certificate CA names sent\n"
         "Peer signing digest: SHA256\n"
         "Peer signature type: ECDSA\n"
         "Server Temp Key: X25519, 253 bits\n"
         "---\n"
         "SSL handshake has read 1450 bytes and written 447 bytes\n"
         "Verification error: unable to get local issuer certificate\n"
         "---\n"
         "New, TLSv1.2, Cipher is ECDHE-ECDSA-AES256-GCM-SHA384\n"
         "Server public key is 256 bit\n"
         "Secure Renegotiation IS supported\n"
         "No ALPN negotiated\n"
         "SSL-Session:\n"
         "    Protocol  : TLSv1.2\n"
         "    Cipher    : ECDHE-ECDSA-AES256-GCM-SHA384\n"
         "    Session-ID: 1030B3281EBA592F2B928D29C84F69FC\n"
         "    Session-ID-ctx: \n"
         "    Master-Key: 1F09C7C36875CB13624B73FA8AAEBEE0\n"
         "    PSK identity: None\n"
         "    Start Time: 1795563554\n"
         "    Timeout   : 7200 (sec)\n"
         "    Verify return code: 20 (unable to get local issuer certificate)\n"
         "    Extended master secret: yes\n"
         "---\n"
         "250 SIZE\n"
         "DONE\n";
}

void expect_whole_session(const std::optional<Observation>& seen) {
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->attempts.size(), 1U);
  const Attempt& attempt = seen->attempts[0];
  EXPECT_THAT(attempt.chain, ElementsAre(der(examples::leaf_pem), der(examples::intermediate_pem)));
  EXPECT_TRUE(attempt.certificate_seen);
  EXPECT_TRUE(attempt.handshake_done);
  EXPECT_EQ(attempt.stop, Stop::finished);
  EXPECT_EQ(attempt.tls.version, "TLSv1.2");
  EXPECT_EQ(attempt.tls.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(attempt.tls.group, "X25519");
  EXPECT_FALSE(attempt.client_certificate_requested);
  EXPECT_THAT(seen->pasted.certificates, IsEmpty());
  EXPECT_THAT(seen->pasted.gaps, IsEmpty());
  EXPECT_THAT(seen->pasted.errors,
              ElementsAre(PrintedError{1, 20, "unable to get local issuer certificate"}));
  EXPECT_EQ(seen->pasted.verify_return_code, 20);
  EXPECT_EQ(seen->moment.time_since_epoch().count(), 1795563554);
  EXPECT_EQ(seen->pasted.start_time, seen->moment);
}

TEST(TranscriptReader, ReadsAWholeSessionAndItsCommandLine) {
  const auto seen = read_transcript(whole_session(), "paste.txt");
  expect_whole_session(seen);
  EXPECT_EQ(seen->source, Source::transcript);
  EXPECT_EQ(seen->origin, "paste.txt");
  EXPECT_EQ(seen->pasted.host, "mx.example.test");
  EXPECT_EQ(seen->pasted.name, "mx.example.test");
  EXPECT_EQ(seen->target.port, 2525);
  EXPECT_EQ(seen->target.tls, smtp::TlsMode::starttls);
  EXPECT_EQ(seen->attempts[0].sni, "mx.example.test");
}

TEST(TranscriptReader, DropsTheMasterKeyAndSaysSo) {
  const auto seen = read_transcript(whole_session(), "");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->pasted.secrets, ElementsAre("TLS master key"));
}

TEST(TranscriptReader, ReadsWhatMailAndEditorsDoToIt) {
  const std::string text = whole_session();
  const std::string forms[] = {
      replaced(text, "\n", "\r\n"),
      "> " + replaced(text, "\n", "\n> "),
      ">> > " + replaced(text, "\n", "\r\n>> > "),
      "\t    " + replaced(text, "\n", "\n\t    "),
      "Hello,\n\nhere is what you asked for:\n\n" + text + "\n-- \nRegards\n",
  };
  for (const std::string& form : forms) {
    SCOPED_TRACE(form.substr(0, 40));
    expect_whole_session(read_transcript(form, ""));
  }
}

// Mail programs break lines at blanks, at 72 to 78 columns.
std::string wrapped(std::string_view text, std::size_t columns) {
  std::string result;
  while (!text.empty()) {
    const std::size_t end = std::min(text.find('\n'), text.size());
    std::string_view line = text.substr(0, end);
    text.remove_prefix(std::min(end + 1, text.size()));
    while (line.size() > columns && !line.starts_with('M')) {
      const std::size_t blank = line.substr(0, columns + 1).rfind(' ');
      if (blank == std::string_view::npos || blank < 4) break;
      result += line.substr(0, blank);
      result += '\n';
      line.remove_prefix(blank + 1);
    }
    result += line;
    result += '\n';
  }
  return result;
}

TEST(TranscriptReader, ReadsAChainWhoseLongLinesWereWrapped) {
  const std::string chain =
      "CONNECTED(00000003)\n"
      "---\n"
      "Certificate chain\n"
      " 0 s:C = GB, ST = Greater London, L = London, O = \"A Company With a Name, Ltd\", CN = "
      "mx.example.test\n"
      "   i:C = GB, O = \"Another Company That Issues Certificates, Inc\", CN = Issuing CA for "
      "Servers 2026\n"
      "   a:PKEY: rsaEncryption, 2048 (bit); sigalg: RSA-SHA256\n"
      "   v:NotBefore: Nov 24 23:39:10 2026 GMT; NotAfter: Feb 22 23:39:10 2027 GMT\n"
      "---\n"
      "Server certificate\n"
      "subject=C = GB, ST = Greater London, L = London, O = \"A Company With a Name, Ltd\", CN = "
      "mx.example.test\n"
      "issuer=C = GB, O = \"Another Company That Issues Certificates, Inc\", CN = Issuing CA for "
      "Servers 2026\n"
      "---\n"
      "SSL handshake has read 1450 bytes and written 447 bytes\n";
  const auto expected = read_transcript(chain, "-")->pasted.certificates;
  ASSERT_EQ(expected.size(), 1U);
  ASSERT_TRUE(expected[0].not_after);
  for (const std::size_t columns : {60U, 72U, 78U}) {
    const std::string broken = wrapped(chain, columns);
    ASSERT_NE(broken, chain);
    EXPECT_EQ(read_transcript(broken, "-")->pasted.certificates, expected) << broken;
    EXPECT_EQ(read_transcript(replaced("\n" + broken, "\n", "\n> "), "-")->pasted.certificates,
              expected);
  }
  const auto whole = read_transcript(whole_session(), "-");
  EXPECT_EQ(read_transcript(wrapped(whole_session(), 64), "-")->pasted.certificates,
            whole->pasted.certificates);
}

TEST(TranscriptReader, ReadsWhatTicketSystemsAndLoggersDoToIt) {
  const std::string text = whole_session();
  std::string escaped = replaced(text, "&", "&amp;");
  escaped = replaced(replaced(replaced(escaped, "<", "&lt;"), ">", "&gt;"), "\"", "&quot;");
  std::string numbered = "1: " + text;
  int number = 2;
  for (std::size_t at = 0; (at = numbered.find('\n', at)) != std::string::npos; ++number) {
    numbered.insert(++at, std::to_string(number) + ": ");
  }
  const auto logged = [&text](const std::string& prefix) {
    return prefix + replaced(text, "\n", "\n" + prefix);
  };
  const std::string forms[] = {
      "<html><body><pre>" + escaped + "</pre></body></html>",
      "<div class=\"note\">" + replaced(escaped, "\n", "<br />\n") + "</div>",
      replaced(replaced(escaped, " ", "&nbsp;"), "\n", "<br>"),
      numbered,
      logged("Nov 26 10:00:00 relay tlscheck[123]: "),
      logged("2026-11-26T10:00:00.123456Z relay tlscheck: "),
      logged("[12:00:01] "),
      logged("| "),
  };
  for (const std::string& form : forms) {
    SCOPED_TRACE(form.substr(0, 60));
    expect_whole_session(read_transcript(form, ""));
  }
}

TEST(TranscriptReader, LeavesWhatIsNeitherHtmlNorALogAsItIs) {
  EXPECT_EQ(clean("subject=CN = <mx> & co; <unknown tag>\n").line(0),
            "subject=CN = <mx> & co; <unknown tag>");
  // A peer's own name makes no lines.
  const PastedText hostile =
      clean("CONNECTED(00000003)\n 0 s:CN = x<br>Verify return code: 0 (ok)&lt;\n");
  EXPECT_EQ(hostile.size(), 2U);
  EXPECT_EQ(hostile.line(1), "0 s:CN = x<br>Verify return code: 0 (ok)&lt;");
  EXPECT_EQ(clean("it said CONNECTED(00000003)\n1 s:CN = x\n").line(1), "1 s:CN = x");
}

TEST(TranscriptReader, TakesStandardErrorPastedInFrontOrBehind) {
  // Redirected into one file, what went to standard error stands first.
  const std::string verification =
      "depth=0 CN = mx.example.test\n"
      "verify error:num=18:self-signed certificate\n"
      "verify return:1\n"
      "depth=0 CN = mx.example.test\n"
      "verify return:1\n";
  const std::string output =
      "CONNECTED(00000003)\n---\nCertificate chain\n 0 s:CN = mx.example.test\n"
      "   i:CN = mx.example.test\n---\n"
      "SSL handshake has read 10 bytes and written 10 bytes\n---\n"
      "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n";
  for (const std::string& text : {verification + output, output + verification}) {
    const auto seen = read_transcript(text, "");
    ASSERT_TRUE(seen);
    EXPECT_THAT(seen->pasted.errors, ElementsAre(PrintedError{0, 18, "self-signed certificate"}));
    EXPECT_THAT(seen->pasted.gaps, ElementsAre(StartsWith("Certificate 0 is named")));
  }
}

TEST(TranscriptReader, ReadsTheFormOfOpenssl098) {
  const std::string text =
      "openssl s_client -starttls smtp -connect 192.0.2.1:25\n"
      "CONNECTED(00000003)\n"
      "depth=0 /C=GB/O=Lab/CN=mx.example.test\n"
      "verify error:num=20:unable to get local issuer certificate\n"
      "verify return:1\n"
      "depth=0 /C=GB/O=Lab/CN=mx.example.test\n"
      "verify error:num=27:certificate not trusted\n"
      "verify return:1\n"
      "---\n"
      "Certificate chain\n"
      " 0 s:/C=GB/O=Lab/CN=mx.example.test\n"
      "   i:/C=GB/O=Lab/CN=Lab Intermediate\n"
      " 1 s:/C=GB/O=Lab/CN=Lab Intermediate\n"
      "   i:/C=GB/O=Lab/CN=Lab Root\n"
      "---\n"
      "Server certificate\n" +
      std::string(examples::leaf_pem) +
      "subject=/C=GB/O=Lab/CN=mx.example.test\n"
      "issuer=/C=GB/O=Lab/CN=Lab Intermediate\n"
      "---\n"
      "Acceptable client certificate CA names\n"
      "/C=GB/O=Lab/CN=Lab Root\n"
      "---\n"
      "SSL handshake has read 3500 bytes and written 423 bytes\n"
      "---\n"
      "New, TLSv1/SSLv3, Cipher is DHE-RSA-AES256-SHA\n"
      "SSL-Session:\n"
      "    Protocol  : TLSv1\n"
      "    Cipher    : DHE-RSA-AES256-SHA\n"
      "    Key-Arg   : None\n"
      "    Start Time: 1300000000\n"
      "    Verify return code: 21 (unable to verify the first certificate)\n"
      "---\n"
      "250 HELP\n";
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen);
  const Attempt& attempt = seen->attempts[0];
  EXPECT_THAT(attempt.chain, ElementsAre(der(examples::leaf_pem)));
  EXPECT_EQ(attempt.tls.version, "TLSv1");
  EXPECT_EQ(attempt.tls.cipher, "DHE-RSA-AES256-SHA");
  EXPECT_TRUE(attempt.handshake_done);
  EXPECT_TRUE(attempt.client_certificate_requested);
  EXPECT_FALSE(attempt.client_certificate_required);
  EXPECT_EQ(seen->pasted.host, "192.0.2.1");
  ASSERT_EQ(seen->pasted.certificates.size(), 1U);
  EXPECT_EQ(seen->pasted.certificates[0].position, 1);
  EXPECT_EQ(seen->pasted.certificates[0].subject, "C=GB, O=Lab, CN=Lab Intermediate");
  EXPECT_EQ(seen->pasted.certificates[0].issuer, "C=GB, O=Lab, CN=Lab Root");
  EXPECT_THAT(seen->pasted.gaps,
              ElementsAre("Certificate 1 is named, but the PEM is not there; run: openssl s_client "
                          "-connect 192.0.2.1:25 -starttls smtp -showcerts </dev/null"));
}

TEST(TranscriptReader, ReadsTheFormOfOpenssl32) {
  const std::string text =
      "Connecting to 192.0.2.1\n"
      "CONNECTED(00000003)\n"
      "depth=0 CN=mx.example.test\n"
      "verify error:num=20:unable to get local issuer certificate\n"
      "verify return:1\n"
      "---\n"
      "Certificate chain\n"
      " 0 s:CN=mx.example.test\n"
      "   i:C=GB, O=\"Lab, Inc\", CN=Lab Intermediate\n"
      "   a:PKEY: EC, (prime256v1); sigalg: ecdsa-with-SHA256\n"
      "   v:NotBefore: Nov 24 23:39:10 2026 GMT; NotAfter: Feb 22 23:39:10 2027 GMT\n"
      "---\n"
      "No client certificate CA names sent\n"
      "Requested Signature Algorithms: ECDSA+SHA256:RSA+SHA256\n"
      "Peer signature type: ecdsa_secp256r1_sha256\n"
      "Peer Temp Key: X25519, 253 bits\n"
      "---\n"
      "SSL handshake has read 1368 bytes and written 434 bytes\n"
      "---\n"
      "New, TLSv1.3, Cipher is TLS_AES_256_GCM_SHA384\n"
      "Protocol: TLSv1.3\n"
      "Verify return code: 20 (unable to get local issuer certificate)\n"
      "---\n";
  const auto seen = read_transcript(text, "");
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->pasted.certificates.size(), 1U);
  const PrintedCertificate& leaf = seen->pasted.certificates[0];
  EXPECT_EQ(leaf.issuer, "C=GB, O=Lab, Inc, CN=Lab Intermediate");
  EXPECT_EQ(leaf.key, "EC, (prime256v1)");
  EXPECT_EQ(leaf.signature, "ecdsa-with-SHA256");
  ASSERT_TRUE(leaf.not_before && leaf.not_after);
  EXPECT_EQ(tls::rfc3339(*leaf.not_before), "2026-11-24T23:39:10Z");
  EXPECT_EQ(tls::rfc3339(*leaf.not_after), "2027-02-22T23:39:10Z");
  EXPECT_TRUE(seen->attempts[0].client_certificate_requested);
  EXPECT_EQ(seen->attempts[0].tls.signature_algorithm, "ecdsa_secp256r1_sha256");
}

TEST(TranscriptReader, ReadsTheBriefForm) {
  const auto seen = read_transcript(
      "depth=0 CN = mx.example.test\n"
      "verify error:num=62:hostname mismatch\n"
      "CONNECTION ESTABLISHED\n"
      "Protocol version: TLSv1.3\n"
      "Ciphersuite: TLS_AES_256_GCM_SHA384\n"
      "Peer certificate: CN = mx.example.test\n"
      "Hash used: SHA256\n"
      "Signature type: ECDSA\n"
      "Verification error: hostname mismatch\n"
      "Server Temp Key: ECDH, P-256, 256 bits\n",
      "");
  ASSERT_TRUE(seen);
  const Attempt& attempt = seen->attempts[0];
  EXPECT_TRUE(attempt.handshake_done);
  EXPECT_EQ(attempt.tls.version, "TLSv1.3");
  EXPECT_EQ(attempt.tls.group, "P-256");
  EXPECT_EQ(attempt.tls.signature_algorithm, "ECDSA with SHA256");
  ASSERT_EQ(seen->pasted.certificates.size(), 1U);
  EXPECT_EQ(seen->pasted.certificates[0].subject, "CN=mx.example.test");
}

// What s_client prints when there was no TLS; `failure` is the line that tells why.
std::string no_tls(const std::string& failure) {
  return failure +
         "\n"
         "CONNECTED(00000003)\n"
         "---\n"
         "no peer certificate available\n"
         "---\n"
         "No client certificate CA names sent\n"
         "---\n"
         "SSL handshake has read 67 bytes and written 354 bytes\n"
         "Verification: OK\n"
         "---\n"
         "New, (NONE), Cipher is (NONE)\n"
         "Secure Renegotiation IS NOT supported\n"
         "No ALPN negotiated\n"
         "Verify return code: 0 (ok)\n"
         "---\n";
}

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

TEST(TranscriptReader, SaysWhichPemIsCut) {
  const std::string text = whole_session();
  const std::size_t second = text.find(examples::intermediate_pem);
  // The paste ends in the middle of the second certificate.
  const auto ended = read_transcript(text.substr(0, second + 200), "");
  ASSERT_TRUE(ended);
  EXPECT_THAT(ended->attempts[0].chain, ElementsAre(der(examples::leaf_pem)));
  EXPECT_THAT(
      ended->pasted.gaps,
      ElementsAre("The PEM of certificate 1 (C=GB, O=Lab, Inc, CN=Lab Intermediate) is cut "
                  "short; run: openssl s_client -connect mx.example.test:2525 -starttls smtp "
                  "-showcerts </dev/null"));
  ASSERT_EQ(ended->pasted.certificates.size(), 1U);
  EXPECT_EQ(ended->pasted.certificates[0].issuer, "O=Lab, CN=Lab Root");

  // A line is lost from the first; the second stands where it stood.
  std::string lost = text;
  lost.erase(lost.find('\n', lost.find("BEGIN CERTIFICATE")), 65);
  const auto without_line = read_transcript(lost, "");
  ASSERT_TRUE(without_line);
  EXPECT_THAT(without_line->attempts[0].chain, ElementsAre(der(examples::intermediate_pem)));
  ASSERT_EQ(without_line->pasted.certificates.size(), 1U);
  EXPECT_EQ(without_line->pasted.certificates[0].position, 0);
}

TEST(TranscriptReader, ReadsCertificatesWhoseLinesWereJoined) {
  const auto joined = [](std::string pem) {
    pem.pop_back();
    return replaced(std::move(pem), "\n", " ") + "\n";
  };
  const std::string leaf(examples::leaf_pem);
  const std::string intermediate(examples::intermediate_pem);
  const auto seen = read_transcript(
      replaced(replaced(whole_session(), leaf, joined(leaf)), intermediate, joined(intermediate)),
      "");
  ASSERT_TRUE(seen);
  EXPECT_THAT(seen->attempts[0].chain, ElementsAre(der(leaf), der(intermediate)));
  EXPECT_THAT(seen->pasted.gaps, IsEmpty());
}

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
                               .revoked_at = tls::read_rfc3339("2026-11-25T09:38:37Z"),
                               .this_update = tls::read_rfc3339("2026-11-26T09:38:37Z"),
                               .next_update = tls::read_rfc3339("2026-12-04T09:38:37Z")};
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

TEST(TranscriptReader, SeesNoSessionInOtherText) {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string(examples::leaf_pem),
        std::string("subject=CN = a\nissuer=CN = b\n"), std::string("depth of winter\n"),
        std::string("please run openssl s_client -connect mx:25\n")}) {
    EXPECT_FALSE(read_transcript(text, "")) << text;
  }
}

TEST(TranscriptReader, EscapesWhatAPeerWroteIntoItsNames) {
  const auto seen = read_transcript(
      "Certificate chain\n 0 s:CN = \x1b[31mred\x1b[0m\n   i:CN = a\\0Ab\xff\n---\n"
      "depth=0 CN = x\nverify error:num=18:\x1b[2Jself signed\n"
      "40B7:error:0A000102:SSL routines:x:\x1b]0;title\x07:f.c:1:\n",
      "\x1b[31m");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->origin, "\\x1b[31m");
  ASSERT_EQ(seen->pasted.certificates.size(), 1U);
  EXPECT_EQ(seen->pasted.certificates[0].subject, "CN=\\x1b[31mred\\x1b[0m");
  EXPECT_EQ(seen->pasted.certificates[0].issuer, "CN=a\\x0ab\\xff");
  EXPECT_EQ(seen->pasted.errors[0].text, "\\x1b[2Jself signed");
  EXPECT_EQ(seen->attempts[0].tls_errors[0].reason, "\\x1b]0;title\\x07");
}

TEST(TranscriptReader, IsBoundedWhateverItIsGiven) {
  // A line without an end, thousands of certificates and errors, numbers beyond every range.
  EXPECT_FALSE(read_transcript(std::string(std::size_t{20} << 20U, 'x'), ""));
  std::string many = "CONNECTED(00000003)\nCertificate chain\n";
  for (int i = 0; i < 5000; ++i) {
    many += std::to_string(i) + " s:CN = a\n  i:CN = b\n" + "depth=" + std::to_string(i) +
            "\nverify error:num=" + std::to_string(i) + ":x\n";
  }
  many += "Start Time: 99999999999999999999\nVerify return code: 99999999999999 (x)\n";
  const auto seen = read_transcript(many, "");
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->pasted.certificates.size(), 100U);
  EXPECT_LE(seen->pasted.errors.size(), 200U);
  EXPECT_EQ(seen->pasted.start_time, std::nullopt);
  EXPECT_THAT(seen->pasted.gaps, testing::Contains("There are more than 100 certificates in it."));

  std::string nul = whole_session();
  for (std::size_t at = 0; at < nul.size(); at += 97) nul[at] = '\0';
  (void)read_transcript(nul, "");
}

TEST(TranscriptReader, ReadsACommandLineInItsManyForms) {
  struct Case {
    const char* command;
    const char* host;
    std::uint16_t port;
    smtp::TlsMode tls;
    const char* name;
  };
  using smtp::TlsMode;
  const Case cases[] = {
      {"openssl s_client -connect 'mx.example.test:587' -starttls smtp | tee log",
       "mx.example.test", 587, TlsMode::starttls, ""},
      {"OpenSSL> s_client -connect [2001:db8::1]:465 -verify_hostname mx.example.test",
       "2001:db8::1", 465, TlsMode::implicit, "mx.example.test"},
      {"echo QUIT | openssl s_client --connect mx:25 --starttls smtp --servername a "
       "-verify_hostname b",
       "mx", 25, TlsMode::starttls, "b"},
      {"C:\\> openssl.exe s_client -host mx.example.test -port 2525 -starttls smtp",
       "mx.example.test", 2525, TlsMode::starttls, ""},
      {"openssl s_client -starttls smtp mx.example.test:26", "mx.example.test", 26,
       TlsMode::starttls, ""},
      {"openssl s_client -connect \"\" -starttls", "", 25, TlsMode::starttls, ""},
  };
  for (const Case& one : cases) {
    const auto seen = read_transcript(std::string(one.command) + "\nCONNECTED(00000003)\n", "");
    ASSERT_TRUE(seen) << one.command;
    EXPECT_EQ(seen->pasted.host, one.host) << one.command;
    EXPECT_EQ(seen->target.port, one.port) << one.command;
    EXPECT_EQ(seen->target.tls, one.tls) << one.command;
    EXPECT_EQ(seen->pasted.name, one.name) << one.command;
  }
}

}  // namespace
}  // namespace badmx::checker
