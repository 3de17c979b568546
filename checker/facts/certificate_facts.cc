#include "checker/facts/certificate_facts.h"

#include "checker/facts/printed_algorithms.h"
#include "x509/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>

namespace badmx::checker {
namespace {

// Extensions that a sender of today processes when they are critical. Certificate transparency's
// poison (RFC 6962 3.1) is not among them on purpose: a precertificate is for nobody's use.
constexpr std::array known_extensions{
    x509::oid_subject_key_id,       x509::oid_key_usage,          x509::oid_subject_alt_name,
    x509::oid_basic_constraints,    x509::oid_name_constraints,   x509::oid_crl_distribution_points,
    x509::oid_certificate_policies, x509::oid_policy_mappings,    x509::oid_authority_key_id,
    x509::oid_policy_constraints,   x509::oid_extended_key_usage, x509::oid_inhibit_any_policy};

std::string unknown_qualifier(const x509::Certificate& read) {
  constexpr std::array<std::string_view, 2> known{"1.3.6.1.5.5.7.2.1", "1.3.6.1.5.5.7.2.2"};
  if (!read.policies) return "";
  for (const x509::PolicyInformation& policy : *read.policies) {
    for (const std::string& qualifier : policy.qualifiers) {
      if (std::ranges::find(known, qualifier) == known.end()) return qualifier;
    }
  }
  return "";
}

bool is_time(std::string_view malformed) {
  return malformed == "notBefore" || malformed == "notAfter";
}

}  // namespace

CertificateFacts read_certificate_facts(Location where, const x509::Bytes& der) {
  CertificateFacts facts;
  facts.where = where;
  facts.der = der;
  facts.read = x509::read_certificate(der);
  if (!facts.read) return facts;
  const x509::Certificate& read = *facts.read;
  facts.subject = x509::text(read.subject);
  facts.issuer = x509::text(read.issuer);
  facts.normalized_subject = x509::canonical(read.subject);
  facts.normalized_issuer = x509::canonical(read.issuer);
  facts.not_before = read.not_before;
  facts.not_after = read.not_after;
  return facts;
}

CertificateFacts printed_certificate_facts(Location where, const PrintedCertificate& printed) {
  CertificateFacts facts;
  facts.where = where;
  facts.printed = true;
  facts.subject = printed.subject;
  facts.issuer = printed.issuer;
  facts.normalized_subject = x509::lower(printed.subject);
  facts.normalized_issuer = x509::lower(printed.issuer);
  facts.not_before = printed.not_before;
  facts.not_after = printed.not_after;
  facts.printed_key = read_printed_key(printed.key);
  facts.printed_signature = read_printed_signature(printed.signature);
  return facts;
}

bool issuer_name_matches(const CertificateFacts& child, const CertificateFacts& issuer) {
  if (!child.known() || !issuer.known()) return false;
  if (child.read && issuer.read) return child.normalized_issuer == issuer.normalized_subject;
  return !child.issuer.empty() && x509::equal_ignoring_case(child.issuer, issuer.subject);
}

bool same_certificate(const CertificateFacts& one, const CertificateFacts& other) {
  if (!one.printed && !other.printed) return !one.der.empty() && one.der == other.der;
  return one.known() && other.known() && one.not_before && one.not_after &&
         one.not_before == other.not_before && one.not_after == other.not_after &&
         x509::equal_ignoring_case(one.subject, other.subject) &&
         x509::equal_ignoring_case(one.issuer, other.issuer);
}

KeyIds key_ids(const CertificateFacts& child, const CertificateFacts& issuer) {
  if (!child.read || !issuer.read || !child.read->authority_key_id) return KeyIds::unknown;
  const auto& wanted = child.read->authority_key_id->key_id;
  const auto& has = issuer.read->subject_key_id;
  if (!wanted || !has) return KeyIds::unknown;
  return *wanted == *has ? KeyIds::agree : KeyIds::differ;
}

bool has_expired(const CertificateFacts& certificate, x509::Moment moment) {
  // RFC 5280 4.1.2.5: notAfter itself is still within the validity.
  return certificate.not_after && moment > *certificate.not_after;
}

bool is_not_yet_valid(const CertificateFacts& certificate, x509::Moment moment) {
  return certificate.not_before && moment < *certificate.not_before;
}

bool is_ca(const CertificateFacts& certificate) {
  if (!certificate.read) return false;
  if (certificate.read->basic_constraints) return certificate.read->basic_constraints->ca;
  return certificate.read->version == 1 && certificate.where.kind == LocationKind::trusted;
}

std::string why_no_issuer(const CertificateFacts& certificate) {
  if (!certificate.read) return "";
  const x509::Certificate& read = *certificate.read;
  const bool may_sign = read.key_usage && (*read.key_usage & x509::key_usage_cert_sign) != 0;
  const bool old_anchor =
      certificate.where.kind == LocationKind::trusted && (read.version == 1 || may_sign);
  if (!read.basic_constraints && !old_anchor) return "it has no basic constraints";
  if (read.basic_constraints && !read.basic_constraints->ca) {
    return "its basic constraints say CA:FALSE";
  }
  if (read.key_usage && (*read.key_usage & x509::key_usage_cert_sign) == 0) {
    return "its key usage lacks keyCertSign";
  }
  return "";
}

std::string weak_key(const CertificateFacts& certificate) {
  const x509::PublicKey& key = certificate.key();
  if (key.bits == 0) return "";
  const bool factored = key.algorithm.starts_with("rsa") || key.algorithm == "dsa";
  if (factored && key.bits < 2048) {
    return fmt::format("{} {} bits", key.algorithm == "dsa" ? "DSA" : "RSA", key.bits);
  }
  if (key.algorithm == "ec" && key.bits < 224) return fmt::format("EC {} bits", key.bits);
  return "";
}

std::string weak_signature(const CertificateFacts& certificate) {
  const x509::SignatureAlgorithm& algorithm = certificate.signature_algorithm();
  static constexpr std::array<std::string_view, 5> weak{"md2", "md4", "md5", "sha1", "md5-sha1"};
  return std::ranges::find(weak, algorithm.digest) == weak.end() ? "" : algorithm.name;
}

std::vector<std::string> duplicate_extensions(const CertificateFacts& certificate) {
  std::vector<std::string> seen;
  std::vector<std::string> twice;
  if (!certificate.read) return twice;
  for (const x509::Extension& extension : certificate.read->extensions) {
    auto& list = std::ranges::find(seen, extension.oid) == seen.end() ? seen : twice;
    if (std::ranges::find(list, extension.oid) == list.end()) list.push_back(extension.oid);
  }
  return twice;
}

std::vector<std::string> unknown_critical_extensions(const CertificateFacts& certificate) {
  std::vector<std::string> unknown;
  if (!certificate.read) return unknown;
  for (const x509::Extension& extension : certificate.read->extensions) {
    if (extension.critical &&
        std::ranges::find(known_extensions, extension.oid) == known_extensions.end()) {
      unknown.push_back(extension.oid);
    }
    // RFC 5280 4.2.1.4: who processes critical policies must know each qualifier.
    if (extension.critical && extension.oid == x509::oid_certificate_policies) {
      const std::string qualifier = unknown_qualifier(*certificate.read);
      if (!qualifier.empty()) unknown.push_back(extension.oid + " with qualifier " + qualifier);
    }
  }
  return unknown;
}

std::vector<std::string> unreadable_extensions(const CertificateFacts& certificate) {
  std::vector<std::string> unreadable;
  if (!certificate.read) return unreadable;
  for (const std::string& what : certificate.read->malformed) {
    if (!is_time(what)) unreadable.push_back(what);
  }
  return unreadable;
}

std::vector<std::string> unreadable_times(const CertificateFacts& certificate) {
  std::vector<std::string> unreadable;
  if (!certificate.read) return unreadable;
  for (const std::string& what : certificate.read->malformed) {
    if (is_time(what)) unreadable.push_back(what);
  }
  return unreadable;
}

std::string why_wrong_purpose(const CertificateFacts& certificate, const Criteria& criteria,
                              std::size_t height) {
  if (!certificate.read || !certificate.read->extended_key_usage) return "";
  const auto& usages = *certificate.read->extended_key_usage;
  const auto has = [&usages](std::string_view usage) {
    return std::ranges::find(usages, usage) != usages.end();
  };
  if (!criteria.usages.empty()) {
    if (height > 0) return "";
    if (std::ranges::any_of(criteria.usages, has)) return "";
  } else {
    if (criteria.purpose == Purpose::any) return "";
    if (has(criteria.purpose == Purpose::server ? x509::oid_server_auth : x509::oid_client_auth)) {
      return "";
    }
  }
  if (has(x509::oid_any_extended_key_usage)) return "";  // RFC 5280 4.2.1.12
  std::vector<std::string> words;
  for (const std::string& usage : usages) {
    if (usage == x509::oid_server_auth) {
      words.emplace_back("serverAuth");
    } else if (usage == x509::oid_client_auth) {
      words.emplace_back("clientAuth");
    } else {
      words.push_back(usage);
    }
  }
  return fmt::format("its extended key usage is {} only", fmt::join(words, ", "));
}

bool dates_count(const Criteria& criteria, const CertificateFacts& certificate,
                 std::size_t height) {
  return criteria.anchors.dates || height == 0 || certificate.where.kind != LocationKind::trusted;
}

bool constraints_count(const Criteria& criteria, const CertificateFacts& certificate,
                       std::size_t height) {
  return criteria.anchors.constraints || height == 0 ||
         certificate.where.kind != LocationKind::trusted;
}

std::string why_key_unfit(const CertificateFacts& certificate) {
  constexpr std::uint16_t fit = x509::key_usage_digital_signature |
                                x509::key_usage_key_encipherment | x509::key_usage_key_agreement;
  if (!certificate.read || !certificate.read->key_usage) return "";
  return (*certificate.read->key_usage & fit) == 0 ? "its key usage allows no key exchange" : "";
}

}  // namespace badmx::checker
