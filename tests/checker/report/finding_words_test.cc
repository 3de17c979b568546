#include "checker/report/finding_words.h"

#include <gtest/gtest.h>

namespace badmx::checker {
namespace {

TEST(FindingWords, SayWhatNamesForProgramsMean) {
  EXPECT_EQ(evidence_words({"issuer", "CN=a"}), "issuer: CN=a");
  EXPECT_EQ(evidence_words({"moment", "2026-11-24"}), "checked at: 2026-11-24");
  EXPECT_EQ(evidence_words({"days-ago", "30"}), "expired 30 days ago");
  EXPECT_EQ(evidence_words({"days-ago", "1"}), "expired 1 day ago");
  EXPECT_EQ(evidence_words({"days-ago", "0"}), "expired less than a day ago");
  EXPECT_EQ(evidence_words({"days-left", "2"}), "valid in 2 days");
  EXPECT_EQ(evidence_words({"days-left", "1"}), "valid in 1 day");
  EXPECT_EQ(evidence_label({"days-ago", "30"}), "expired");
  EXPECT_EQ(evidence_value({"days-ago", "30"}), "30 days ago");
}

TEST(FindingWords, NameWhoseAdministratorFixesIt) {
  EXPECT_EQ(who_fixes(FixAt::server), "Fix (server administrator)");
  EXPECT_EQ(who_fixes(FixAt::sender), "Fix (sender administrator)");
  EXPECT_EQ(who_fixes(FixAt::network), "Fix (network administrator)");
  EXPECT_EQ(who_fixes(FixAt::undecided), "Fix");
}

}  // namespace
}  // namespace badmx::checker
