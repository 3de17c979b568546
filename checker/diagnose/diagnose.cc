#include "checker/diagnose/diagnose.h"

#include "checker/diagnose/other_chains.h"
#include "checker/diagnose/server_software.h"
#include "checker/diagnose/undecided.h"
#include "checker/diagnose/verdict.h"
#include "checker/diagnose/witness.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/facts.h"
#include "checker/facts/hostname.h"
#include "checker/rules/rules.h"
#include "x509/printable.h"

#include <algorithm>
#include <iterator>
#include <utility>

namespace badmx::checker {
namespace {

constexpr std::size_t most_member_names = 200;

Finding with_row_fields(Finding finding, const Rule& rule, const Facts& facts) {
  finding.severity = severity(rule, facts.criteria.profile);
  // What is wrong with the sender's own list isn't the server's to mend.
  finding.fix_at = finding.where.kind == LocationKind::trusted ? FixAt::sender : rule.fix_at;
  const bool of_chain =
      finding.where.kind != LocationKind::point && finding.where.kind != LocationKind::nowhere;
  finding.attempt = of_chain ? facts.attempt : 0;
  return finding;
}

std::vector<Finding> apply_rules(const Facts& facts) {
  std::vector<Finding> findings;
  for (const Rule& rule : rules()) {
    if (rule.find == nullptr) continue;
    for (Finding& finding : rule.find(facts)) {
      findings.push_back(with_row_fields(std::move(finding), rule, facts));
    }
  }
  return findings;
}

// A certificate's height in the path; a place elsewhere has none.
std::optional<std::size_t> height(const Facts& facts, const Location& where) {
  const auto& path = facts.path.certificates;
  const auto it = std::ranges::find(path, where);
  if (it == path.end()) return std::nullopt;
  return static_cast<std::size_t>(it - path.begin());
}

bool reaches(const Facts& facts, Reach reach, const Location& cause, const Location& effect) {
  const auto from = height(facts, cause);
  const auto to = height(facts, effect);
  const bool above = from && to && *to > *from;
  switch (reach) {
    case Reach::same_place:
      return cause == effect;
    case Reach::above:
      return cause == effect || above;
    case Reach::only_above:
      return above;
    case Reach::anywhere:
      return true;
  }
  return false;
}

bool explains(const Facts& facts, const Finding& cause, const Finding& effect) {
  const Rule* rule = find_rule(cause.code);
  if (rule == nullptr || &cause == &effect) return false;
  return std::ranges::any_of(rule->consequences, [&](const Consequence& consequence) {
    return consequence.code == effect.code &&
           reaches(facts, consequence.reach, cause.where, effect.where);
  });
}

void separate_consequences(const Facts& facts, const std::vector<Finding>& all, Diagnosis& diagnosis) {
  for (const Finding& finding : all) {
    std::vector<std::string> causes;
    for (const Finding& cause : all) {
      if (explains(facts, cause, finding)) causes.push_back(cause.code);
    }
    Finding kept = finding;
    kept.because_of = std::move(causes);
    auto& list = kept.because_of.empty() ? diagnosis.findings : diagnosis.consequences;
    list.push_back(std::move(kept));
  }
}

std::string key_text(const x509::PublicKey& key) {
  if (key.algorithm == "ec") return "EC " + key.curve;
  if (key.algorithm.starts_with("rsa") || key.algorithm == "dsa") {
    const std::string kind = key.algorithm == "dsa"   ? "DSA"
                             : key.algorithm == "rsa" ? "RSA"
                                                      : "RSA-PSS";
    return kind + " " + std::to_string(key.bits) + " bits";
  }
  if (key.algorithm == "ed25519") return "Ed25519";
  if (key.algorithm == "ed448") return "Ed448";
  return key.algorithm;
}

std::vector<std::string> server_names(const x509::Certificate& certificate) {
  std::vector<std::string> names;
  if (!certificate.subject_alt_names) return names;
  for (const x509::GeneralName& name : *certificate.subject_alt_names) {
    if (names.size() == most_member_names) break;
    if (name.kind == x509::GeneralNameKind::ip) {
      names.push_back(ip_text(name.value));
    } else if (name.kind == x509::GeneralNameKind::dns ||
               name.kind == x509::GeneralNameKind::email) {
      names.push_back(x509::printable(x509::as_text(name.value), 256));
    }
  }
  return names;
}

const PrintedCertificate* printed(const Facts& facts, std::size_t index) {
  const auto& all = facts.observation.pasted.certificates;
  const auto it = std::ranges::find_if(all, [index](const PrintedCertificate& certificate) {
    return certificate.position == static_cast<int>(index);
  });
  return it == all.end() ? nullptr : &*it;
}

std::vector<ChainMember> chain_of(const Facts& facts) {
  std::vector<ChainMember> chain;
  chain.reserve(facts.sent.size());
  for (std::size_t i = 0; i < facts.sent.size(); ++i) {
    const CertificateFacts& certificate = facts.sent[i];
    ChainMember member{.index = i,
                       .subject = certificate.subject,
                       .issuer = certificate.issuer,
                       .not_before = certificate.not_before,
                       .not_after = certificate.not_after,
                       .on_path = facts.on_path(certificate.where)};
    if (!certificate.der.empty()) member.sha256 = x509::hex(x509::sha256(certificate.der));
    if (certificate.read) {
      member.names = server_names(*certificate.read);
      member.key = key_text(certificate.read->key);
      member.signature = certificate.read->signature_algorithm.name;
    } else if (certificate.printed) {
      if (const PrintedCertificate* text = printed(facts, i)) {
        member.key = text->key;
        member.signature = text->signature;
      }
    }
    chain.push_back(std::move(member));
  }
  return chain;
}

std::vector<Step> steps_of(const Facts& facts) {
  std::vector<Step> steps;
  for (const Location& where : facts.path.certificates) {
    const CertificateFacts& certificate = facts.at(where);
    steps.push_back({.certificate = where,
                     .subject = certificate.subject,
                     .issuer = certificate.issuer,
                     .trusted = where.kind == LocationKind::trusted});
  }
  return steps;
}

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
          .trust = criteria.trust ? criteria.trust_description : "trust isn't judged",
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
  std::vector<Finding> all = apply_rules(facts);
  for (Finding& finding : other_chains(observation, criteria, facts.attempt)) {
    const Rule* rule = find_rule(finding.code);
    all.push_back(with_row_fields(std::move(finding), *rule, facts));
  }
  if (auto complaints = ask_openssl(facts)) {
    diagnosis.openssl_asked = true;
    diagnosis.openssl = std::move(*complaints);
    for (Finding& finding : unexplained(facts, diagnosis.openssl, all)) {
      const Rule* rule = find_rule(finding.code);
      all.push_back(with_row_fields(std::move(finding), *rule, facts));
    }
  }
  // Rows stand nearest cause first; pointers into one table compare as their places.
  std::ranges::stable_sort(all, {}, [](const Finding& finding) { return find_rule(finding.code); });
  separate_consequences(facts, all, diagnosis);
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
