#include "checker/senders/sender_profiles.h"

#include "checker/rules/rules.h"
#include "checker/senders/senders.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>

namespace badmx::checker {
namespace {

using testing::IsEmpty;

// A diagnosis with one finding, its policies' verdicts as its row says.
Diagnosis diagnosis_of(std::string_view code) {
  Diagnosis diagnosis;
  const Rule* rule = find_rule(code);
  if (rule == nullptr) return diagnosis;
  diagnosis.findings.push_back({.code = std::string(code)});
  for (const Policy policy : all_policies) {
    diagnosis.verdicts.push_back({.policy = policy, .outcome = rule->effects[policy]});
  }
  return diagnosis;
}

SenderVerdict verdict_of(const Diagnosis& diagnosis, std::string_view sender,
                         std::string_view setting) {
  for (const SenderVerdict& verdict : sender_verdicts(diagnosis)) {
    if (verdict.profile->sender == sender && verdict.profile->setting == setting) return verdict;
  }
  ADD_FAILURE() << "no profile of " << sender << " with " << setting;
  return {};
}

TEST(SenderProfiles, SayWhatEachSenderDoesAndWrites) {
  struct Case {
    const char* code;
    const char* sender;
    const char* setting;
    Outcome outcome;
    const char* says;  // part of it
  };
  const Case cases[] = {
      {"certificate-expired", "Postfix", "smtp_tls_security_level = verify or secure",
       Outcome::refuse, "certificate has expired"},
      {"certificate-expired", "Postfix", "smtp_tls_security_level = may", Outcome::deliver, ""},
      {"starttls-not-offered", "Postfix", "smtp_tls_security_level = encrypt", Outcome::refuse,
       "tls is required, but was not offered"},
      {"name-mismatch", "Exim", "tls_verify_hosts alone", Outcome::deliver_cleartext,
       "certificate"},
      {"handshake-closed", "Exim", "tls_verify_hosts alone", Outcome::deliver_cleartext, ""},
      {"name-mismatch", "Exchange Online", "connector: a trusted CA's, with the name",
       Outcome::refuse, "[message=subjectmismatch]"},
      {"name-mismatch", "Exchange Online", "connector: a trusted CA's", Outcome::deliver, ""},
      {"key-weak", "Postfix", "smtp_tls_security_level = verify or secure", Outcome::deliver, ""},
      {"ocsp-staple-invalid", "Exim", "hosts_require_tls and tls_verify_hosts", Outcome::refuse,
       "certificate invalid"},
      {"ocsp-staple-revoked", "Exim", "tls_verify_hosts alone", Outcome::deliver_cleartext,
       "certificate revoked"},
      {"ocsp-staple-revoked", "Postfix", "smtp_tls_security_level = verify or secure",
       Outcome::deliver, ""},
      {"ocsp-staple-revoked", "Gmail", "secure transport required, CA signed", Outcome::undecided,
       ""},
  };
  for (const Case& test : cases) {
    const SenderVerdict verdict = verdict_of(diagnosis_of(test.code), test.sender, test.setting);
    EXPECT_EQ(verdict.outcome, test.outcome) << test.code << ", " << test.setting;
    EXPECT_THAT(std::string(verdict.says), testing::HasSubstr(test.says)) << test.code;
    EXPECT_TRUE(verdict.outcome != Outcome::deliver || verdict.says.empty()) << test.code;
  }
}

TEST(SenderProfiles, WhatWasNotObservedHasNoVerdict) {
  EXPECT_THAT(sender_verdicts(Diagnosis{}), IsEmpty());
}

TEST(SenderProfiles, UndecidedStaysUndecidedUnlessSomethingRefuses) {
  Diagnosis diagnosis = diagnosis_of("issuer-url-broken");
  for (Verdict& verdict : diagnosis.verdicts) verdict.outcome = Outcome::undecided;
  for (const SenderVerdict& verdict : sender_verdicts(diagnosis)) {
    EXPECT_EQ(verdict.outcome, Outcome::undecided) << verdict.profile->setting;
  }
}

TEST(SenderProfiles, NameOnlyFindingsAndSendersThatAreKnown) {
  for (const SenderProfile& profile : sender_profiles()) {
    for (const Deviation& deviation : profile.deviations) {
      EXPECT_NE(find_rule(deviation.code), nullptr) << profile.setting << ": " << deviation.code;
    }
    const auto lines = sender_lines();
    const bool speaks = std::ranges::any_of(
        lines, [&profile](const SenderLine& line) { return line.sender == profile.sender; });
    EXPECT_TRUE(speaks || profile.sender == "Gmail") << profile.sender;
  }
}

}  // namespace
}  // namespace badmx::checker
