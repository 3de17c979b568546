// Each certificate of the path, by itself.
#include "checker/facts/certificate_compliance.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"
#include "checker/rules/path_findings.h"
#include "checker/rules/tables.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <chrono>

namespace badmx::checker {
namespace {

// About the certificates of the path whose making counts.
std::vector<Finding> on_path(const Facts& facts, std::string_view code, std::string_view evidence,
                             const std::function<Words(const CertificateFacts&)>& words) {
  std::vector<const CertificateFacts*> counted;
  const auto path = members(facts, facts.path);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (constraints_count(facts.criteria, *path[i], i)) counted.push_back(path[i]);
  }
  return findings_about(counted, code, evidence, words);
}

std::vector<Finding> unreadable(const Facts& facts) {
  std::vector<Finding> findings;
  for (const CertificateFacts& certificate : facts.sent) {
    if (certificate.known()) continue;
    findings.push_back(make_finding("certificate-unreadable", certificate.where,
                                    {{"octets", fmt::format("{}", certificate.der.size())}}));
  }
  return findings;
}

std::vector<Finding> extensions_duplicate(const Facts& facts) {
  return on_path(facts, "extension-duplicate", "oid", duplicate_extensions);
}

std::vector<Finding> extensions_malformed(const Facts& facts) {
  return on_path(facts, "extension-malformed", "oid", unreadable_extensions);
}

std::vector<Finding> bad_times(const Facts& facts) {
  return on_path(facts, "validity-malformed", "field", unreadable_times);
}

std::vector<Finding> critical(const Facts& facts) {
  return on_path(facts, "extension-critical-unknown", "oid", unknown_critical_extensions);
}

std::string in_days(x509::Moment from, x509::Moment to) {
  return fmt::format("{}", std::chrono::floor<std::chrono::days>(to - from).count());
}

std::vector<Finding> expired(const Facts& facts) {
  std::vector<Finding> findings;
  const x509::Moment moment = facts.criteria.moment;
  const auto path = members(facts, facts.path);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const CertificateFacts* certificate = path[i];
    if (!dates_count(facts.criteria, *certificate, i)) continue;
    if (!has_expired(*certificate, moment)) continue;
    findings.push_back(make_finding("certificate-expired", certificate->where,
                                    {{"subject", certificate->subject},
                                     {"not-after", x509::text(*certificate->not_after)},
                                     {"moment", x509::text(moment)},
                                     {"days-ago", in_days(*certificate->not_after, moment)}}));
  }
  return findings;
}

std::vector<Finding> not_yet(const Facts& facts) {
  std::vector<Finding> findings;
  const x509::Moment moment = facts.criteria.moment;
  const auto path = members(facts, facts.path);
  for (std::size_t i = 0; i < path.size(); ++i) {
    const CertificateFacts* certificate = path[i];
    if (!dates_count(facts.criteria, *certificate, i)) continue;
    if (!is_not_yet_valid(*certificate, moment)) continue;
    findings.push_back(make_finding("certificate-not-yet-valid", certificate->where,
                                    {{"subject", certificate->subject},
                                     {"not-before", x509::text(*certificate->not_before)},
                                     {"moment", x509::text(moment)},
                                     {"days-left", in_days(moment, *certificate->not_before)}}));
  }
  return findings;
}

std::vector<Finding> weak_keys(const Facts& facts) {
  return on_path(facts, "key-weak", "key", [](const CertificateFacts& certificate) {
    return unless_empty(weak_key(certificate));
  });
}

// By what an anchor or a root was signed is nobody's concern: its signature proves nothing.
std::vector<Finding> weak_signatures(const Facts& facts) {
  const Path& path = facts.path;
  // A self-signed leaf's is seen, and explained by that.
  const bool rooted = path.end == PathEnd::anchor ||
                      (path.end == PathEnd::untrusted_root && path.certificates.size() > 1);
  const Location last = path.certificates.empty() ? Location{} : path.certificates.back();
  return on_path(facts, "signature-weak", "algorithm", [&](const CertificateFacts& certificate) {
    if (rooted && certificate.where == last) return Words{};
    return unless_empty(weak_signature(certificate));
  });
}

// A TLS peer's key has to sign or to encipher; a key for any purpose needn't.
bool judges_keys(const Facts& facts) { return facts.criteria.purpose != Purpose::any; }

