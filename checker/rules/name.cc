// Whether the certificate is for the server that was dialled, and may be (RFC 9525).
#include "checker/facts/certificate_facts.h"
#include "checker/facts/constraints.h"
#include "checker/facts/hostname.h"
#include "checker/facts/path.h"
#include "checker/rules/tables.h"
#include "x509/printable.h"

#include <algorithm>
#include <array>
#include <optional>

namespace badmx::checker {
namespace {

using x509::GeneralName;
using x509::GeneralNameKind;

enum class NameFault { none, mismatch, only_in_cn };

constexpr std::size_t most_found_names = 20;

bool matches(const GeneralName& name, const ReferenceName& reference) {
  if (name.kind == GeneralNameKind::dns) {
    return !reference.dns.empty() && covers(x509::as_text(name.value), reference.dns);
  }
  return name.kind == GeneralNameKind::ip && !reference.ip.empty() && name.value == reference.ip;
}

bool names_a_server(const GeneralName& name) {
  return name.kind == GeneralNameKind::dns || name.kind == GeneralNameKind::ip;
}

bool san_is_unreadable(const x509::Certificate& certificate) {
  return std::ranges::find(certificate.malformed, x509::oid_subject_alt_name) !=
         certificate.malformed.end();
}

NameFault name_fault(const Facts& facts) {
  const Criteria& criteria = facts.criteria;
  if (!facts.leaf || criteria.names.empty()) return NameFault::none;
  const auto& leaf = facts.sent[*facts.leaf].read;
  // What can't be read names nothing that could be compared: another row speaks of that.
  if (!leaf || san_is_unreadable(*leaf)) return NameFault::none;
  const auto names = leaf->subject_alt_names.value_or(std::vector<GeneralName>{});
  const auto cn = x509::common_name(leaf->subject);
  bool cn_matches = false;
  for (const std::string& wanted : criteria.names) {
    const auto reference = read_reference(wanted);
    if (!reference) continue;
    if (std::ranges::any_of(
            names, [&reference](const GeneralName& name) { return matches(name, *reference); })) {
      return NameFault::none;
    }
    cn_matches = cn_matches || (cn && !reference->dns.empty() && covers(*cn, reference->dns));
  }
  const bool has_names = std::ranges::any_of(names, names_a_server);
  return cn_matches && !has_names ? NameFault::only_in_cn : NameFault::mismatch;
}

std::vector<Evidence> names_expected(const Facts& facts) {
  std::vector<Evidence> evidence;
  for (const std::string& name : facts.criteria.names) {
    evidence.push_back({"expected", x509::printable(name, 256)});
  }
  return evidence;
}

std::string name_text(const GeneralName& name) {
  return name.kind == GeneralNameKind::ip ? ip_text(name.value)
                                          : x509::printable(x509::as_text(name.value), 256);
}

// Why the nearest miss misses, where there is a common reason.
std::string hint(const Facts& facts, const std::vector<GeneralName>& names) {
  for (const std::string& wanted : facts.criteria.names) {
    const auto reference = read_reference(wanted);
    if (!reference || reference->dns.empty()) continue;
    for (const GeneralName& name : names) {
      if (name.kind != GeneralNameKind::dns) continue;
      const std::string_view dns = x509::as_text(name.value);
      if (dns.starts_with("*.") && within(reference->dns, dns.substr(2))) {
        return "a wildcard covers exactly one label";
      }
      if (!facts.criteria.mail_domain.empty() && covers(dns, facts.criteria.mail_domain)) {
        return "it is for the mail domain, not for the server";
      }
    }
  }
  return "";
}

std::vector<Finding> mismatch(const Facts& facts) {
  if (name_fault(facts) != NameFault::mismatch) return {};
  const CertificateFacts& leaf = facts.sent[*facts.leaf];
  const auto names = leaf.read->subject_alt_names.value_or(std::vector<GeneralName>{});
  auto evidence = names_expected(facts);
  std::size_t shown_names = 0;
  for (const GeneralName& name : names) {
    if (!names_a_server(name)) continue;
    if (++shown_names > most_found_names) {
      evidence.push_back({"found", "…"});
      break;
    }
    evidence.push_back({"found", name_text(name)});
  }
  if (shown_names == 0) {
    const auto cn = x509::common_name(leaf.read->subject);
    if (cn) evidence.push_back({"cn", x509::printable(*cn, 256)});
  }
  const std::string why = hint(facts, names);
  if (!why.empty()) evidence.push_back({"hint", why});
  return {make_finding("name-mismatch", leaf.where, std::move(evidence))};
}

std::vector<Finding> only_in_cn(const Facts& facts) {
  if (name_fault(facts) != NameFault::only_in_cn) return {};
  const CertificateFacts& leaf = facts.sent[*facts.leaf];
  auto evidence = names_expected(facts);
  const auto cn = x509::common_name(leaf.read->subject);
  if (cn) evidence.push_back({"cn", x509::printable(*cn, 256)});
  return {make_finding("name-only-in-cn", leaf.where, std::move(evidence))};
}

std::vector<Finding> constraint(const Facts& facts) {
  std::vector<Finding> findings;
  for (const ConstraintViolation& violation : facts.names.violations) {
    // One finding a certificate: it is the CA that is wrong for it, not each name.
    if (!findings.empty() && findings.back().where == violation.at) {
      findings.back().evidence.push_back({"name", violation.name});
      continue;
    }
    findings.push_back(make_finding("name-constraint-violated", violation.at,
                                    {{"by", text(violation.by)},
                                     {"ca", facts.at(violation.by).subject},
                                     {"limit", violation.limit},
                                     {"name", violation.name}}));
  }
  return findings;
}

std::vector<Finding> too_many(const Facts& facts) {
  if (!facts.names.gave_up) return {};
  const CertificateFacts& leaf = facts.at(facts.path.certificates.front());
  return {make_finding("name-constraints-too-many", leaf.where, {{"subject", leaf.subject}})};
}

constexpr std::array<std::string_view, 1> many_evidence{"subject"};
constexpr std::array openssl_many{1};
constexpr std::array<std::string_view, 4> mismatch_evidence{"expected", "found", "cn", "hint"};
constexpr std::array<std::string_view, 2> cn_evidence{"expected", "cn"};
constexpr std::array<std::string_view, 4> name_limit_evidence{"by", "ca", "limit", "name"};
constexpr std::array openssl_name{62, 63, 64};
constexpr std::array mismatch_explains{
    Consequence{"common-name-not-among-names", Reach::same_place}};
constexpr std::array openssl_constraint{1, 47, 48, 49, 50, 51, 52, 53};

constexpr std::array name_rows{
    Rule{.code = "name-constraint-violated",
         .layer = FindingLayer::name,
         .effects = no_trust,
         .reference = "RFC 5280 4.2.1.10",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate has a name that its CA's name constraints don't permit",
         .explanation = "A CA above it is limited to certain names, and one of the certificate's "
                        "lies outside. One such name spoils the whole certificate.",
         .remedy = "Get a certificate from a CA that may issue for the name, or one without it.",
         .where = "leaf",
         .evidence = name_limit_evidence,
         .openssl = openssl_constraint,
         .find = constraint},
    Rule{.code = "name-constraints-too-many",
         .layer = FindingLayer::name,
         .effects = no_trust,
         .reference = "RFC 5280 8",
         .tlsrpt = "certificate-not-trusted",
         .title = "There are too many names and name constraints to compare",
         .explanation = "Each name has to be held against each constraint above it. Beyond a "
                        "million comparisons senders give up and refuse; so large a number is an "
                        "attack on them, or a mistake.",
         .remedy = "Get a certificate with fewer names, or from a CA with fewer constraints.",
         .where = "leaf",
         .evidence = many_evidence,
         .openssl = openssl_many,
         .find = too_many},
    Rule{.code = "name-mismatch",
         .layer = FindingLayer::name,
         .effects = no_name,
         .reference = "RFC 9525 6",
         .tlsrpt = "certificate-host-mismatch",
         .title = "Host name mismatch: the certificate is not valid for this host name",
         .explanation = "None of its Subject Alternative Names (SAN) is the one the sender looks "
                        "for. A sender may look for the MX host or for the mail domain; a "
                        "certificate made at installation has neither.",
         .remedy = "Get a certificate with the MX host's name among its Subject Alternative Names, "
                   "or assign the right certificate to the mail service.",
         .where = "leaf",
         .evidence = mismatch_evidence,
         .consequences = mismatch_explains,
         .openssl = openssl_name,
         .find = mismatch},
    Rule{.code = "name-only-in-cn",
         .layer = FindingLayer::name,
         .effects = no_name,
         .reference = "RFC 9525 2",
         .tlsrpt = "certificate-host-mismatch",
         .title = "The host name is only in the certificate's common name (CN)",
         .explanation =
             "Current senders look at Subject Alternative Names (SAN) alone. OpenSSL and GnuTLS "
             "by default still take the common name where there are none, so some mail gets "
             "through.",
         .remedy = "Get the certificate issued anew with the name as a Subject Alternative Name.",
         .where = "leaf",
         .evidence = cn_evidence,
         .openssl = openssl_name,
         .find = only_in_cn},
};

}  // namespace

std::span<const Rule> name_rules() { return name_rows; }

}  // namespace badmx::checker
