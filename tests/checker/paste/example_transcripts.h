// What s_client prints, whole and without TLS, for the tests of whoever reads it.
#pragma once

#include "checker/paste/transcript_reader.h"
#include "tests/checker/example_certificates.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>
#include <string>
#include <string_view>

namespace badmx::checker::examples {

inline x509::Bytes der(std::string_view pem) { return x509::read_pem_blocks(pem).at(0).der; }

inline std::string replaced(std::string text, std::string_view what, std::string_view with) {
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; at += with.size()) {
    text.replace(at, what.size(), with);
  }
  return text;
}

// OpenSSL 3.0, -showcerts, with its command line, as a terminal shows it.
inline std::string whole_session() {
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
         std::string(leaf_pem) +
         " 1 s:C = GB, O = \"Lab, Inc\", CN = Lab Intermediate\n"
         "   i:O = Lab, CN = Lab Root\n"
         "   a:PKEY: id-ecPublicKey, 256 (bit); sigalg: ecdsa-with-SHA256\n"
         "   v:NotBefore: Nov 24 23:39:10 2026 GMT; NotAfter: Aug 20 23:39:10 2029 GMT\n" +
         intermediate_pem +
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

inline void expect_whole_session(const std::optional<Observation>& seen) {
  ASSERT_TRUE(seen);
  ASSERT_EQ(seen->attempts.size(), 1U);
  const Attempt& attempt = seen->attempts[0];
  EXPECT_THAT(attempt.chain, testing::ElementsAre(der(leaf_pem), der(intermediate_pem)));
  EXPECT_TRUE(attempt.certificate_seen);
  EXPECT_TRUE(attempt.handshake_done);
  EXPECT_EQ(attempt.stop, Stop::finished);
  EXPECT_EQ(attempt.tls.version, "TLSv1.2");
  EXPECT_EQ(attempt.tls.cipher, "ECDHE-ECDSA-AES256-GCM-SHA384");
  EXPECT_EQ(attempt.tls.group, "X25519");
  EXPECT_FALSE(attempt.client_certificate_requested);
  EXPECT_THAT(seen->pasted.certificates, testing::IsEmpty());
  EXPECT_THAT(seen->pasted.gaps, testing::IsEmpty());
  EXPECT_THAT(seen->pasted.errors,
              testing::ElementsAre(PrintedError{1, 20, "unable to get local issuer certificate"}));
  EXPECT_EQ(seen->pasted.verify_return_code, 20);
  EXPECT_EQ(seen->moment.time_since_epoch().count(), 1795563554);
  EXPECT_EQ(seen->pasted.start_time, seen->moment);
}

// What s_client prints when there was no TLS; `failure` is the line that tells why.
inline std::string no_tls(const std::string& failure) {
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

}  // namespace badmx::checker::examples
