// What an issuer may do, and how a certificate speaks of it.
#include "checker/facts/certificate_facts.h"
#include "checker/facts/certificate_policies.h"
#include "checker/facts/chain_facts.h"
#include "checker/facts/constraints.h"
#include "checker/facts/path.h"
#include "checker/rules/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

std::vector<Finding> not_ca(const Facts& facts) {
  std::vector<Finding> findings;
  const auto path = members(facts, facts.path);
  for (std::size_t i = 1; i < path.size(); ++i) {
    if (!constraints_count(facts.criteria, *path[i], i)) continue;
    const std::string why = why_no_issuer(*path[i]);
    if (why.empty()) continue;
    findings.push_back(make_finding(
        "issuer-not-ca", path[i]->where,
        {{"subject", path[i]->subject}, {"why", why}, {"issued", text(path[i - 1]->where)}}));
  }
  return findings;
}

std::vector<Finding> wrong_key_id(const Facts& facts) {
  std::vector<Finding> findings;
  for (const Edge& edge : facts.path.edges) {
    if (edge.signature != x509::SignatureCheck::valid || edge.key_ids != KeyIds::differ) continue;
    auto evidence = wanted_issuer(facts.at(edge.child));
    evidence.push_back({"candidate", text(edge.issuer)});
    evidence.push_back(
        {"candidate-key-id", key_id_text(facts.at(edge.issuer).read->subject_key_id)});
    findings.push_back(make_finding("authority-key-id-mismatch", edge.child, std::move(evidence)));
  }
  return findings;
}

std::vector<Finding> path_length(const Facts& facts) {
  std::vector<Finding> findings;
  const auto path = members(facts, facts.path);
  const auto limiting = constraining_certificates(facts.criteria, path);
  for (const ConstraintViolation& violation : path_length_violations(limiting)) {
    findings.push_back(make_finding("path-length-exceeded", violation.by,
                                    {{"subject", facts.at(violation.by).subject},
                                     {"limit", violation.limit},
                                     {"below", text(violation.at)}}));
  }
  return findings;
}

std::vector<Finding> too_long(const Facts& facts) {
  const bool too_deep = exceeds_depth(facts.criteria, members(facts, facts.path));
  if (facts.path.end != PathEnd::bound && !too_deep) return {};
  return {make_finding("path-too-long", facts.path.certificates.front(),
                       {{"certificates", fmt::format("{}", facts.path.certificates.size())}})};
}

std::vector<Finding> no_policy(const Facts& facts) {
  const auto path = members(facts, facts.path);
  if (path.empty() || facts.path.end != PathEnd::anchor ||
      process_policies(constraining_certificates(facts.criteria, path)).satisfied()) {
    return {};
  }
  return {
      make_finding("policy-none-valid", path.front()->where, {{"subject", path.front()->subject}})};
}

// RFC 5280 6.1.4 (a). The leaf's own mappings are nobody's business.
std::vector<Finding> any_policy_mapped(const Facts& facts) {
  std::vector<Finding> findings;
  const auto path = members(facts, facts.path);
  for (std::size_t height = 1; height < path.size(); ++height) {
    const CertificateFacts& certificate = *path[height];
    if (!certificate.read || !certificate.read->policy_mappings ||
        !constraints_count(facts.criteria, certificate, height)) {
      continue;
    }
    const bool maps_any = std::ranges::any_of(*certificate.read->policy_mappings,
                                              [](const x509::PolicyMapping& each) {
                                                return each.issuer_domain == x509::oid_any_policy ||
                                                       each.subject_domain == x509::oid_any_policy;
                                              });
    if (maps_any) {
      findings.push_back(make_finding("policy-mapping-of-any", certificate.where,
                                      {{"subject", certificate.subject}}));
    }
  }
  return findings;
}

constexpr std::array<std::string_view, 1> policy_evidence{"subject"};
constexpr std::array openssl_policy{42, 43};
constexpr std::array<std::string_view, 3> not_ca_evidence{"subject", "why", "issued"};
constexpr std::array<std::string_view, 7> key_id_evidence{
    "subject", "issuer", "basis", "issuer-key-id", "issuer-url", "candidate", "candidate-key-id"};
