#include "checker/senders/senders.h"

#include "checker/rules/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace badmx::checker {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

// The nearest explanation, or one with nothing in it.
Explanation nearest(std::string_view text) {
  const auto all = explain_line(text);
  return all.empty() ? Explanation{} : all.front();
}

TEST(Senders, ExplainsLinesOfLogsAndBounces) {
  struct Case {
    const char* text;
    const char* sender;
    const char* first_code;
    const char* host;
  };
  const Case cases[] = {
      // Postfix 3.7
      {"postfix/smtp[1]: 4A: to=<u@example.test>, relay=mx.example.test[192.0.2.1]:25, dsn=4.7.5, "
       "status=deferred (Server certificate not verified)",
       "Postfix", "issuer-unknown", "mx.example.test"},
      {"postfix/smtp[1]: certificate verification failed for mx.example.test[192.0.2.1]:25: "
       "untrusted issuer /CN=Lab Root",
       "Postfix", "issuer-unknown", "mx.example.test"},
      {"postfix/smtp[1]: server certificate verification failed for mx.example.test[192.0.2.1]:25: "
       "num=62:hostname mismatch",
       "Postfix", "name-mismatch", "mx.example.test"},
      {"status=deferred (TLS is required, but was not offered by host mx.example.test[192.0.2.1])",
       "Postfix", "starttls-not-offered", "mx.example.test"},
      {"status=deferred (TLS is required, but host mx.example.test[192.0.2.1] refused to start "
       "TLS: "
       "454 4.7.0 TLS not available)",
       "Postfix", "starttls-refused", "mx.example.test"},
      {"status=deferred (lost connection with mx.example.test[192.0.2.1] while performing the EHLO "
       "handshake)",
       "Postfix", "client-certificate-required", "mx.example.test"},
      {"status=deferred (host mx.example.test[192.0.2.1] refused to talk to me: 554 5.7.1 no)",
       "Postfix", "banner-refused", "mx.example.test"},
      // OpenSSL's command
      {"Didn't find STARTTLS in server response, trying anyway...", "s_client",
       "starttls-not-found", ""},
      {"no peer certificate available", "s_client", "starttls-not-found", ""},
      {"write:errno=104", "s_client", "handshake-closed", ""},
      // Exim 4.96
      {"2026-11-24 H=mx.example.test [192.0.2.1]: TLS session: (certificate verification failed): "
       "certificate invalid",
       "Exim", "issuer-unknown", "mx.example.test"},
      {"H=mx.example.test [192.0.2.1]: a TLS session is required, but the server did not offer TLS "
       "support",
       "Exim", "starttls-not-offered", "mx.example.test"},
      {"TLS session: error on first read", "Exim", "client-certificate-required", ""},
      // OpenSMTPD, sendmail
      {"mta error reason=SSL certificate check failed", "OpenSMTPD", "issuer-unknown", ""},
      {"STARTTLS=client, relay=mx.example.test, version=TLSv1.3, verify=FAIL, cipher=x", "sendmail",
       "issuer-unknown", "mx.example.test"},
      // Exchange
      {"450 4.7.320 Certificate validation failed [Message=UntrustedRoot] FQDN=mx.example.test",
       "Exchange Online", "intermediate-missing", "mx.example.test"},
      {"450 4.7.320", "Exchange Online", "issuer-unknown", ""},
      {"454 4.7.5 Certificate validation failure, reason:UntrustedRoot", "Exchange Server",
       "intermediate-missing", ""},
      // gnutls-cli
      {"- Status: The certificate is NOT trusted. The certificate chain uses expired certificate.",
       "GnuTLS", "certificate-expired", ""},
      // OpenSSL
      {"error:0A00010B:SSL routines:ssl3_get_record:wrong version number:", "OpenSSL",
       "starttls-plaintext-reply", ""},
      {"failure-reason-code: unable to get local issuer certificate", "OpenSSL 20",
       "issuer-unknown", ""},
  };
  for (const Case& one : cases) {
    const Explanation found = nearest(one.text);
    EXPECT_EQ(found.line.sender, one.sender) << one.text;
    ASSERT_FALSE(found.codes.empty()) << one.text;
    EXPECT_EQ(found.codes.front(), one.first_code) << one.text;
    EXPECT_EQ(found.host, one.host) << one.text;
  }
}

TEST(Senders, ReadsOpensslNumbersHoweverTheyAreWritten) {
  for (const char* const text :
       {"20", " 20\n", "num=20", "verify error:num=20:unable to get local issuer certificate",
        "error 20 at 1 depth lookup: unable to get local issuer certificate",
        "Verify return code: 20 (unable to get local issuer certificate)", "OpenSSL 20"}) {
    EXPECT_EQ(nearest(text).line.sender, "OpenSSL 20") << text;
  }
  EXPECT_EQ(nearest("24").line.sender, "OpenSSL 24");
  EXPECT_THAT(explain_line("250"), IsEmpty());
}

