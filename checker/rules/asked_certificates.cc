#include "checker/rules/asked_certificates.h"

#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"
#include "checker/rules/tables.h"

#include <algorithm>

namespace badmx::checker {
namespace {

// An anchor is what the sender chose to trust: only who demands a standard asks how it was made.
bool is_asked(const Facts& facts, const CertificateFacts& certificate) {
  if (certificate.where.kind != LocationKind::trusted) return true;
  if (facts.criteria.profile == Profile::current) return false;
  return facts.criteria.anchors.constraints || is_leaf(facts, certificate);
}

}  // namespace

bool issued_another(const Facts& facts, const CertificateFacts& certificate) {
  return std::ranges::any_of(facts.sent, [&certificate](const CertificateFacts& other) {
    return other.where != certificate.where && other.der != certificate.der &&
           issuer_name_matches(other, certificate);
  });
}

bool is_leaf(const Facts& facts, const CertificateFacts& certificate) {
  return !facts.path.certificates.empty() && facts.path.certificates.front() == certificate.where &&
         !issued_another(facts, certificate);
}

std::vector<Finding> on_asked(
    const Facts& facts, std::string_view code, std::string_view evidence,
    const std::function<Words(const Facts&, const CertificateFacts&)>& words) {
  std::vector<const CertificateFacts*> asked = members(facts, facts.path);
  std::erase_if(asked, [&](const CertificateFacts* one) { return !is_asked(facts, *one); });
  return findings_about(asked, code, evidence,
                        [&](const CertificateFacts& one) { return words(facts, one); });
}

}  // namespace badmx::checker
