#include "checker/probe/fetch_issuers.h"

#include "checker/facts/facts.h"
#include "checker/paste/pem_reader.h"
#include "x509/printable.h"

#include <algorithm>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace badmx::checker {
namespace {

constexpr int most_steps = 3;
constexpr std::size_t most_urls = 10;

// Who signed it, among what was given or fetched already.
std::optional<Location> issuer_at_hand(const Facts& facts, const Location& child) {
  const auto it = std::ranges::find_if(facts.edges, [&child](const Edge& edge) {
    return edge.child == child && edge.issuer.kind == LocationKind::given &&
           edge.signature == x509::SignatureCheck::valid;
  });
  return it == facts.edges.end() ? std::nullopt : std::optional(it->issuer);
}

// The URLs of the certificate under the gap; none where there is no gap. A path through what was
// fetched that ends in a gap too is no better than the one without, so it is followed by hand.
std::vector<std::string> where_to_ask(const Observation& observation, const Criteria& criteria) {
  const Facts facts = read_facts(observation, criteria);
  if (facts.path.end != PathEnd::gap || facts.path.certificates.empty()) return {};
  Location top = facts.path.certificates.back();
  for (int step = 0; step < most_steps; ++step) {
    const auto above = issuer_at_hand(facts, top);
    if (!above) break;
    top = *above;
  }
  const CertificateFacts& last = facts.at(top);
  return last.read ? last.read->ca_issuers : std::vector<std::string>{};
}

bool was_asked(const Observation& observation, const std::string& url) {
  return std::ranges::any_of(observation.fetched,
                             [&url](const Fetched& fetched) { return fetched.url == url; });
}

Fetched fetch(const std::string& url, const HttpLimits& limits) {
  Fetched fetched{.url = url};
  const auto where = read_http_url(url);
  if (!where) {
    fetched.error = "only http: URLs are asked";
    return fetched;
  }
  HttpAnswer answer = http_get(*where, limits);
  fetched.error = std::move(answer.error);
  if (!fetched.error.empty()) return fetched;
  // RFC 5280 4.2.2.1: one DER certificate, or a certs-only CMS message; PEM is common all the same.
  if (auto read = read_pem(x509::as_text(answer.body), url)) {
    fetched.certificates = std::move(read->attempts.front().chain);
  }
  if (fetched.certificates.empty()) fetched.error = "no certificate is in the answer";
  return fetched;
}

}  // namespace

void fetch_issuers(Observation& observation, const Criteria& criteria, const HttpLimits& limits) {
  for (int depth = 0; depth < most_steps; ++depth) {
    bool asked = false;
    for (const std::string& url : where_to_ask(observation, criteria)) {
      if (was_asked(observation, url) || observation.fetched.size() >= most_urls) continue;
      observation.fetched.push_back(fetch(url, limits));
      asked = true;
    }
    if (!asked) return;
  }
}

}  // namespace badmx::checker