TEST(Senders, KnowsEveryTlsReportType) {
  for (const char* const type :
       {"starttls-not-supported", "certificate-host-mismatch", "certificate-expired",
        "certificate-not-trusted", "validation-failure", "tlsa-invalid", "dnssec-invalid",
        "dane-required", "sts-policy-fetch-error", "sts-policy-invalid", "sts-webpki-invalid"}) {
    EXPECT_EQ(nearest(std::string("\"result-type\": \"") + type + "\"").line.tlsrpt, type);
  }
}

TEST(Senders, ReadsABounceThatIsWrappedAnywhere) {
  const Explanation found = nearest(
      "Action: delayed\r\nDiagnostic-Code: X-Postfix; TLS is required,\r\n    but was not offered "
      "by "
      "host\r\n    mx.example.test[192.0.2.1]\r\n");
  EXPECT_THAT(found.codes, testing::Contains("starttls-not-offered"));
  EXPECT_EQ(found.host, "mx.example.test");
}

TEST(Senders, DoesNotTakeACodeForAPartOfAnother) {
  EXPECT_THAT(explain_line("450 14.7.320"), IsEmpty());
  EXPECT_THAT(explain_line("450 4.7.3201"), IsEmpty());
}

TEST(Senders, EndsWithWhatToAskForNext) {
  EXPECT_EQ(nearest("TLS is required, but was not offered by host mx.example.test[192.0.2.1]").next,
            "Run: badmx check mx.example.test (or ask for the output of: openssl s_client -connect "
            "mx.example.test:25 -starttls smtp -showcerts </dev/null)");
  EXPECT_THAT(nearest("tlsa-invalid").next, HasSubstr("dig +dnssec TLSA _25._tcp.HOST"));
  for (const SenderLine& line : sender_lines()) {
    const auto all = explain_line(line.pattern);
    for (const Explanation& one : all) EXPECT_FALSE(one.next.empty()) << line.pattern;
  }
}

TEST(Senders, FindsEachRowByItsOwnPattern) {
  for (const SenderLine& line : sender_lines()) {
    std::string text(line.pattern);
    for (std::size_t at = 0; (at = text.find('{')) != std::string::npos;) {
      text.replace(at, text.find('}') + 1 - at, "mx.example.test");
    }
    const auto all = explain_line(text);
    EXPECT_TRUE(std::ranges::any_of(all, [&line](const Explanation& found) {
      return found.line == line;
    })) << line.pattern;
  }
}

TEST(Senders, NamesOnlyFindingsThatExist) {
  for (const SenderLine& line : sender_lines()) {
    for (const std::string_view code : nearest(line.pattern).codes) {
      EXPECT_NE(find_rule(code), nullptr) << code;
    }
    EXPECT_FALSE(line.meaning.empty()) << line.pattern;
    EXPECT_TRUE(line.meaning.ends_with('.')) << line.meaning;
    EXPECT_TRUE(std::ranges::none_of(line.pattern, [](char c) { return c >= 'A' && c <= 'Z'; }))
        << line.pattern;
    // Whoever asks for nothing special asks for a transcript, which must be about a finding.
    EXPECT_TRUE(!line.ask.empty() || !line.codes.empty() || line.sender == "OpenSSL 23")
        << line.pattern;
  }
}

TEST(Senders, HasNoPatternTwice) {
  std::set<std::string> seen;
  for (const SenderLine& line : sender_lines()) {
    EXPECT_TRUE(seen.insert(std::string(line.sender) + "|" + std::string(line.pattern)).second)
        << line.pattern;
  }
}

TEST(Senders, SaysNothingOfOtherText) {
  EXPECT_THAT(explain_line(""), IsEmpty());
  EXPECT_THAT(explain_line("250 2.0.0 Ok: queued"), IsEmpty());
  EXPECT_THAT(explain_line(std::string(1000, '\0')), IsEmpty());
}

TEST(Senders, IsBoundedWhateverItIsGiven) {
  std::string hostile;
  for (int i = 0; i < 20000; ++i) hostile += "certificate verification failed for host ";
  EXPECT_THAT(explain_line(hostile), IsEmpty());
  const auto found = explain_line("TLS is required, but was not offered by host \x1b[31m.evil");
  ASSERT_FALSE(found.empty());
  EXPECT_THAT(found.front().host, IsEmpty());
  EXPECT_LE(explain_line(hostile + std::string(1 << 20, 'x')).size(), 20U);
}

}  // namespace
}  // namespace badmx::checker
