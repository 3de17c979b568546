// Chains that were sound before they were mutated: specs changed and signed anew, certificates
// dropped, swapped, doubled, octets flipped. The input is a list of pairs of octets: what is done,
// and to what.
#include "certgen/pki.h"
#include "checker/diagnose/diagnose.h"
#include "tests/fuzz/claim.h"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <set>
#include <span>
#include <string>
#include <utility>
#include <vector>

using namespace badmx;

namespace {

constexpr std::size_t most_changes = 12;
const x509::Moment moment{std::chrono::seconds{1795600000}};  // 2026-11-25

certgen::KeyStore& keys() {
  static certgen::KeyStore store(certgen::Seed{x509::Bytes(32, 3)});
  return store;
}

certgen::NamingContext place() {
  certgen::NamingContext place;
  place.scenario = "fuzz";
  place.host = "mx.fuzz.badmx.test";
  place.domain = "fuzz.badmx.test";
  place.lab = "badmx.test";
  place.moment = moment;
  return place;
}

struct Change {
  std::uint8_t what = 0;
  std::uint8_t to = 0;
};

std::vector<Change> changes_in(std::span<const std::uint8_t> input) {
  std::vector<Change> changes;
  for (; input.size() >= 2 && changes.size() < most_changes; input = input.subspan(2)) {
    changes.push_back({.what = input[0], .to = input[1]});
  }
  return changes;
}

void change_spec(certgen::CertificateSpec& spec, Change change) {
  using std::chrono::days;
  const int amount = change.to / 8;
  switch (change.what % 12) {
    case 0:
      // Never the very moment, about whose second OpenSSL and RFC 5280 4.1.2.5 differ.
      spec.valid = certgen::Validity{days(-amount), days(amount - 8) + std::chrono::hours(1)};
      break;
    case 1:
      spec.ca = change.to % 2 == 0;
      break;
    case 2:
      spec.path_length = amount % 3;
      break;
    case 3:
      spec.key_usage.value = {amount % 2 == 0 ? "digitalSignature" : "keyCertSign"};
      break;
    case 4:
      spec.extended_key_usage.value = {amount % 2 == 0 ? "clientAuth" : "serverAuth"};
      break;
    case 5:
      spec.names.value = certgen::AlternativeNames{
          .dns = {amount % 2 == 0 ? "other.badmx.test" : "mx.fuzz.badmx.test"}};
      break;
    case 6:
      spec.signed_by = "root";
      break;
    case 7:
      spec.subject = amount % 2 == 0 ? "CN=badmx lab" : "";
      break;
    case 8:
      spec.defects = {"signature-corrupted"};
      break;
    case 9:
      spec.name_constraints.value = {
          .permitted_dns = {amount % 2 == 0 ? "badmx.test" : "example.test"}};
      break;
    case 10:
      spec.authority_key_id = {certgen::Presence::absent, std::nullopt};
      break;
    default:
      spec.version = 1 + amount % 3;
      break;
  }
}

void change_chain(std::vector<x509::Bytes>& chain, Change change) {
  if (chain.empty()) return;
  const std::size_t at = change.to % chain.size();
  switch (change.what % 4) {
    case 0:
      chain.erase(chain.begin() + static_cast<std::ptrdiff_t>(at));
      break;
    case 1:
      std::swap(chain[at], chain.back());
      break;
    case 2:
      chain.push_back(chain[at]);
      break;
    default:
      chain[at][(std::size_t{change.to} * 7) % chain[at].size()] ^= 0x10;
      break;
  }
}

checker::Diagnosis diagnosis_of(std::vector<x509::Bytes> chain, const x509::Bytes& root) {
  checker::Observation observation;
  observation.source = checker::Source::pem;
  observation.attempts.resize(1);
  observation.attempts.front().certificate_seen = true;
  observation.attempts.front().chain = std::move(chain);
  checker::Criteria criteria;
  criteria.names = {"mx.fuzz.badmx.test"};
  criteria.trust = {root};
  criteria.moment = moment;
  return checker::diagnose(observation, criteria);
}

bool found_anything(const checker::Diagnosis& diagnosis) {
  return std::ranges::any_of(diagnosis.findings, [](const checker::Finding& finding) {
    return finding.severity != checker::Severity::note;
  });
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  certgen::PkiSpec spec = certgen::healthy_pki();
  std::vector<Change> of_chain;
  for (const Change change : changes_in({data, size})) {
    if (change.what < 128) {
      // The root stays sound: it is the lab's.
      change_spec(spec.certificates[change.to % 2], change);
    } else {
      of_chain.push_back(change);
    }
  }
  certgen::Pki pki;
  try {
    pki = certgen::generate(spec, place(), keys());
  } catch (const certgen::SpecError&) {
    return 0;
  }
  const x509::Bytes& root = pki.find("root")->der;
  std::vector<x509::Bytes> chain{pki.find("leaf")->der, pki.find("intermediate")->der};
  for (const Change change : of_chain) change_chain(chain, change);

  const checker::Diagnosis diagnosis = diagnosis_of(chain, root);
  fuzz::claim(diagnosis.openssl.empty() || found_anything(diagnosis),
              "what OpenSSL complains of is explained by a finding");

  // Who sends more than the path needs may send it in any order: verdicts don't change by it.
  if (chain.size() < 3) return 0;
  std::vector<x509::Bytes> turned = chain;
  std::ranges::reverse(std::span(turned).subspan(1));
  const checker::Diagnosis again = diagnosis_of(std::move(turned), root);
  for (std::size_t i = 0; i < diagnosis.verdicts.size(); ++i) {
    fuzz::claim(diagnosis.verdicts[i].outcome == again.verdicts[i].outcome,
                "the order of further certificates changes no verdict");
  }
  return 0;
}
