#include "checker/paste/transcript_reader.h"

#include "tests/checker/only_session.h"
#include "tests/checker/paste/example_transcripts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

using examples::der;
using examples::expect_whole_session;
using examples::whole_session;
using testing::ElementsAre;

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
  EXPECT_EQ(x509::rfc3339(*leaf.not_before), "2026-11-24T23:39:10Z");
  EXPECT_EQ(x509::rfc3339(*leaf.not_after), "2027-02-22T23:39:10Z");
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

TEST(TranscriptReader, SeesNoSessionInOtherText) {
  for (const std::string& text :
       {std::string(), std::string("hello"), std::string(examples::leaf_pem),
        std::string("subject=CN = a\nissuer=CN = b\n"), std::string("depth of winter\n"),
        std::string("please run openssl s_client -connect mx:25\n")}) {
    EXPECT_FALSE(read_transcript(text, "")) << text;
  }
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
