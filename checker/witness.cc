#include "checker/witness.h"

#include "checker/anchors.h"
#include "checker/rules.h"
#include "tls/verify.h"

#include <fmt/format.h>

#include <algorithm>

namespace badmx::checker {
namespace {

tls::VerifyPurpose purpose_of(Purpose purpose) {
  switch (purpose) {
    case Purpose::server:
      return tls::VerifyPurpose::server;
    case Purpose::client:
      return tls::VerifyPurpose::client;
    case Purpose::any:
      break;
  }
  return tls::VerifyPurpose::any;
}

bool explains(const Finding& finding, int code) {
  const Rule* rule = find_rule(finding.code);
  return rule != nullptr && std::ranges::find(rule->openssl, code) != rule->openssl.end();
}

}  // namespace

std::optional<std::vector<Complaint>> ask_openssl(const Facts& facts) {
  const bool whole = std::ranges::none_of(
      facts.sent, [](const CertificateFacts& certificate) { return certificate.printed; });
  if (!facts.anchors || facts.sent.empty() || !whole) return std::nullopt;
  const auto complaints = tls::verify({.chain = facts.judged_attempt().chain,
                                       .names = facts.question.names,
                                       .moment = facts.question.moment,
                                       .purpose = purpose_of(facts.question.purpose),
                                       .crls = facts.question.crls},
                                      facts.anchors->openssl());
  if (!complaints) return std::nullopt;
  std::vector<Complaint> result;
  result.reserve(complaints->size());
  for (const tls::VerifyComplaint& complaint : *complaints) {
    result.push_back({.depth = complaint.depth, .code = complaint.code, .text = complaint.text});
  }
  return result;
}

std::vector<Finding> unexplained(const Facts& facts, std::span<const Complaint> complaints,
                                 std::span<const Finding> findings) {
  std::vector<Finding> result;
  for (const Complaint& complaint : complaints) {
    const bool explained = std::ranges::any_of(findings, [&complaint](const Finding& finding) {
      return explains(finding, complaint.code);
    });
    if (explained) continue;
    const auto depth = static_cast<std::size_t>(std::max(complaint.depth, 0));
    const auto& path = facts.path.certificates;
    Where where = depth < path.size() ? path[depth] : Where{};
    result.push_back({.code = "openssl-objects",
                      .where = where,
                      .evidence = {{"openssl", fmt::format("{} ({}) at depth {}", complaint.text,
                                                           complaint.code, complaint.depth)}}});
  }
  return result;
}

}  // namespace badmx::checker