std::vector<Finding> any_purpose(const Facts& facts) {
  std::vector<Finding> findings;
  const auto path = members(facts, facts.path);
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!constraints_count(facts.criteria, *path[i], i) ||
        !is_for_any_purpose_only(*path[i], facts.criteria)) {
      continue;
    }
    findings.push_back(
        make_finding("purpose-any-only", path[i]->where, {{"subject", path[i]->subject}}));
  }
  return findings;
}

std::vector<Finding> wrong_purpose(const Facts& facts) {
  const auto path = members(facts, facts.path);
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < path.size(); ++i) {
    if (!constraints_count(facts.criteria, *path[i], i)) continue;
    std::string why = why_wrong_purpose(*path[i], facts.criteria, i);
    if (why.empty() && i == 0 && judges_keys(facts)) why = why_key_unfit(*path[i]);
    if (why.empty()) continue;
    findings.push_back(make_finding("purpose-not-server", path[i]->where,
                                    {{"subject", path[i]->subject}, {"usage", why}}));
  }
  // Where the server's own isn't the first, the first stands for the server all the same.
  if (facts.leaf && *facts.leaf != 0 && judges_keys(facts)) {
    const CertificateFacts& first = facts.sent[0];
    const std::string why = why_key_unfit(first);
    const bool said = std::ranges::find(findings, first.where, &Finding::where) != findings.end();
    if (!why.empty() && !said) {
      findings.push_back(make_finding("purpose-not-server", first.where,
                                      {{"subject", first.subject}, {"usage", why}}));
    }
  }
  return findings;
}

constexpr std::array<std::string_view, 1> octets_evidence{"octets"};
constexpr std::array<std::string_view, 4> expired_evidence{"subject", "not-after", "moment",
                                                           "days-ago"};
constexpr std::array<std::string_view, 4> not_yet_evidence{"subject", "not-before", "moment",
                                                           "days-left"};
constexpr std::array<std::string_view, 2> algorithm_evidence{"subject", "algorithm"};
constexpr std::array<std::string_view, 2> usage_evidence{"subject", "usage"};

// OpenSSL marks a certificate that it can't take apart as invalid and goes on: whatever comes then
// is about that (20, 21, 62 and at level 2 26 were measured).
constexpr std::array openssl_invalid{18, 20, 21, 24, 26, 30, 31, 32, 37, 41, 47, 62, 64, 79};
constexpr std::array openssl_times{9, 10, 13, 14};
constexpr std::array openssl_critical{34};
constexpr std::array openssl_expired{10};
constexpr std::array openssl_not_yet{9};
constexpr std::array openssl_key{66, 67};
constexpr std::array openssl_signature{68};
constexpr std::array openssl_purpose{26, 27, 28};
constexpr std::array any_explains{
    Consequence{"extended-key-usage-noncompliant", Reach::same_place}};

