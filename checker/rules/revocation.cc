// What the given revocation lists say of the path (RFC 5280 6.3).
#include "checker/certificate_facts.h"
#include "checker/path.h"
#include "checker/rules/tables.h"
#include "tls/printable.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

using tls::RevocationList;

const tls::Extension* extension(const RevocationList& list, std::string_view oid) {
  const auto it = std::ranges::find(list.extensions, oid, &tls::Extension::oid);
  return it == list.extensions.end() ? nullptr : &*it;
}

// A critical extension but the number, whose criticality is another row's: what is said then holds
// for a part of the certificates only, or in a way that isn't known here.
std::string unknown_critical(const RevocationList& list) {
  for (const tls::Extension& each : list.extensions) {
    if (each.critical && each.oid != tls::oid_crl_number) return each.oid;
  }
  return "";
}

// Why the list says nothing of what this issuer signed; empty when it does.
std::string why_unusable(const RevocationList& list, const CertificateFacts& issuer,
                         tls::Moment moment) {
  if (!list.this_update || moment < *list.this_update) return "it isn't valid yet";
  if (list.next_update && moment > *list.next_update) {
    return "it ran out at " + tls::text(*list.next_update);
  }
  if (!issuer.read) return "its issuer's certificate can't be read";
  if (issuer.read->key_usage && (*issuer.read->key_usage & tls::key_usage_crl_sign) == 0) {
    return "its issuer's key usage lacks cRLSign";
  }
  if (tls::signed_by(list, issuer.read->key) != tls::SignatureCheck::valid) {
    return "its issuer's key didn't make the signature";
  }
  const std::string oid = unknown_critical(list);
  return oid.empty() ? "" : "it has the critical extension " + oid;
}

bool revokes(const RevocationList& list, const CertificateFacts& certificate) {
  return certificate.read && std::ranges::any_of(list.revoked, [&](const auto& entry) {
           return entry.serial == certificate.read->serial;
         });
}

// What was signed by another key of the same name isn't the list's.
bool is_of(const CrlFacts& crl, const CertificateFacts& certificate) {
  return crl.read && crl.issuer_form == certificate.issuer_form;
}

// Each certificate of the path but the last, with each list of its issuer's name.
template <typename Judge>
std::vector<Finding> each_list(const Facts& facts, Judge judge) {
  std::vector<Finding> findings;
  const auto path = members(facts, facts.path);
  for (std::size_t i = 0; i + 1 < path.size(); ++i) {
    for (const CrlFacts& crl : facts.crls) {
      if (!is_of(crl, *path[i])) continue;
      auto finding = judge(*crl.read, *path[i], *path[i + 1]);
      if (finding && std::ranges::find(findings, *finding) == findings.end()) {
        findings.push_back(std::move(*finding));
      }
    }
  }
  return findings;
}

// Another list of that issuer can be used: the first one is of another key, or an old one.
bool another_is_usable(const Facts& facts, const CertificateFacts& certificate,
                       const CertificateFacts& issuer) {
  return std::ranges::any_of(facts.crls, [&](const CrlFacts& crl) {
    return is_of(crl, certificate) &&
           why_unusable(*crl.read, issuer, facts.question.moment).empty();
  });
}

std::vector<Finding> revoked(const Facts& facts) {
  return each_list(facts,
                   [&](const RevocationList& list, const CertificateFacts& certificate,
                       const CertificateFacts& issuer) -> std::optional<Finding> {
                     if (!revokes(list, certificate)) return std::nullopt;
                     const std::string why = why_unusable(list, issuer, facts.question.moment);
                     if (!why.empty()) return std::nullopt;
                     return found("certificate-revoked", certificate.where,
                                  {{"subject", certificate.subject},
                                   {"serial", tls::hex(certificate.read->serial)},
                                   {"list-of", certificate.issuer}});
                   });
}

std::vector<Finding> unusable(const Facts& facts) {
  return each_list(facts,
                   [&](const RevocationList& list, const CertificateFacts& certificate,
                       const CertificateFacts& issuer) -> std::optional<Finding> {
                     const std::string why = why_unusable(list, issuer, facts.question.moment);
                     if (why.empty() || another_is_usable(facts, certificate, issuer)) {
                       return std::nullopt;
                     }
                     return found("crl-unusable", certificate.where,
                                  {{"list-of", certificate.issuer}, {"why", why}});
                   });
}

std::vector<Finding> bad_number(const Facts& facts) {
  return each_list(facts,
                   [](const RevocationList& list, const CertificateFacts& certificate,
                      const CertificateFacts&) -> std::optional<Finding> {
                     const tls::Extension* number = extension(list, tls::oid_crl_number);
                     if (number != nullptr && !number->critical) return std::nullopt;
                     return found(
                         "crl-number-wrong", certificate.where,
                         {{"list-of", certificate.issuer},
                          {"why", number == nullptr ? "there is none" : "it is critical"}});
                   });
}

constexpr std::array<std::string_view, 3> revoked_evidence{"subject", "serial", "list-of"};
constexpr std::array<std::string_view, 2> list_evidence{"list-of", "why"};
constexpr std::array openssl_revoked{23};
constexpr std::array openssl_number{36};
constexpr std::array openssl_list{3, 8, 11, 12, 23, 15, 16, 33, 35, 36, 44, 45, 46};

constexpr std::array rows{
    Rule{.code = "certificate-revoked",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 6.3",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate is revoked",
         .explanation = "Its CA's revocation list names it. Few mail senders look at such lists; "
                        "those that do refuse.",
         .remedy = "Make a new key and get a new certificate at once: revoked means that the old "
                   "key may be in other hands.",
         .where = "leaf",
         .evidence = revoked_evidence,
         .openssl = openssl_revoked,
         .find = revoked},
    Rule{.code = "crl-unusable",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 6.3.3",
         .tlsrpt = "certificate-not-trusted",
         .title = "A CA's revocation list can't be used",
         .explanation = "Senders that demand a revocation list can't tell whether the certificate "
                        "is revoked, and refuse it.",
         .remedy = "Get the CA's current list; if the CA is yours, publish one in time.",
         .where = "leaf",
         .evidence = list_evidence,
         .openssl = openssl_list,
         .find = unusable},
    Rule{.code = "crl-number-wrong",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 5.2.3",
         .title = "A revocation list has no proper number",
         .explanation = "Every list carries a number that isn't critical, so that a newer one can "
                        "be told from an older one.",
         .remedy = "Have the CA number its lists.",
         .where = "leaf",
         .evidence = list_evidence,
         .openssl = openssl_number,
         .find = bad_number},
};

}  // namespace

std::span<const Rule> revocation_rules() { return rows; }

}  // namespace badmx::checker
