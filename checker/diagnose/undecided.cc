#include "checker/diagnose/undecided.h"

#include "checker/facts/chain_facts.h"
#include "checker/http_url.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>

namespace badmx::checker {
namespace {

bool has(const std::vector<Finding>& findings, std::string_view code) {
  return std::ranges::any_of(findings,
                             [code](const Finding& finding) { return finding.code == code; });
}

bool is_http(const std::string& url) { return read_http_url(url).has_value(); }

std::string check_again(const Facts& facts, std::string_view options) {
  const Target& target = facts.observation.target;
  std::string input = facts.observation.origin;
  if (facts.observation.source == Source::live && !target.host.empty()) {
    input = fmt::format("{}:{}", target.host, target.port);
  }
  return fmt::format("badmx check {} {}", input.empty() ? "INPUT" : x509::printable(input, 256),
                     options);
}

Undecided who_issued(const Facts& facts) {
  const CertificateFacts& last = facts.at(facts.path.certificates.back());
  std::string sentence = fmt::format("Ask the CA for the certificate of \"{}\"", last.issuer);
  if (last.read && !last.read->ca_issuers.empty()) {
    sentence +=
        fmt::format(" (it should be at {})", x509::printable(last.read->ca_issuers.front(), 256));
  }
  const bool can_be_asked = last.read && std::ranges::any_of(last.read->ca_issuers, is_http);
  sentence +=
      fmt::format(" and run: {}",
                  check_again(facts, can_be_asked ? "--fetch-issuers" : "--intermediates FILE"));
  return {.between = {"intermediate-missing", "root-not-trusted"}, .decided_by = sentence};
}

// It goes on as if the answer had been 220.
Undecided what_answered_starttls(const Facts& facts) {
  const std::string& host = facts.observation.pasted.host;
  return {.between = {"starttls-refused", "starttls-plaintext-reply"},
          .decided_by = fmt::format(
              "Look at the server's reply to STARTTLS, which s_client doesn't show. Run: "
              "badmx check {}",
              host.empty() ? "HOST" : x509::printable(host, 256))};
}

bool lacks_key_ids(const Facts& facts) {
  for (std::size_t i = 0; i < facts.path.certificates.size(); ++i) {
    if (signature_fault(facts, i).fault == SignatureFault::either) return true;
  }
  return false;
}

}  // namespace

std::vector<Undecided> open_questions(const Facts& facts, const std::vector<Finding>& findings) {
  std::vector<Undecided> open;
  if (facts.observation.source == Source::transcript && has(findings, "starttls-plaintext-reply")) {
    open.push_back(what_answered_starttls(facts));
  }
  if (has(findings, "issuer-unknown")) open.push_back(who_issued(facts));
  if (has(findings, "signature-bad") && lacks_key_ids(facts)) {
    open.push_back({.between = {"issuer-wrong-key", "signature-bad"},
                    .decided_by =
                        "Compare the certificate with the CA's original file: the same bytes mean "
                        "another issuer's key, other bytes mean damage. There are no key "
                        "identifiers to tell."});
  }
  return open;
}

}  // namespace badmx::checker