constexpr std::array<std::string_view, 3> length_evidence{"subject", "limit", "below"};
constexpr std::array<std::string_view, 1> too_long_evidence{"certificates"};
constexpr std::array not_ca_explains{Consequence{"basic-constraints-missing", Reach::same_place}};
constexpr std::array openssl_not_ca{24, 26, 32, 37, 41, 79};
constexpr std::array openssl_key_id{2, 18, 20, 21, 30};
constexpr std::array openssl_length{25, 41};
constexpr std::array openssl_too_long{2, 20, 21, 22};

constexpr std::array issuer_rows{
    Rule{.code = "issuer-not-ca",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1.4",
         .tlsrpt = "certificate-not-trusted",
         .title = "The issuer's certificate is not a CA's, or may not sign certificates",
         .explanation = "The issuer's certificate doesn't say that it is a CA, or that it may sign "
                        "certificates. What it signed counts for nothing.",
         .remedy =
             "Have the CA issue its own certificate properly (CA:TRUE, keyCertSign), or get a "
             "certificate from a real CA.",
         .where = "intermediate",
         .evidence = not_ca_evidence,
         .consequences = not_ca_explains,
         .openssl = openssl_not_ca,
         .find = not_ca},
    Rule{.code = "authority-key-id-mismatch",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 4.2.1.1",
         .tlsrpt = "certificate-not-trusted",
         .title = "The authority key identifier doesn't match the issuer's key",
         .explanation = "The signature is good, but the authority key identifier isn't that of the "
                        "issuer's key. OpenSSL looks for the issuer by it, finds none and says so.",
         .remedy = "Have the certificate issued anew with the right authority key identifier.",
         .where = "leaf",
         .evidence = key_id_evidence,
         .openssl = openssl_key_id,
         .find = wrong_key_id},
    Rule{.code = "path-length-exceeded",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 4.2.1.9",
         .tlsrpt = "certificate-not-trusted",
         .title = "The path length constraint of a CA certificate is exceeded",
         .explanation = "Its path length says how many intermediates may follow. A CA below it was "
                        "made without leave.",
         .remedy = "Use a certificate issued directly by the CA that is allowed to, or have the "
                   "upper CA's certificate issued with a larger path length.",
         .where = "root",
         .evidence = length_evidence,
         .openssl = openssl_length,
         .find = path_length},
    Rule{.code = "policy-none-valid",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1.5",
         .tlsrpt = "certificate-not-trusted",
         .title = "No certificate policy is valid for the whole chain, and a CA requires one",
         .explanation = "A certificate of the chain says that one below counts only under a "
                        "policy that all share, and there is none. OpenSSL looks only when it is "
                        "told to.",
         .remedy = "Have the CA issue the certificate under a policy that its own certificates "
                   "name.",
         .where = "leaf",
         .evidence = policy_evidence,
         .openssl = openssl_policy,
         .find = no_policy},
    Rule{.code = "policy-mapping-of-any",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1.4",
         .tlsrpt = "certificate-not-trusted",
         .title = "A CA's certificate maps a policy to or from any policy",
         .explanation = "A mapping says that one policy is as good as another; any policy can be "
                        "neither. OpenSSL looks only when it is told to.",
         .remedy = "Have the CA's certificate issued without that mapping.",
         .where = "intermediate",
         .evidence = policy_evidence,
         .openssl = openssl_policy,
         .find = any_policy_mapped},
    Rule{.code = "path-too-long",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1",
         .tlsrpt = "certificate-not-trusted",
         .title = "The chain is longer than senders follow",
         .explanation = "Senders follow a chain for a limited number of certificates, some for no "
                        "more than nine.",
         .remedy = "Use a CA with fewer intermediates.",
         .where = "leaf",
         .evidence = too_long_evidence,
         .openssl = openssl_too_long,
         .find = too_long},
};

}  // namespace

std::span<const Rule> issuer_rules() { return issuer_rows; }

}  // namespace badmx::checker
