#include "checker/facts/certificate_compliance.h"

#include "checker/facts/hostname.h"
#include "checker/facts/public_suffix.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <chrono>

namespace badmx::checker {
namespace {

using x509::GeneralName;
using x509::GeneralNameKind;

bool says_ca(const CertificateFacts& facts) {
  return facts.read && facts.read->basic_constraints && facts.read->basic_constraints->ca;
}

const x509::Extension* find_extension(const CertificateFacts& facts, std::string_view oid) {
  if (!facts.read) return nullptr;
  const auto it = std::ranges::find(facts.read->extensions, oid, &x509::Extension::oid);
  return it == facts.read->extensions.end() ? nullptr : &*it;
}

bool is_empty(const x509::Name& name) { return name.rdns.empty(); }

// Extensions that must be critical, and that must not (RFC 5280 4.2, 5.2).
constexpr std::array must_be_critical{x509::oid_policy_constraints, x509::oid_inhibit_any_policy};
constexpr std::array must_not_be_critical{
    x509::oid_authority_key_id,
    x509::oid_subject_key_id,
    x509::oid_subject_directory_attributes,
    x509::oid_freshest_crl,
    x509::oid_authority_info_access,
    x509::oid_subject_info_access,
};

std::string_view trimmed_wildcard(std::string_view dns) {
  return dns.starts_with("*.") ? dns.substr(2) : dns;
}

// RFC 1034 3.5 as RFC 5280 4.2.1.6 wants it: letters, digits and inner hyphens.
bool has_preferred_syntax(std::string_view dns) {
  dns = trimmed_wildcard(dns);
  if (dns.empty() || dns.size() > 253) return false;
  std::size_t begin = 0;
  while (begin <= dns.size()) {
    const std::size_t end = std::min(dns.find('.', begin), dns.size());
    const std::string_view label = dns.substr(begin, end - begin);
    const bool sound = !label.empty() && label.size() <= 63 && label.front() != '-' &&
                       label.back() != '-' && std::ranges::all_of(label, [](char c) {
                         return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                                (c >= '0' && c <= '9') || c == '-';
                       });
    if (!sound) return false;
    begin = end + 1;
  }
  return true;
}

// The mask's ones stand before its zeros (RFC 4632 3.1).
bool is_prefix_mask(x509::ByteView mask) {
  bool zeros = false;
  for (const std::uint8_t octet : mask) {
    for (int bit = 7; bit >= 0; --bit) {
      const bool one = (octet >> bit & 1U) != 0;
      if (one && zeros) return false;
      zeros = zeros || !one;
    }
  }
  return true;
}

bool is_sound_constraint(const GeneralName& subtree) {
  const std::string_view text = x509::as_text(subtree.value);
  switch (subtree.kind) {
    case GeneralNameKind::dns:
      // A leading dot is for URIs only (RFC 5280 4.2.1.10).
      return text.empty() || (has_preferred_syntax(text) && !text.starts_with("*"));
    case GeneralNameKind::ip: {
      const std::size_t size = subtree.value.size();
      return (size == 8 || size == 32) &&
             is_prefix_mask(x509::ByteView(subtree.value).subspan(size / 2));
    }
    case GeneralNameKind::email:
      return std::ranges::count(text, '@') <= 1 && !text.starts_with('@') && !text.ends_with('@');
    default:
      return true;
  }
}

// A name with a dot in it, or an address in any notation that resolvers take.
bool looks_like_a_host(const std::string& text) {
  in_addr ignored{};
  return text.find('.') != std::string::npos || text.find(':') != std::string::npos ||
         inet_aton(text.c_str(), &ignored) != 0;
}

bool names_usage(const x509::Certificate& read, std::string_view oid) {
  return read.extended_key_usage &&
         std::ranges::find(*read.extended_key_usage, oid) != read.extended_key_usage->end();
}

struct ValidityLimit {
  int year;
  unsigned month;
  unsigned day;
  int days;
};

// Baseline Requirements 6.3.2: what is issued from that day on is valid for no more.
constexpr std::array validity_limits{
    ValidityLimit{2029, 3, 15, 47},  ValidityLimit{2027, 3, 15, 100},
    ValidityLimit{2026, 3, 15, 200}, ValidityLimit{2020, 9, 1, 398},
    ValidityLimit{2018, 3, 1, 825},
};

}  // namespace

bool looks_self_signed(const CertificateFacts& facts) {
  if (!facts.read || !facts.self_issued()) return false;
  const auto& named = facts.read->authority_key_id;
  return !named || !named->key_id || !facts.read->subject_key_id ||
         *named->key_id == *facts.read->subject_key_id;
}

bool lacks_authority_key_id(const CertificateFacts& facts) {
  if (!facts.read || looks_self_signed(facts)) return false;
  return !facts.read->authority_key_id || !facts.read->authority_key_id->key_id;
}

bool lacks_subject_key_id(const CertificateFacts& facts) {
  return says_ca(facts) && find_extension(facts, x509::oid_subject_key_id) == nullptr;
}

bool lacks_basic_constraints(const CertificateFacts& facts) {
  return facts.read && find_extension(facts, x509::oid_basic_constraints) == nullptr;
}

std::string why_authority_key_id_unfit(const CertificateFacts& facts) {
  if (!facts.read || !facts.read->authority_key_id) return "";
  const x509::AuthorityKeyId& id = *facts.read->authority_key_id;
  if (!id.key_id) return "it has no key id";
  if (id.names_issuer) return "it names the issuer's issuer";
  if (id.serial) return "it names the issuer's serial number";
  const auto& own = facts.read->subject_key_id;
  if (facts.self_issued() && says_ca(facts) && facts.where.kind == LocationKind::trusted && own &&
      *own != *id.key_id) {
    return "a root's is not its own key id";
  }
  return "";
}

std::vector<std::string> wrong_criticality(const CertificateFacts& facts) {
  std::vector<std::string> wrong;
  if (!facts.read) return wrong;
  for (const x509::Extension& each : facts.read->extensions) {
    const bool demanded = std::ranges::find(must_be_critical, each.oid) != must_be_critical.end() ||
                          (each.oid == x509::oid_basic_constraints && says_ca(facts)) ||
                          (each.oid == x509::oid_subject_alt_name && is_empty(facts.read->subject));
    const bool forbidden =
        std::ranges::find(must_not_be_critical, each.oid) != must_not_be_critical.end();
    if (demanded && !each.critical) wrong.push_back(each.oid + " must be critical");
    if (forbidden && each.critical) wrong.push_back(each.oid + " must not be critical");
  }
  return wrong;
}

bool has_uncritical_name_constraints(const CertificateFacts& facts) {
  const x509::Extension* found = find_extension(facts, x509::oid_name_constraints);
  return found != nullptr && !found->critical;
}

std::vector<std::string> needlessly_critical(const CertificateFacts& facts) {
  std::vector<std::string> needless;
  const x509::Extension* names = find_extension(facts, x509::oid_subject_alt_name);
  if (names != nullptr && names->critical && !is_empty(facts.read->subject)) {
    needless.push_back(names->oid);
  }
  const x509::Extension* usage = find_extension(facts, x509::oid_extended_key_usage);
  if (usage != nullptr && usage->critical) needless.push_back(usage->oid);
  return needless;
}

bool has_name_constraints_in_leaf(const CertificateFacts& facts) {
  return facts.read && !says_ca(facts) &&
         find_extension(facts, x509::oid_name_constraints) != nullptr;
}

bool has_empty_name_constraints(const CertificateFacts& facts) {
  return facts.read && facts.read->name_constraints &&
         facts.read->name_constraints->permitted.empty() &&
         facts.read->name_constraints->excluded.empty();
}

std::vector<std::string> malformed_name_constraints(const CertificateFacts& facts) {
  std::vector<std::string> malformed;
  if (!facts.read || !facts.read->name_constraints) return malformed;
  for (const auto* list :
       {&facts.read->name_constraints->permitted, &facts.read->name_constraints->excluded}) {
    for (const GeneralName& subtree : *list) {
      if (is_sound_constraint(subtree) || malformed.size() >= 8) continue;
      malformed.push_back(subtree.kind == GeneralNameKind::ip
                              ? x509::hex(subtree.value)
                              : x509::printable(x509::as_text(subtree.value), 256));
    }
  }
  return malformed;
}

std::string why_serial_unfit(const CertificateFacts& facts) {
  if (!facts.read) return "";
  const x509::Bytes& serial = facts.read->serial;
  if (std::ranges::all_of(serial, [](std::uint8_t octet) { return octet == 0; })) {
    return "it is zero";
  }
  if ((serial.front() & 0x80U) != 0) return "it is negative";
  // A leading zero octet only keeps the number positive.
  const std::size_t octets = serial.size() - (serial.front() == 0 ? 1 : 0);
  return octets > 20 ? fmt::format("it has {} bytes", octets) : "";
}

std::string which_name_empty(const CertificateFacts& facts) {
  if (!facts.read) return "";
  if (is_empty(facts.read->issuer)) return "issuer";
  return says_ca(facts) && is_empty(facts.read->subject) ? "subject" : "";
}

bool signs_without_being_ca(const CertificateFacts& facts) {
  return facts.read && facts.read->key_usage &&
         (*facts.read->key_usage & x509::key_usage_cert_sign) != 0 && !says_ca(facts) &&
         facts.read->version >= 3;
}

std::vector<std::string> malformed_dns_names(const CertificateFacts& facts) {
  std::vector<std::string> malformed;
  if (!facts.read || !facts.read->subject_alt_names) return malformed;
  for (const GeneralName& name : *facts.read->subject_alt_names) {
    if (name.kind != GeneralNameKind::dns || has_preferred_syntax(x509::as_text(name.value))) {
      continue;
    }
    if (malformed.size() < 8) malformed.push_back(x509::printable(x509::as_text(name.value), 256));
  }
  return malformed;
}

std::string common_name_not_among_names(const CertificateFacts& facts) {
  if (!facts.read || says_ca(facts)) return "";
  const auto cn = x509::common_name(facts.read->subject);
  // Where there are none it is another row's fault.
  if (!cn || !looks_like_a_host(*cn) || !facts.read->subject_alt_names) return "";
  const bool among =
      std::ranges::any_of(*facts.read->subject_alt_names, [&cn](const GeneralName& name) {
        return (name.kind == GeneralNameKind::dns && x509::as_text(name.value) == *cn) ||
               (name.kind == GeneralNameKind::ip && ip_text(name.value) == *cn);
      });
  return among ? "" : x509::printable(*cn, 256);
}

std::string why_extended_key_usage_unfit(const CertificateFacts& facts, const Criteria& criteria,
                                         bool is_leaf) {
  if (!facts.read) return "";
  const x509::Certificate& read = *facts.read;
  if (!is_leaf) {
    const bool is_root = facts.where.kind == LocationKind::trusted && looks_self_signed(facts);
    return is_root && read.extended_key_usage ? "a root must have none" : "";
  }
  if (!read.extended_key_usage) return "it has none";
  if (names_usage(read, x509::oid_any_extended_key_usage)) return "it names anyExtendedKeyUsage";
  const auto is_asked = [&criteria](const std::string& usage) {
    return std::ranges::find(criteria.usages, usage) != criteria.usages.end();
  };
  if (!criteria.usages.empty()) {
    return std::ranges::all_of(*read.extended_key_usage, is_asked) ? "" : "it names others beside";
  }
  if (criteria.purpose == Purpose::any) return "";
  constexpr std::array<std::pair<std::string_view, std::string_view>, 3> others{
      {{"1.3.6.1.5.5.7.3.3", "codeSigning"},
       {"1.3.6.1.5.5.7.3.8", "timeStamping"},
       {"1.3.6.1.5.5.7.3.9", "OCSPSigning"}}};
  for (const auto& [oid, word] : others) {
    if (names_usage(read, oid)) return fmt::format("it names {} beside", word);
  }
  return "";
}

bool is_for_any_purpose_only(const CertificateFacts& facts, const Criteria& criteria) {
  if (!facts.read || criteria.purpose == Purpose::any || !criteria.usages.empty()) return false;
  const std::string_view wanted =
      criteria.purpose == Purpose::server ? x509::oid_server_auth : x509::oid_client_auth;
  return names_usage(*facts.read, x509::oid_any_extended_key_usage) &&
         !names_usage(*facts.read, wanted);
}

std::string why_key_not_allowed(const CertificateFacts& facts) {
  if (!facts.read) return "";
  const x509::PublicKey& key = facts.read->key;
  if (key.algorithm == "rsa") {
    return key.bits % 8 == 0 ? "" : fmt::format("RSA {} bits, no multiple of 8", key.bits);
  }
  if (key.algorithm == "ec") {
    constexpr std::array<std::string_view, 3> curves{"P-256", "P-384", "P-521"};
    return std::ranges::find(curves, key.curve) == curves.end() ? "EC " + key.curve : "";
  }
  return key.algorithm;
}

std::string why_valid_too_long(const CertificateFacts& facts) {
  if (!facts.not_before || !facts.not_after || says_ca(facts)) return "";
  for (const ValidityLimit& limit : validity_limits) {
    const x509::Moment from =
        std::chrono::sys_days(std::chrono::year(limit.year) / static_cast<int>(limit.month) /
                              static_cast<int>(limit.day));
    if (*facts.not_before < from) continue;
    const auto lasts = *facts.not_after - *facts.not_before + std::chrono::seconds(1);
    if (lasts <= std::chrono::days(limit.days)) return "";
    return fmt::format("{} days, allowed were {}",
                       std::chrono::ceil<std::chrono::days>(lasts).count(), limit.days);
  }
  return "";
}

std::vector<std::string> wildcards_over_public_suffix(const CertificateFacts& facts) {
  std::vector<std::string> wide;
  if (!facts.read || !facts.read->subject_alt_names) return wide;
  for (const GeneralName& name : *facts.read->subject_alt_names) {
    const std::string_view dns = x509::as_text(name.value);
    if (name.kind != GeneralNameKind::dns || !dns.starts_with("*.") || wide.size() >= 8) continue;
    if (is_public_suffix(std::string(dns.substr(2)))) wide.push_back(x509::printable(dns, 256));
  }
  return wide;
}

}  // namespace badmx::checker
