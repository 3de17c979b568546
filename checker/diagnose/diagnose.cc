#include "checker/diagnose/diagnose.h"

#include "checker/diagnose/chain_view.h"
#include "checker/diagnose/judge.h"
#include "checker/diagnose/other_chains.h"
#include "checker/diagnose/server_software.h"
#include "checker/diagnose/undecided.h"
#include "checker/diagnose/verdict.h"
#include "checker/facts/facts.h"

#include <string>
#include <utility>
#include <vector>

namespace badmx::checker {
namespace {

std::string source_name(Source source) {
  switch (source) {
    case Source::live:
      return "live";
    case Source::transcript:
      return "a pasted s_client transcript";
    case Source::pem:
      return "a file of certificates";
  }
  return "";
}

Grounds grounds_of(const Observation& observation, const Criteria& criteria) {
  return {.moment = criteria.moment,
          .names = criteria.names,
          .trust = criteria.trust ? criteria.trust_description : "not checked",
          .intermediates = criteria.intermediates.size(),
          .source = source_name(observation.source),
          .origin = observation.origin,
          .software = criteria.server_software.empty() ? server_software(observation)
                                                       : criteria.server_software};
}

}  // namespace

Diagnosis diagnose(const Observation& observation, const Criteria& criteria) {
  Diagnosis diagnosis;
  diagnosis.grounds = grounds_of(observation, criteria);
  if (observation.attempts.empty()) return diagnosis;
  const Facts facts = read_facts(observation, criteria);
  Judgement judgement = judge(facts, other_chains(observation, criteria, facts.attempt));
  diagnosis.findings = std::move(judgement.findings);
  diagnosis.consequences = std::move(judgement.consequences);
  diagnosis.openssl = std::move(judgement.openssl.complaints);
  diagnosis.openssl_skipped = std::move(judgement.openssl.skipped);
  diagnosis.undecided = open_questions(facts, diagnosis.findings);
  // A sender refuses for a consequence as well; a cause decides where both do.
  std::vector<Finding> deciding = diagnosis.findings;
  deciding.insert(deciding.end(), diagnosis.consequences.begin(), diagnosis.consequences.end());
  diagnosis.verdicts = verdicts(facts, deciding);
  diagnosis.chain = chain_of(facts);
  diagnosis.path = steps_of(facts);
  diagnosis.path_trusted = facts.path.end == PathEnd::anchor;
  return diagnosis;
}

}  // namespace badmx::checker