constexpr std::array certificate_rows{
    Rule{.code = "certificate-unreadable",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.1",
         .tlsrpt = "validation-failure",
         .title = "Something that was sent as a certificate is not one",
         .explanation = "Its bytes don't have a certificate's structure. Most TLS libraries end "
                        "the handshake when they meet it.",
         .remedy = "Install the certificate files anew: one was cut, or holds something else.",
         .where = "leaf",
         .evidence = octets_evidence,
         .find = unreadable},
    Rule{.code = "extension-duplicate",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate carries one extension twice",
         .explanation = "That is forbidden, and libraries reject the whole certificate for it. "
                        "OpenSSL's words mislead: it complains of a missing issuer.",
         .remedy = "Get the certificate issued anew; whoever made it has a broken template.",
         .where = "leaf",
         .evidence = oid_evidence,
         .openssl = openssl_invalid,
         .find = extensions_duplicate},
    Rule{.code = "extension-malformed",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate's extension can't be read",
         .explanation = "The extension is there, and its bytes aren't what its kind demands. "
                        "Libraries reject the whole certificate; OpenSSL complains of a missing "
                        "issuer.",
         .remedy = "Get the certificate issued anew; whoever made it has a broken template.",
         .where = "leaf",
         .evidence = oid_evidence,
         .openssl = openssl_invalid,
         .find = extensions_malformed},
    Rule{.code = "validity-malformed",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.1.2.5",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate's dates can't be read",
         .explanation = "notBefore or notAfter isn't written as a time, so nobody can tell whether "
                        "the certificate is valid.",
         .remedy = "Get the certificate issued anew.",
         .where = "leaf",
         .evidence = field_evidence,
         .openssl = openssl_times,
         .find = bad_times},
    Rule{.code = "extension-critical-unknown",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate has a critical extension that nobody knows",
         .explanation = "\"Critical\" means: who doesn't know this must reject the certificate. "
                        "1.3.6.1.4.1.11129.2.4.3 marks a precertificate, which is not for use.",
         .remedy = "Get the certificate issued without the extension, or with it not critical; in "
                   "place of a precertificate install the final certificate.",
         .where = "leaf",
         .evidence = oid_evidence,
         .openssl = openssl_critical,
         .find = critical},
    Rule{.code = "certificate-expired",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.1.2.5",
         .tlsrpt = "certificate-expired",
         .title = "A certificate has expired",
         .explanation = "Its notAfter has passed. Senders that verify refuse the whole chain, "
                        "wherever in it the expired one is; the others don't notice.",
         .remedy = "Renew it, then reload the mail server: a renewed file that the server hasn't "
                   "read is the usual cause. For an expired CA certificate, install the CA's "
                   "current one; the server's own is fine.",
         .where = "leaf",
         .evidence = expired_evidence,
         .openssl = openssl_expired,
         .find = expired},
    Rule{.code = "certificate-not-yet-valid",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.1.2.5",
         .tlsrpt = "validation-failure",
         .title = "A certificate is not yet valid",
         .explanation = "Its notBefore is still to come: it was installed early, or a clock is "
                        "wrong.",
         .remedy = "Check the clocks of the server, the CA and the sender; else wait, or install "
                   "the previous certificate until then.",
         .where = "leaf",
         .evidence = not_yet_evidence,
         .openssl = openssl_not_yet,
         .find = not_yet},
    Rule{.code = "key-weak",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 9325 4.5",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate's key is too weak",
         .explanation =
             "Current senders that verify want RSA keys of 2048 bits or more, or EC keys "
             "of 224 or more. Some older ones still take this one.",
         .remedy = "Make a new key (EC P-256 or RSA 2048) and a certificate for it.",
         .where = "leaf",
         .evidence = key_evidence,
         .openssl = openssl_key,
         .find = weak_keys},
    Rule{.code = "signature-weak",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 9155 2",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate is signed with a broken digest",
         .explanation =
             "SHA-1 and MD5 signatures can be forged, so senders that verify don't count "
             "them.",
         .remedy = "Get the certificate issued anew with SHA-256.",
         .where = "leaf",
         .evidence = algorithm_evidence,
         .openssl = openssl_signature,
         .find = weak_signatures},
    Rule{.code = "purpose-not-server",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 5280 4.2.1.12",
         .tlsrpt = "validation-failure",
         .title = "A certificate's key usage or extended key usage doesn't allow this use",
         .explanation =
             "Its usages leave out TLS servers: a client's or a signer's certificate was "
             "installed, or a CA that may not issue for servers signed it. GnuTLS "
             "senders may accept it, OpenSSL ones don't.",
         .remedy = "Get a certificate with serverAuth in its extended key usage and "
                   "digitalSignature in its key usage.",
         .where = "leaf",
         .evidence = usage_evidence,
         .openssl = openssl_purpose,
         .find = wrong_purpose},
    Rule{.code = "purpose-any-only",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .breaks = Breaks::webpki,
         .reference = "RFC 5280 4.2.1.12",
         .tlsrpt = "validation-failure",
         .title = "A certificate is for any purpose, and doesn't name servers",
         .explanation = "anyExtendedKeyUsage stands for all purposes, and verifiers may take it or "
                        "not. GnuTLS does, OpenSSL doesn't: such senders refuse.",
         .remedy = "Get a certificate with serverAuth in its extended key usage.",
         .where = "leaf",
         .evidence = subject_evidence,
         .consequences = any_explains,
         .openssl = openssl_purpose,
         .find = any_purpose},
};

}  // namespace

std::span<const Rule> certificate_rules() { return certificate_rows; }

}  // namespace badmx::checker
