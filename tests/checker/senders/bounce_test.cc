#include "checker/senders/bounce.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace badmx::checker {
namespace {

using testing::IsEmpty;
using testing::Not;

Diagnosis with_finding(std::string_view code) {
  Diagnosis diagnosis;
  diagnosis.findings.push_back({.code = std::string(code)});
  return diagnosis;
}

TEST(Bounce, IsExplainedByWhatWasFound) {
  constexpr std::string_view bounce =
      "Content-Transfer-Encoding: quoted-printable\r\n\r\n"
      "<u@example.test>: Server certificate not ver=\r\nified\r\n"
      "450 4.7.320 Certificate validation failed [Message=3DCertificateExpired]\r\n";
  const auto says = explain_line(readable_bounce(bounce));
  const auto explained = explain_bounce(says, with_finding("certificate-expired"));
  ASSERT_THAT(explained, Not(IsEmpty()));
  for (const std::string_view said :
       {"server certificate not verified", "[message=certificateexpired]"}) {
    const auto line = std::ranges::find(explained, said, &BounceLine::says);
    ASSERT_NE(line, explained.end()) << said;
    EXPECT_THAT(line->explained_by, testing::ElementsAre("certificate-expired")) << said;
  }
  const auto other = explain_bounce(says, with_finding("name-mismatch"));
  const auto line = std::ranges::find(other, "[message=certificateexpired]", &BounceLine::says);
  ASSERT_NE(line, other.end());
  EXPECT_THAT(line->explained_by, IsEmpty());
}

TEST(Bounce, QuotedPrintableIsUndoneOnlyWhereItIsDeclared) {
  struct Case {
    const char* body;
    const char* read;
  };
  constexpr std::string_view header = "content-transfer-encoding: Quoted-Printable\n\n";
  for (const Case& test : {Case{"a=3Db", "a=b"}, Case{"a=\nb", "ab"}, Case{"a=zz", "a=zz"},
                           Case{"a=", "a="}, Case{"a=4", "a=4"}}) {
    EXPECT_EQ(readable_bounce(std::string(header) + test.body), std::string(header) + test.read);
    EXPECT_EQ(readable_bounce(test.body), test.body);
  }
}

}  // namespace
}  // namespace badmx::checker
