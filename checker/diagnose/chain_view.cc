#include "checker/diagnose/chain_view.h"

#include "checker/facts/hostname.h"
#include "x509/printable.h"

#include <algorithm>
#include <string>
#include <utility>

namespace badmx::checker {
namespace {

constexpr std::size_t most_member_names = 200;

std::string key_text(const x509::PublicKey& key) {
  if (key.algorithm == "ec") return "EC " + key.curve;
  if (key.algorithm.starts_with("rsa") || key.algorithm == "dsa") {
    const std::string kind = key.algorithm == "dsa"   ? "DSA"
                             : key.algorithm == "rsa" ? "RSA"
                                                      : "RSA-PSS";
    return kind + " " + std::to_string(key.bits) + " bits";
  }
  if (key.algorithm == "ed25519") return "Ed25519";
  if (key.algorithm == "ed448") return "Ed448";
  return key.algorithm;
}

std::vector<std::string> server_names(const x509::Certificate& certificate) {
  std::vector<std::string> names;
  if (!certificate.subject_alt_names) return names;
  for (const x509::GeneralName& name : *certificate.subject_alt_names) {
    if (names.size() == most_member_names) break;
    if (name.kind == x509::GeneralNameKind::ip) {
      names.push_back(ip_text(name.value));
    } else if (name.kind == x509::GeneralNameKind::dns ||
               name.kind == x509::GeneralNameKind::email) {
      names.push_back(x509::printable(x509::as_text(name.value), 256));
    }
  }
  return names;
}

const PrintedCertificate* printed(const Facts& facts, std::size_t index) {
  const auto& all = facts.observation.pasted.certificates;
  const auto it = std::ranges::find_if(all, [index](const PrintedCertificate& certificate) {
    return certificate.position == static_cast<int>(index);
  });
  return it == all.end() ? nullptr : &*it;
}

}  // namespace

std::vector<ChainMember> chain_of(const Facts& facts) {
  std::vector<ChainMember> chain;
  chain.reserve(facts.sent.size());
  for (std::size_t i = 0; i < facts.sent.size(); ++i) {
    const CertificateFacts& certificate = facts.sent[i];
    ChainMember member{.index = i,
                       .subject = certificate.subject,
                       .issuer = certificate.issuer,
                       .not_before = certificate.not_before,
                       .not_after = certificate.not_after,
                       .on_path = facts.on_path(certificate.where)};
    if (!certificate.der.empty()) member.sha256 = x509::hex(x509::sha256(certificate.der));
    if (certificate.read) {
      member.names = server_names(*certificate.read);
      member.key = key_text(certificate.read->key);
      member.signature = certificate.read->signature_algorithm.name;
    } else if (certificate.printed) {
      if (const PrintedCertificate* text = printed(facts, i)) {
        member.key = text->key;
        member.signature = text->signature;
      }
    }
    chain.push_back(std::move(member));
  }
  return chain;
}

std::vector<Step> steps_of(const Facts& facts) {
  std::vector<Step> steps;
  for (const Location& where : facts.path.certificates) {
    const CertificateFacts& certificate = facts.at(where);
    steps.push_back({.certificate = where,
                     .subject = certificate.subject,
                     .issuer = certificate.issuer,
                     .trusted = where.kind == LocationKind::trusted});
  }
  return steps;
}

}  // namespace badmx::checker
