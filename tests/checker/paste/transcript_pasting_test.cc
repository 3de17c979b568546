// What mail programs, editors, tickets and loggers do to a transcript on its way.
#include "checker/paste/transcript_reader.h"
#include "checker/paste/transcript_text.h"
#include "tests/checker/only_session.h"
#include "tests/checker/paste/example_transcripts.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace badmx::checker {
namespace {

using examples::der;
using examples::expect_whole_session;
using examples::replaced;
using examples::whole_session;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::StartsWith;

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

}  // namespace
}  // namespace badmx::checker
