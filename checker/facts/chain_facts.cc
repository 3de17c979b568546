#include "checker/facts/chain_facts.h"

#include "checker/facts/anchors.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"
#include "x509/printable.h"

#include <algorithm>

namespace badmx::checker {
namespace {

using x509::SignatureCheck;

bool is_given(const Location& where) { return where.kind == LocationKind::given; }

SignatureFinding fault_of(const Edge& edge) {
  if (edge.guessed || edge.signature == SignatureCheck::valid) return {};
  SignatureFinding finding{.candidate = edge.issuer};
  if (edge.signature == SignatureCheck::not_checked) {
    finding.fault = SignatureFault::unchecked;
  } else if (edge.key_ids == KeyIds::agree) {
    finding.fault = SignatureFault::altered;
  } else if (edge.key_ids == KeyIds::differ) {
    finding.fault = SignatureFault::wrong_key;
  } else {
    finding.fault = SignatureFault::either;
  }
  return finding;
}

// The one that says most: the key identifiers' word counts more than their silence.
int weight(SignatureFault fault) {
  switch (fault) {
    case SignatureFault::none:
      return 0;
    case SignatureFault::no_issuer:
      return 1;
    case SignatureFault::unchecked:
      return 2;
    case SignatureFault::wrong_key:
      return 3;
    case SignatureFault::either:
      return 4;
    case SignatureFault::altered:
      return 5;
  }
  return 0;
}

SignatureFinding worst_candidate(const Facts& facts, const Location& child) {
  SignatureFinding worst{.fault = SignatureFault::no_issuer};
  for (const Edge& edge : facts.edges) {
    if (edge.child != child) continue;
    const SignatureFinding finding = fault_of(edge);
    if (weight(finding.fault) > weight(worst.fault)) worst = finding;
  }
  return worst;
}

// The right issuer is only among the given, and one of its name with another key was sent or is
// trusted: that one stands in its place.
SignatureFinding impostor(const Facts& facts, const Location& child) {
  for (const Edge& edge : facts.edges) {
    if (edge.child == child && edge.issuer != child && !is_given(edge.issuer) && !edge.guessed &&
        edge.signature == SignatureCheck::invalid) {
      return {.fault = SignatureFault::wrong_key, .candidate = edge.issuer};
    }
  }
  return {};
}

}  // namespace

SignatureFinding signature_fault(const Facts& facts, std::size_t i) {
  const Path& path = facts.path;
  const Location& child = path.certificates[i];
  if (i < path.edges.size()) {
    const SignatureFinding finding = fault_of(path.edges[i]);
    if (finding.fault != SignatureFault::none) return finding;
    return is_given(path.edges[i].issuer) ? impostor(facts, child) : SignatureFinding{};
  }
  if (path.end != PathEnd::gap) return {};
  return worst_candidate(facts, child);
}

std::vector<std::size_t> path_as_sent(const Facts& facts) {
  std::vector<std::size_t> places;
  for (const CertificateFacts* member : members(facts, facts.path)) {
    if (member->where.kind == LocationKind::sent) {
      places.push_back(member->where.index);
      continue;
    }
    const auto same = std::ranges::find_if(facts.sent, [member](const CertificateFacts& sent) {
      return !sent.der.empty() && sent.der == member->der;
    });
    if (same != facts.sent.end()) places.push_back(same->where.index);
  }
  return places;
}

bool is_sent_root(const Facts& facts, std::size_t index) {
  const CertificateFacts& certificate = facts.sent[index];
  if (!facts.anchors || !certificate.known() || !certificate.self_issued()) return false;
  const auto& anchors = facts.anchors->certificates();
  if (certificate.printed) {  // a guess from its name
    return std::ranges::any_of(anchors, [&](const CertificateFacts& anchor) {
      return issuer_name_matches(certificate, anchor);
    });
  }
  return std::ranges::any_of(facts.anchors->with_subject(certificate.normalized_subject),
                             [&](std::size_t anchor) {
                               return anchors[anchor].read->key.spki == certificate.read->key.spki;
                             });
}

std::optional<std::size_t> earlier_copy(const Facts& facts, std::size_t index) {
  for (std::size_t i = 0; i < index; ++i) {
    if (same_certificate(facts.sent[i], facts.sent[index])) return i;
  }
  return std::nullopt;
}

std::vector<bool> related_to_leaf(const Facts& facts) {
  std::vector<bool> related(facts.sent.size(), false);
  std::vector<const CertificateFacts*> todo = members(facts, facts.path);
  for (const std::size_t place : path_as_sent(facts)) related[place] = true;
  while (!todo.empty()) {
    const CertificateFacts* child = todo.back();
    todo.pop_back();
    for (std::size_t i = 0; i < facts.sent.size(); ++i) {
      if (related[i] || !issuer_name_matches(*child, facts.sent[i])) continue;
      related[i] = true;
      todo.push_back(&facts.sent[i]);
    }
  }
  return related;
}

std::string key_id_text(const std::optional<x509::Bytes>& id) {
  return id ? x509::hex(*id).substr(0, 64) : "none";
}

std::vector<Evidence> wanted_issuer(const CertificateFacts& certificate) {
  std::vector<Evidence> evidence{{"subject", certificate.subject}, {"issuer", certificate.issuer}};
  if (certificate.printed) evidence.push_back({"basis", "a guess from printed names"});
  if (certificate.read && certificate.read->authority_key_id) {
    evidence.push_back({"issuer-key-id", key_id_text(certificate.read->authority_key_id->key_id)});
  }
  if (certificate.read) {
    for (const std::string& url : certificate.read->ca_issuers) {
      evidence.push_back({"issuer-url", x509::printable(url, 256)});
      break;
    }
  }
  return evidence;
}

}  // namespace badmx::checker
