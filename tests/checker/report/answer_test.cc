#include "checker/report/answer.h"

#include "tests/checker/example_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace badmx::checker {
namespace {

using testing::EndsWith;
using testing::HasSubstr;
using testing::StartsWith;

TEST(Answer, SaysThatNothingIsWrong) {
  EXPECT_EQ(answer(examples::healthy_diagnosis()),
            "mx.example.test:25: Nothing is wrong. All senders deliver.");
  Diagnosis nameless = examples::healthy_diagnosis();
  nameless.grounds.names.clear();
  nameless.verdicts[3].outcome = Outcome::undecided;
  EXPECT_EQ(
      answer(nameless),
      "mx.example.test:25: Nothing is wrong; no name was checked. Whether senders that verify "
      "the name deliver couldn't be judged; others do.");
}

TEST(Answer, PromisesNoDeliveryWhereAMessageDidNotGetThrough) {
  Diagnosis diagnosis = examples::healthy_diagnosis();
  diagnosis.messages = {{"cleartext", true, "accepted"},
                        {"tls", false, "rejected at RCPT: 550 5.1.1 User unknown"}};
  EXPECT_EQ(
      answer(diagnosis),
      "mx.example.test:25: Nothing is wrong with TLS. A message over TLS is rejected at RCPT: "
      "550 5.1.1 User unknown.");
  diagnosis.messages = {{"cleartext", false, "rejected at MAIL: 530 No"},
                        {"tls", true, "accepted"}};
  EXPECT_THAT(answer(diagnosis), EndsWith("All senders deliver. A message in cleartext is rejected "
                                          "at MAIL: 530 No."));
}

TEST(Answer, NamesTheNearestCauseItsPlaceAndWhoRefuses) {
  const std::string sentence = answer(examples::broken_diagnosis());
  EXPECT_THAT(sentence, StartsWith("mx.example.test:25: "));
  EXPECT_THAT(sentence, HasSubstr("(sent[0], CN=mx.example.test), and 1 more finding."));
  EXPECT_THAT(sentence, EndsWith(" Senders that verify the certificate refuse; others deliver."));
}

TEST(Answer, SaysWhatEachSetOfVerdictsMeans) {
  using enum Outcome;
  struct Case {
    std::array<Outcome, 4> outcomes;
    const char* sentence;
  };
  const Case cases[] = {
      {{refuse, refuse, refuse, refuse}, "No sender delivers."},
      {{deliver_cleartext, refuse, refuse, refuse},
       "Senders that demand TLS refuse; others deliver in cleartext."},
      {{undecided, refuse, refuse, refuse},
       "Senders that demand TLS refuse; whether others deliver couldn't be judged."},
      {{deliver, deliver, deliver, refuse}, "Senders that verify the name refuse; others deliver."},
      {{undecided, undecided, undecided, undecided}, "What senders do couldn't be judged."},
      {{refuse, deliver, refuse, deliver},
       "By policy: opportunistic: refuse, encrypt: deliver, verify-ca: refuse, verify: deliver."},
  };
  for (const Case& one : cases) {
    Diagnosis diagnosis = examples::broken_diagnosis();
    for (std::size_t i = 0; i < 4; ++i) diagnosis.verdicts[i].outcome = one.outcomes.at(i);
    EXPECT_THAT(answer(diagnosis), EndsWith(one.sentence));
  }
}

TEST(Answer, SaysThatNothingWasObserved) {
  Diagnosis nothing;
  nothing.grounds.origin = "mx.example.test:25";
  EXPECT_EQ(answer(nothing), "mx.example.test:25: Nothing could be observed.");
}

TEST(Answer, SpeaksOfTheServerNotOfASecretInTheInput) {
  Diagnosis diagnosis = examples::healthy_diagnosis();
  diagnosis.findings = {{.code = "session-secret-pasted",
                         .severity = Severity::warning,
                         .fix_at = FixAt::undecided,
                         .where = {},
                         .attempt = 0,
                         .evidence = {},
                         .because_of = {}}};
  EXPECT_EQ(answer(diagnosis), "mx.example.test:25: Nothing is wrong. All senders deliver.");
}

}  // namespace
}  // namespace badmx::checker
