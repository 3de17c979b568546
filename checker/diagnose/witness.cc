#include "checker/diagnose/witness.h"

#include "checker/facts/anchors.h"
#include "checker/rules/rules.h"
#include "x509/verify.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <utility>

namespace badmx::checker {
namespace {

x509::VerifyPurpose purpose_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::server:
      return x509::VerifyPurpose::server;
    case Purpose::client:
      return x509::VerifyPurpose::client;
    case Purpose::any:
      break;
  }
  return x509::VerifyPurpose::any;
}

bool explains_error(const Finding& finding, int code) {
  const Rule* rule = find_rule(finding.code);
  return rule != nullptr && std::ranges::find(rule->openssl, code) != rule->openssl.end();
}

// What was given stays out of OpenSSL's sight, for the server doesn't send it; but whoever checks
// lists has the certificates of who signs them.
std::vector<x509::Bytes> with_list_signers(const Facts& facts, std::span<const x509::Bytes> chain) {
  std::vector<x509::Bytes> all(chain.begin(), chain.end());
  for (const CertificateFacts& given : facts.given) {
    const bool names_a_list = std::ranges::any_of(facts.crls, [&](const CrlFacts& crl) {
      return crl.read && crl.normalized_issuer == given.normalized_subject;
    });
    if (given.read && names_a_list) all.push_back(given.der);
  }
  return all;
}

std::optional<std::vector<Complaint>> openssl_complaints(const Facts& facts,
                                                         std::span<const x509::Bytes> chain,
                                                         const x509::TrustStore& trust) {
  std::vector<x509::Bytes> with_signers;
  if (!facts.crls.empty()) {
    with_signers = with_list_signers(facts, chain);
    chain = with_signers;
  }
  const auto complaints = x509::verify({.chain = chain,
                                        .names = facts.criteria.names,
                                        .moment = facts.criteria.moment,
                                        .purpose = purpose_of(facts.criteria.purpose),
                                        .crls = facts.criteria.crls},
                                       trust);
  if (!complaints) return std::nullopt;
  std::vector<Complaint> result;
  result.reserve(complaints->size());
  for (const x509::VerifyComplaint& complaint : *complaints) {
    result.push_back({.depth = complaint.depth, .code = complaint.code, .text = complaint.text});
  }
  return result;
}

Evidence complaint_evidence(const Complaint& complaint) {
  return {"openssl",
          fmt::format("{} ({}) at depth {}", complaint.text, complaint.code, complaint.depth)};
}

// OpenSSL takes a certificate for expired in the very second of its notAfter; RFC 5280 4.1.2.5
// doesn't.
bool is_about_the_last_second(const Facts& facts, const Complaint& complaint) {
  constexpr int certificate_has_expired = 10;
  const auto depth = static_cast<std::size_t>(std::max(complaint.depth, 0));
  const auto& path = facts.path.certificates;
  return complaint.code == certificate_has_expired && depth < path.size() &&
         facts.at(path[depth]).not_after == facts.criteria.moment;
}

// What doesn't count of an anchor by the criteria's rules.
bool is_about_a_bare_anchor(const Facts& facts, const Complaint& complaint) {
  const AnchorRules& rules = facts.criteria.anchors;
  const auto depth = static_cast<std::size_t>(std::max(complaint.depth, 0));
  const bool at_anchor =
      depth + 1 == facts.path.certificates.size() && facts.path.end == PathEnd::anchor;
  return at_anchor && !(rules.dates && rules.constraints);
}

bool is_explained(const Facts& facts, const Complaint& complaint,
                  std::span<const Finding> findings) {
  return is_about_the_last_second(facts, complaint) || is_about_a_bare_anchor(facts, complaint) ||
         std::ranges::any_of(findings, [&complaint](const Finding& finding) {
           return explains_error(finding, complaint.code);
         });
}

// Whether OpenSSL has nothing more against the path than what was found, when it gets nothing else
// to choose from.
bool takes_the_path(const Facts& facts, std::span<const Finding> findings) {
  if (facts.path.end != PathEnd::anchor) return false;
  std::vector<x509::Bytes> chain;
  std::vector<x509::Bytes> anchor;
  for (const Location& where : facts.path.certificates) {
    (where.kind == LocationKind::trusted ? anchor : chain).push_back(facts.at(where).der);
  }
  if (chain.empty() || anchor.size() != 1) return false;
  const auto complaints = openssl_complaints(facts, chain, x509::TrustStore(anchor));
  return complaints && std::ranges::all_of(*complaints, [&](const Complaint& complaint) {
           return is_explained(facts, complaint, findings);
         });
}

}  // namespace

OpensslAnswer ask_openssl(const Facts& facts) {
  const auto skipped = [](std::string why) {
    return OpensslAnswer{.skipped = std::move(why), .complaints = {}};
  };
  if (facts.sent.empty()) return skipped("no certificate was sent");
  if (!facts.anchors) return skipped("trust wasn't checked");
  const bool printed = std::ranges::any_of(
      facts.sent, [](const CertificateFacts& certificate) { return certificate.printed; });
  if (printed) return skipped("the chain in the input is incomplete");
  auto complaints =
      openssl_complaints(facts, facts.judged_attempt().chain, facts.anchors->openssl());
  if (!complaints) return skipped("it can't parse all that was sent");
  return {.skipped = {}, .complaints = std::move(*complaints)};
}

std::vector<Finding> unexplained(const Facts& facts, std::span<const Complaint> complaints,
                                 std::span<const Finding> findings) {
  std::vector<Finding> result;
  for (const Complaint& complaint : complaints) {
    if (is_explained(facts, complaint, findings)) continue;
    const auto depth = static_cast<std::size_t>(std::max(complaint.depth, 0));
    const auto& path = facts.path.certificates;
    Location where = depth < path.size() ? path[depth] : Location{};
    result.push_back(
        {.code = "openssl-rejects", .where = where, .evidence = {complaint_evidence(complaint)}});
  }
  if (!result.empty() && takes_the_path(facts, findings)) {
    Finding one{.code = "path-not-found-by-openssl", .where = facts.path.certificates.front()};
    for (Finding& finding : result) one.evidence.push_back(std::move(finding.evidence.front()));
    return {std::move(one)};
  }
  return result;
}

}  // namespace badmx::checker
