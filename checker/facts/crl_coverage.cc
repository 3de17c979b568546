#include "checker/facts/crl_coverage.h"

#include "checker/facts/anchors.h"
#include "checker/facts/certificate_facts.h"

#include <algorithm>
#include <optional>
#include <vector>

namespace badmx::checker {
namespace {

using x509::RevocationList;

// A critical extension but the number, whose criticality is a row of its own, and the scope.
std::string unknown_critical(const RevocationList& list) {
  for (const x509::Extension& each : list.extensions) {
    if (each.critical && each.oid != x509::oid_crl_number &&
        each.oid != x509::oid_issuing_distribution_point) {
      return each.oid;
    }
  }
  return "";
}

bool may_sign_lists(const x509::Certificate& certificate) {
  return !certificate.key_usage || (*certificate.key_usage & x509::key_usage_crl_sign) != 0;
}

bool is_current(const CertificateFacts& certificate, x509::Moment moment) {
  return !has_expired(certificate, moment) && !is_not_yet_valid(certificate, moment);
}

bool is_listed(const RevocationList& list, const CertificateFacts& certificate) {
  return std::ranges::find(list.revoked, certificate.read->serial,
                           &x509::RevokedCertificate::serial) != list.revoked.end();
}

// The key of one of these made the signature of the candidate's certificate, and no list that it
// signed names it.
bool is_vouched_for(const Facts& facts, const CertificateFacts& candidate,
                    const std::vector<const CertificateFacts*>& above) {
  return std::ranges::any_of(above, [&](const CertificateFacts* one) {
    if (one->normalized_subject != candidate.normalized_issuer ||
        x509::signed_by(*candidate.read, one->read->key) != x509::SignatureCheck::valid) {
      return false;
    }
    return std::ranges::none_of(facts.crls, [&](const CrlFacts& crl) {
      return crl.read && crl.normalized_issuer == candidate.normalized_issuer &&
             is_listed(*crl.read, candidate) &&
             x509::signed_by(*crl.read, one->read->key) == x509::SignatureCheck::valid;
    });
  });
}

// A CA may sign its lists with another key than the certificate: its next one, or one that is for
// lists alone. Whoever stands on the path above the certificate, or is trusted, must have
// certified it.
bool another_signed(const Facts& facts, const CrlFacts& list, std::size_t height) {
  std::vector<const CertificateFacts*> candidates;
  for (const auto* group : {&facts.sent, &facts.given}) {
    for (const CertificateFacts& one : *group) candidates.push_back(&one);
  }
  std::vector<const CertificateFacts*> above;
  const auto& path = facts.path.certificates;
  for (std::size_t i = height + 1; i < path.size(); ++i) {
    if (facts.at(path[i]).read) above.push_back(&facts.at(path[i]));
  }
  if (facts.anchors) {
    for (const CertificateFacts& anchor : facts.anchors->certificates()) {
      if (anchor.read) above.push_back(&anchor);
    }
  }
  return std::ranges::any_of(candidates, [&](const CertificateFacts* one) {
    return one->read && one->normalized_subject == list.normalized_issuer &&
           may_sign_lists(*one->read) && is_current(*one, facts.criteria.moment) &&
           x509::signed_by(*list.read, one->read->key) == x509::SignatureCheck::valid &&
           is_vouched_for(facts, *one, above);
  });
}

std::string why_not_signed(const Facts& facts, const CrlFacts& list, std::size_t height) {
  const CertificateFacts& issuer = facts.at(facts.path.certificates[height + 1]);
  if (!issuer.read) return "its issuer's certificate can't be read";
  const bool by_issuer =
      x509::signed_by(*list.read, issuer.read->key) == x509::SignatureCheck::valid;
  if (by_issuer && may_sign_lists(*issuer.read)) return "";
  if (another_signed(facts, list, height)) return "";
  return by_issuer ? "its issuer's key usage lacks cRLSign"
                   : "its issuer's key didn't make the signature";
}

// The reasons of the certificate's distribution points that are the list's too.
std::uint16_t shared_reasons(const x509::ListScope& scope, const x509::Certificate& certificate) {
  std::vector<x509::DistributionPoint> points;
  const auto extension = std::ranges::find(
      certificate.extensions, x509::oid_crl_distribution_points, &x509::Extension::oid);
  if (extension != certificate.extensions.end()) {
    points = x509::read_distribution_points(extension->value, certificate.issuer).value_or(points);
  }
  // Unsaid, the point is the issuer's own name (6.3.3).
  if (points.empty()) {
    points.push_back({.names = {x509::distribution_point_name(certificate.issuer)}});
  }
  unsigned reasons = 0;
  for (const x509::DistributionPoint& point : points) {
    const auto& names = point.names.empty() ? point.issuers : point.names;
    if (std::ranges::find_first_of(names, scope.names) != names.end()) reasons |= point.reasons;
  }
  return static_cast<std::uint16_t>(reasons);
}

CrlCoverage in_scope(const RevocationList& list, const x509::Certificate& certificate) {
  const auto extension = std::ranges::find(list.extensions, x509::oid_issuing_distribution_point,
                                           &x509::Extension::oid);
  if (extension == list.extensions.end()) return {.reasons = x509::all_reasons};
  const auto scope = x509::read_list_scope(extension->value, list.issuer);
  if (!scope) return {.why = "what it is about can't be read"};
  const bool is_ca = certificate.basic_constraints && certificate.basic_constraints->ca;
  if (scope->attribute_certificates_only) {
    return {.why = "it is about attribute certificates alone"};
  }
  if (scope->user_certificates_only && is_ca) return {.why = "it is about no CA's certificates"};
  if (scope->ca_certificates_only && !is_ca) return {.why = "it is about CAs' certificates alone"};
  if (scope->names.empty()) return {.reasons = scope->reasons};
  const std::uint16_t shared = shared_reasons(*scope, certificate);
  if (shared == 0) return {.why = "it is about the certificates of another distribution point"};
  return {.reasons = static_cast<std::uint16_t>(scope->reasons & shared)};
}

}  // namespace

CrlCoverage coverage(const Facts& facts, const CrlFacts& list, std::size_t height) {
  const RevocationList& read = *list.read;
  const x509::Moment moment = facts.criteria.moment;
  const CertificateFacts& certificate = facts.at(facts.path.certificates[height]);
  if (!certificate.read) return {.why = "the certificate can't be read"};
  if (!read.this_update || moment < *read.this_update) return {.why = "it isn't valid yet"};
  if (read.next_update && moment > *read.next_update) {
    return {.why = "it expired at " + x509::text(*read.next_update)};
  }
  std::string why = why_not_signed(facts, list, height);
  if (!why.empty()) return {.why = std::move(why)};
  const std::string oid = unknown_critical(read);
  if (!oid.empty()) return {.why = "it has the critical extension " + oid};
  return in_scope(read, *certificate.read);
}

}  // namespace badmx::checker
