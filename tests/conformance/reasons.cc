#include "tests/conformance/reasons.h"

#include <algorithm>
#include <array>
#include <cstdlib>
#include <string_view>

namespace badmx::conformance {
namespace {

struct Row {
  std::string_view words;
  std::array<std::string_view, 5> codes;  // one suffices
};

constexpr std::array rows{
    Row{"The extended key usage does not include server auth",
        {"purpose-not-server", "purpose-any-only", "extended-key-usage-noncompliant"}},
    Row{"The extended key usage does not include client auth",
        {"purpose-not-server", "purpose-any-only", "extended-key-usage-noncompliant"}},
    Row{"The extended key usage does not contain",
        {"purpose-not-server", "extended-key-usage-noncompliant"}},
    Row{"The extended key usage must contain", {"purpose-not-server"}},
    Row{"The extended key usage includes", {"extended-key-usage-noncompliant"}},
    Row{"Certificate does not have extended key usage", {"extended-key-usage-noncompliant"}},
    Row{"Unconsumed critical extension", {"extension-critical-unknown"}},
    Row{"No valid policy", {"policy-none-valid"}},
    Row{"Too many name constraints checks", {"name-constraints-too-many"}},
    Row{"VerifySignedData failed",
        {"signature-bad", "issuer-wrong-key", "issuer-unknown", "signature-unchecked"}},
    Row{"Couldn't parse SubjectPublicKeyInfo",
        {"signature-unchecked", "key-not-allowed", "certificate-unreadable"}},
    Row{"Time is after notAfter", {"certificate-expired"}},
    Row{"Time is before notBefore", {"certificate-not-yet-valid"}},
    Row{"Certificate is not a trust anchor",
        {"issuer-unknown", "root-not-trusted", "self-signed", "signature-bad", "issuer-wrong-key"}},
    Row{"Distrusted by trust store", {"issuer-unknown", "root-not-trusted"}},
    Row{"subject does not match issuer", {"issuer-unknown", "self-signed"}},
    Row{"Certificate has Basic Constraints indicating it is a CA", {"leaf-is-ca"}},
    Row{"max_path_length reached", {"path-length-exceeded"}},
    Row{"keyCertSign bit is not set", {"issuer-not-ca"}},
    Row{"Does not have Basic Constraints", {"issuer-not-ca", "basic-constraints-missing"}},
    Row{"Basic Constraints indicates not a CA", {"issuer-not-ca"}},
    Row{"Unacceptable signature algorithm", {"signature-weak", "signature-unchecked"}},
    Row{"Unacceptable public key", {"key-weak", "key-not-allowed"}},
};

// Chains are broken between two certificates, and BoringSSL names the one or the other.
bool is_near(const checker::Location& where, int index) {
  if (where.kind == checker::LocationKind::trusted) return true;
  return where.kind == checker::LocationKind::sent &&
         std::abs(static_cast<int>(where.index) - index) <= 1;
}

bool finds(const checker::Diagnosis& diagnosis, const Row& row, int index) {
  for (const auto* list : {&diagnosis.findings, &diagnosis.consequences}) {
    for (const checker::Finding& finding : *list) {
      const bool fits =
          std::ranges::find(row.codes, std::string_view(finding.code)) != row.codes.end();
      if (fits && is_near(finding.where, index)) return true;
    }
  }
  return false;
}

}  // namespace

Reasons hold_reasons(const std::vector<std::string>& words, const checker::Diagnosis& diagnosis) {
  Reasons reasons;
  constexpr std::string_view mark = "=> ERROR: ";
  for (const std::string& said : words) {
    const std::size_t at = said.find(mark);
    if (at == std::string::npos) continue;
    ++reasons.named;
    const std::string_view fault = std::string_view(said).substr(at + mark.size());
    const int index = std::atoi(said.c_str() + said.find("i=") + 2);
    const auto row = std::ranges::find_if(
        rows, [fault](const Row& each) { return fault.starts_with(each.words); });
    if (row != rows.end() && finds(diagnosis, *row, index)) {
      ++reasons.found;
    } else {
      reasons.missed.push_back(said);
    }
  }
  return reasons;
}

}  // namespace badmx::conformance
