// What the given revocation lists say of the path (RFC 5280 6.3).
#include "checker/facts/certificate_facts.h"
#include "checker/facts/crl_coverage.h"
#include "checker/rules/tables.h"
#include "x509/printable.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

using x509::RevocationList;

const x509::Extension* list_extension(const RevocationList& list, std::string_view oid) {
  const auto it = std::ranges::find(list.extensions, oid, &x509::Extension::oid);
  return it == list.extensions.end() ? nullptr : &*it;
}

bool revokes(const CrlFacts& crl, const CertificateFacts& certificate) {
  return certificate.read && std::ranges::any_of(crl.read->revoked, [&](const auto& entry) {
           return entry.serial == certificate.read->serial &&
                  (entry.issuer.empty() || entry.issuer == certificate.normalized_issuer);
         });
}

bool is_of(const CrlFacts& crl, const CertificateFacts& certificate) {
  return crl.read && crl.normalized_issuer == certificate.normalized_issuer;
}

// A list of the certificate's issuer's name, with what it can tell of the certificate.
struct Listed {
  const CrlFacts* list = nullptr;
  const CertificateFacts* certificate = nullptr;
  CrlCoverage coverage{};
};

// Those of one certificate of the path, which isn't its last.
std::vector<Listed> lists_of(const Facts& facts, std::size_t height) {
  std::vector<Listed> lists;
  const CertificateFacts& certificate = facts.at(facts.path.certificates[height]);
  for (const CrlFacts& crl : facts.crls) {
    if (!is_of(crl, certificate)) continue;
    lists.push_back(
        {.list = &crl, .certificate = &certificate, .coverage = coverage(facts, crl, height)});
  }
  return lists;
}

std::uint16_t reasons_covered(const std::vector<Listed>& lists) {
  unsigned reasons = 0;
  for (const Listed& each : lists) reasons |= each.coverage.reasons;
  return static_cast<std::uint16_t>(reasons);
}

// `judge` gets each list with all that there are of that certificate; what it finds stands once.
template <typename Judge>
std::vector<Finding> each_list(const Facts& facts, Judge judge) {
  std::vector<Finding> findings;
  for (std::size_t height = 0; height + 1 < facts.path.certificates.size(); ++height) {
    const std::vector<Listed> lists = lists_of(facts, height);
    for (const Listed& each : lists) {
      auto finding = judge(each, lists);
      if (finding && std::ranges::find(findings, *finding) == findings.end()) {
        findings.push_back(std::move(*finding));
      }
    }
  }
  return findings;
}

std::vector<Finding> revoked(const Facts& facts) {
  return each_list(facts,
                   [](const Listed& each, const std::vector<Listed>&) -> std::optional<Finding> {
                     const CertificateFacts& certificate = *each.certificate;
                     if (!each.coverage.why.empty() || !revokes(*each.list, certificate)) {
                       return std::nullopt;
                     }
                     return make_finding("certificate-revoked", certificate.where,
                                         {{"subject", certificate.subject},
                                          {"serial", x509::hex(certificate.read->serial)},
                                          {"list-of", certificate.issuer}});
                   });
}

// Only where the lists that can be used don't tell all: the others are of another key, or old ones.
std::vector<Finding> unusable(const Facts& facts) {
  return each_list(
      facts, [](const Listed& each, const std::vector<Listed>& all) -> std::optional<Finding> {
        if (reasons_covered(all) == x509::all_reasons) return std::nullopt;
        const std::string why = each.coverage.why.empty()
                                    ? "it is about some reasons for a revocation alone"
                                    : each.coverage.why;
        return make_finding("crl-invalid", each.certificate->where,
                            {{"list-of", each.certificate->issuer}, {"why", why}});
      });
}

// Whatever else becomes of the list: no signature has to be checked for it.
std::vector<Finding> bad_number(const Facts& facts) {
  std::vector<Finding> findings;
  for (std::size_t height = 0; height + 1 < facts.path.certificates.size(); ++height) {
    const CertificateFacts& certificate = facts.at(facts.path.certificates[height]);
    for (const CrlFacts& crl : facts.crls) {
      if (!is_of(crl, certificate)) continue;
      const x509::Extension* number = list_extension(*crl.read, x509::oid_crl_number);
      if (number != nullptr && !number->critical) continue;
      Finding finding =
          make_finding("crl-number-wrong", certificate.where,
                       {{"list-of", certificate.issuer},
                        {"why", number == nullptr ? "there is none" : "it is critical"}});
      if (std::ranges::find(findings, finding) == findings.end()) {
        findings.push_back(std::move(finding));
      }
    }
  }
  return findings;
}

constexpr std::array<std::string_view, 3> revoked_evidence{"subject", "serial", "list-of"};
constexpr std::array<std::string_view, 2> list_evidence{"list-of", "why"};
constexpr std::array openssl_revoked{23};
constexpr std::array openssl_crl_extension{36};
constexpr std::array openssl_list{3, 8, 11, 12, 23, 15, 16, 33, 35, 36, 44, 45, 46, 54};

constexpr std::array revocation_rows{
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
    Rule{.code = "crl-invalid",
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
         .openssl = openssl_crl_extension,
         .find = bad_number},
};

}  // namespace

std::span<const Rule> revocation_rules() { return revocation_rows; }

}  // namespace badmx::checker
