#include "checker/report/report_junit.h"

#include "tests/checker/example_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using testing::HasSubstr;
using testing::Not;

std::size_t count(const std::string& text, std::string_view what) {
  std::size_t found = 0;
  for (std::size_t at = 0; (at = text.find(what, at)) != std::string::npos; ++at) ++found;
  return found;
}

std::string report(const Diagnosis& diagnosis, const JunitOptions& options) {
  const std::vector<TargetReport> reports = {
      {.target = "mx.example.test:25", .diagnosis = diagnosis, .error = {}}};
  return report_junit(reports, options);
}

TEST(ReportJunit, HasACaseForEachPolicyAndFinding) {
  const std::string xml = report(examples::broken_diagnosis(), {});
  EXPECT_THAT(xml, HasSubstr("<testsuite name=\"mx.example.test:25\" tests=\"7\" failures=\"4\" "
                             "errors=\"0\" skipped=\"0\">"));
  for (const char* const name :
       {"policy opportunistic", "policy encrypt", "policy verify-ca", "policy verify",
        "finding issuer-unknown at sent[0]", "finding certificate-expired at sent[0]",
        "finding chain-unrelated at sent[1]"}) {
    EXPECT_THAT(xml, HasSubstr(std::string("name=\"") + name + "\"")) << name;
  }
  EXPECT_THAT(xml, HasSubstr("<failure message=\"refuse: issuer-unknown\">"));
  EXPECT_THAT(xml, HasSubstr("issuer: CN=Lab Intermediate"));
}

TEST(ReportJunit, PassesAHealthyServer) {
  const std::string xml = report(examples::healthy_diagnosis(), {});
  EXPECT_THAT(xml, HasSubstr("tests=\"4\" failures=\"0\" errors=\"0\" skipped=\"0\""));
  EXPECT_THAT(xml, Not(HasSubstr("<failure")));
}

TEST(ReportJunit, FailsByTheSeverityOrThePolicyThatItIsGiven) {
  struct Case {
    JunitOptions options;
    std::size_t failures;
  };
  const Case cases[] = {
      {{.fail_on = Severity::error, .policy = std::nullopt}, 4},
      {{.fail_on = Severity::note, .policy = std::nullopt}, 5},
      {{.fail_on = std::nullopt, .policy = std::nullopt}, 0},
      {{.fail_on = Severity::error, .policy = Policy::verify}, 1},
      {{.fail_on = Severity::error, .policy = Policy::encrypt}, 0},
  };
  for (const Case& one : cases) {
    EXPECT_EQ(count(report(examples::broken_diagnosis(), one.options), "<failure "), one.failures);
  }
}

TEST(ReportJunit, SkipsWhatIsUndecidedUnlessItIsAskedFor) {
  Diagnosis diagnosis = examples::healthy_diagnosis();
  diagnosis.verdicts[3].outcome = Outcome::undecided;
  EXPECT_EQ(count(report(diagnosis, {}), "<skipped "), 1U);
  const std::string asked =
      report(diagnosis, {.fail_on = Severity::error, .policy = Policy::verify});
  EXPECT_EQ(count(asked, "<failure "), 1U);
}

TEST(ReportJunit, SaysOfATargetThatNothingWasObserved) {
  const std::vector<TargetReport> reports = {
      {.target = "b.test", .diagnosis = std::nullopt, .error = "Name or service not known"},
      {.target = "c.test", .diagnosis = Diagnosis{}, .error = {}}};
  const std::string xml = report_junit(reports, {});
  EXPECT_THAT(xml, HasSubstr("<error message=\"Name or service not known\">"));
  EXPECT_THAT(xml, HasSubstr("tests=\"2\" failures=\"0\" errors=\"2\" skipped=\"0\""));
}

TEST(ReportJunit, EscapesWhatAPeerSaid) {
  const std::string xml = report(examples::hostile_diagnosis(), {});
  EXPECT_THAT(xml, Not(HasSubstr("<b a=")));
  EXPECT_THAT(xml, HasSubstr("]]&gt; &lt;b a=&quot;1&quot;&gt;&amp;\\xff\\xfe"));
  for (const char c : xml) {
    ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  }
}

}  // namespace
}  // namespace badmx::checker
