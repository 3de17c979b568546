// What came from the addresses that certificates give for their issuers' certificates.
#include "checker/facts/certificate_facts.h"
#include "checker/rules/tables.h"
#include "x509/printable.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

bool is_on_path(const Facts& facts, const x509::Bytes& der) {
  return std::ranges::any_of(facts.path.certificates,
                             [&](const Location& member) { return facts.at(member).der == der; });
}

// The certificate that names the URL.
Location who_names(const Facts& facts, const std::string& url) {
  for (const auto* list : {&facts.sent, &facts.given}) {
    for (const CertificateFacts& certificate : *list) {
      if (certificate.read && std::ranges::find(certificate.read->ca_issuers, url) !=
                                  certificate.read->ca_issuers.end()) {
        return certificate.where;
      }
    }
  }
  return sent_at(0);
}

std::string fetch_answer(const Fetched& fetched) {
  if (!fetched.error.empty()) return x509::printable(fetched.error, 256);
  const CertificateFacts first = read_certificate_facts(given_at(0), fetched.certificates.front());
  return "a certificate that didn't sign it: " + first.subject;
}

std::vector<Finding> broken_url(const Facts& facts) {
  std::vector<Finding> findings;
  for (const Fetched& fetched : facts.observation.fetched) {
    const bool fits = std::ranges::any_of(
        fetched.certificates, [&](const x509::Bytes& der) { return is_on_path(facts, der); });
    if (fits) continue;
    findings.push_back(make_finding(
        "issuer-url-broken", who_names(facts, fetched.url),
        {{"url", x509::printable(fetched.url, 256)}, {"answer", fetch_answer(fetched)}}));
  }
  return findings;
}

constexpr std::array<std::string_view, 2> url_evidence{"url", "answer"};

constexpr std::array fetched_rows{
    Rule{.code = "issuer-url-broken",
         .layer = FindingLayer::chain,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 5280 4.2.2.1",
         .title = "Where the issuer's certificate should be, nothing comes that fits",
         .explanation = "The certificate gives an address for its issuer's certificate. Few mail "
                        "senders ask there; who does finds no help.",
         .remedy = "The CA has to put its certificate there; until then get it from the CA by "
                   "hand.",
         .where = "leaf",
         .evidence = url_evidence,
         .find = broken_url},
};

}  // namespace

std::span<const Rule> fetched_rules() { return fetched_rows; }

}  // namespace badmx::checker
