#include "checker/facts/facts.h"

#include "checker/facts/anchors.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"

#include <algorithm>
#include <stdexcept>

namespace badmx::checker {
namespace {

// More certificates than this aren't judged; the probe's own limit is no higher.
constexpr std::size_t most_judged = 100;

std::size_t judged_attempt_index(const std::vector<Attempt>& attempts) {
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (!attempts[i].chain.empty()) return i;
  }
  for (std::size_t i = 0; i < attempts.size(); ++i) {
    if (attempts[i].certificate_seen) return i;
  }
  return 0;
}

// Printed certificates stand at their positions, those whose bytes are there take what is left.
std::vector<CertificateFacts> sent_certificates(const std::vector<x509::Bytes>& chain,
                                                const std::vector<PrintedCertificate>& printed) {
  std::vector<CertificateFacts> sent;
  std::size_t from_chain = 0;
  std::size_t from_text = 0;
  const std::size_t count = std::min(chain.size() + printed.size(), most_judged);
  sent.reserve(count);
  for (std::size_t i = 0; i < count; ++i) {
    const bool text_is_next =
        from_text < printed.size() &&
        (printed[from_text].position <= static_cast<int>(i) || from_chain == chain.size());
    if (text_is_next) {
      sent.push_back(printed_certificate_facts(sent_at(i), printed[from_text++]));
    } else {
      sent.push_back(read_certificate_facts(sent_at(i), chain[from_chain++]));
    }
  }
  return sent;
}

// The names say that it issued another one that was sent.
bool issues_another(const std::vector<CertificateFacts>& sent, std::size_t issuer) {
  for (std::size_t i = 0; i < sent.size(); ++i) {
    if (i != issuer && issuer_name_matches(sent[i], sent[issuer])) return true;
  }
  return false;
}

// By its basic constraints, or, where it is only printed, as a guess from what it issued.
bool seems_ca(const std::vector<CertificateFacts>& sent, std::size_t index) {
  const CertificateFacts& certificate = sent[index];
  if (certificate.printed) return issues_another(sent, index);
  return certificate.read && certificate.read->basic_constraints &&
         certificate.read->basic_constraints->ca;
}

bool seems_end_entity(const std::vector<CertificateFacts>& sent, std::size_t index) {
  const CertificateFacts& certificate = sent[index];
  const bool self_issued = certificate.printed && issuer_name_matches(certificate, certificate);
  return certificate.known() && !self_issued && !seems_ca(sent, index);
}

// From which of them the names lead up to the first.
std::vector<bool> below_the_first(const std::vector<CertificateFacts>& sent) {
  std::vector<bool> below(sent.size(), false);
  std::vector<std::size_t> todo{0};
  while (!todo.empty()) {
    const std::size_t issuer = todo.back();
    todo.pop_back();
    for (std::size_t i = 1; i < sent.size(); ++i) {
      if (!below[i] && issuer_name_matches(sent[i], sent[issuer])) {
        below[i] = true;
        todo.push_back(i);
      }
    }
  }
  return below;
}

// The server's own certificate is the first (RFC 8446 4.4.2), unless that is a CA and an end
// entity's that stands under it comes later: then somebody put the file together the wrong way.
std::optional<std::size_t> find_leaf(const std::vector<CertificateFacts>& sent) {
  if (sent.empty() || !sent[0].known()) return std::nullopt;
  if (!seems_ca(sent, 0)) return 0;
  const std::vector<bool> below = below_the_first(sent);
  for (std::size_t i = 1; i < sent.size(); ++i) {
    if (below[i] && seems_end_entity(sent, i)) return i;
  }
  return 0;
}

}  // namespace

const CertificateFacts& Facts::at(const Location& where) const {
  switch (where.kind) {
    case LocationKind::sent:
      return sent.at(where.index);
    case LocationKind::given:
      return given.at(where.index);
    case LocationKind::trusted:
      if (anchors) return anchors->certificates().at(where.index);
      break;
    case LocationKind::nowhere:
    case LocationKind::point:
      break;
  }
  throw std::out_of_range("there is no certificate");
}

const Attempt& Facts::judged_attempt() const {
  static const Attempt none;
  return attempt < observation.attempts.size() ? observation.attempts[attempt] : none;
}

std::optional<Location> Facts::anchor_with(const CertificateFacts& certificate) const {
  if (!anchors || certificate.der.empty()) return std::nullopt;
  const auto index = anchors->with_bytes(certificate.der);
  if (!index) return std::nullopt;
  return trusted_at(*index);
}

bool Facts::on_path(const Location& where) const {
  const auto matches = [&](const Location& member) {
    if (member == where) return true;
    const x509::Bytes& der = at(where).der;
    return !der.empty() && at(member).der == der;
  };
  return std::ranges::any_of(path.certificates, matches);
}

Facts read_facts(const Observation& observation, const Criteria& criteria) {
  Facts facts{.observation = observation,
              .criteria = criteria,
              .attempt = judged_attempt_index(observation.attempts)};
  const Attempt& attempt = facts.judged_attempt();
  facts.sent = sent_certificates(attempt.chain, observation.pasted.certificates);
  facts.chain_seen = attempt.certificate_seen || !facts.sent.empty();
  for (const x509::Bytes& der : criteria.intermediates) {
    if (facts.given.size() == 10 * most_judged) break;
    facts.given.push_back(read_certificate_facts(given_at(facts.given.size()), der));
  }
  for (const Fetched& fetched : observation.fetched) {
    for (const x509::Bytes& der : fetched.certificates) {
      if (facts.given.size() == 10 * most_judged) break;
      facts.given.push_back(read_certificate_facts(given_at(facts.given.size()), der));
    }
  }
  for (const x509::Bytes& der : criteria.crls) {
    CrlFacts crl{.read = x509::read_revocation_list(der)};
    if (crl.read) crl.normalized_issuer = x509::canonical(crl.read->issuer);
    facts.crls.push_back(std::move(crl));
  }
  facts.staple = read_staple(attempt.staple);
  if (criteria.trust) facts.anchors = anchors_of(*criteria.trust);
  facts.leaf = find_leaf(facts.sent);
  if (facts.leaf) {
    PathSearch search = find_path(facts, *facts.leaf, PathLimits{});
    facts.path = std::move(search.path);
    facts.names = std::move(search.names);
    facts.edges = std::move(search.edges);
  }
  return facts;
}

}  // namespace badmx::checker
