#include "checker/facts/constraints.h"

#include "checker/facts/hostname.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <string_view>

namespace badmx::checker {
namespace {

using x509::GeneralName;
using x509::GeneralNameKind;

// A chain may carry thousands of names under as many constraints. OpenSSL and BoringSSL give up
// beyond a mebi of comparisons, and so does this.
constexpr std::size_t most_comparisons = 1U << 20U;
constexpr std::size_t most_violations = 20;
constexpr std::string_view oid_email_address = "1.2.840.113549.1.9.1";

bool ip_within(x509::ByteView ip, x509::ByteView subtree) {
  if (subtree.size() != 2 * ip.size()) return false;
  for (std::size_t i = 0; i < ip.size(); ++i) {
    const std::uint8_t mask = subtree[ip.size() + i];
    if ((ip[i] & mask) != (subtree[i] & mask)) return false;
  }
  return true;
}

bool same_host(std::string_view one, std::string_view other) {
  return one.size() == other.size() && within(one, other);
}

// A quoted local part and the same one unquoted are one mailbox (RFC 5321 4.1.2).
std::string unquoted(std::string_view local) {
  if (local.size() < 2 || !local.starts_with('"') || !local.ends_with('"')) {
    return std::string(local);
  }
  std::string plain;
  local = local.substr(1, local.size() - 2);
  for (std::size_t i = 0; i < local.size(); ++i) {
    if (local[i] == '\\' && i + 1 < local.size()) ++i;
    plain += local[i];
  }
  return plain;
}

bool email_within(std::string_view mailbox, std::string_view subtree) {
  // What has no "@", or several outside quotes, is no mailbox (RFC 5321 4.1.2) and lies nowhere.
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos || at == 0 || at + 1 == mailbox.size()) return false;
  const std::string_view local = mailbox.substr(0, at);
  const std::string_view host = mailbox.substr(at + 1);
  if (local.find('@') != std::string_view::npos && !local.starts_with('"')) return false;
  if (subtree.empty()) return true;  // as of a dNSName: all of them
  const std::size_t limit = subtree.rfind('@');
  if (limit != std::string_view::npos) {
    // The local part counts with its case (RFC 5280 7.5).
    return unquoted(local) == unquoted(subtree.substr(0, limit)) &&
           same_host(host, subtree.substr(limit + 1));
  }
  // Without a leading dot it is one host, with it all hosts below.
  return subtree.starts_with('.') ? within(host, subtree) : same_host(host, subtree);
}

// The host of "scheme://user@host:port/…"; empty where there is none.
std::string_view uri_host(std::string_view uri) {
  const std::size_t scheme = uri.find("://");
  if (scheme == std::string_view::npos) return {};
  std::string_view authority = uri.substr(scheme + 3);
  authority = authority.substr(0, authority.find_first_of("/?#"));
  if (const std::size_t at = authority.rfind('@'); at != std::string_view::npos) {
    authority.remove_prefix(at + 1);
  }
  return authority.substr(0, authority.rfind(':'));
}

// RFC 5280 4.2.1.10: a URI without a host that is a name lies in no constraint.
bool uri_within(std::string_view uri, std::string_view subtree) {
  const std::string_view host = uri_host(uri);
  if (host.empty() || !is_dns_name(host)) return false;
  if (subtree.empty()) return true;
  return subtree.starts_with('.') ? within(host, subtree) : same_host(host, subtree);
}

// A name or a subtree as it is compared: a directory name's relative names in their canonical form
// are made once, not for each of a million comparisons.
struct Comparable {
  const GeneralName* name = nullptr;
  std::vector<std::string> rdns{};
  bool readable = true;
};

Comparable comparable(const GeneralName& name) {
  Comparable made{.name = &name};
  if (name.kind != GeneralNameKind::directory) return made;
  const auto read = x509::read_name(name.value);
  made.readable = read.has_value();
  if (!read) return made;
  for (const auto& rdn : read->rdns) {
    made.rdns.push_back(x509::canonical(x509::Name{.rdns = {rdn}}));
  }
  return made;
}

std::vector<Comparable> comparable(const std::vector<GeneralName>& names) {
  std::vector<Comparable> all;
  all.reserve(names.size());
  for (const GeneralName& name : names) all.push_back(comparable(name));
  return all;
}

// A Name under another one: the other's relative names are its first ones (RFC 5280 7.1).
bool directory_within(const Comparable& name, const Comparable& subtree) {
  return name.readable && subtree.readable && name.rdns.size() >= subtree.rdns.size() &&
         std::equal(subtree.rdns.begin(), subtree.rdns.end(), name.rdns.begin());
}

bool lies_within(const Comparable& one, const Comparable& limit) {
  const GeneralName& name = *one.name;
  const GeneralName& subtree = *limit.name;
  switch (name.kind) {
    case GeneralNameKind::dns: {
      std::string_view dns = x509::as_text(name.value);
      // A wildcard lies in a subtree when all that it covers does.
      if (dns.starts_with("*.")) dns.remove_prefix(2);
      return within(dns, x509::as_text(subtree.value));
    }
    case GeneralNameKind::ip:
      return ip_within(name.value, subtree.value);
    case GeneralNameKind::email:
      return email_within(x509::as_text(name.value), x509::as_text(subtree.value));
    case GeneralNameKind::uri:
      return uri_within(x509::as_text(name.value), x509::as_text(subtree.value));
    case GeneralNameKind::directory:
      return directory_within(one, limit);
    default:
      return false;
  }
}

bool is_compared(GeneralNameKind kind) {
  return kind == GeneralNameKind::dns || kind == GeneralNameKind::ip ||
         kind == GeneralNameKind::email || kind == GeneralNameKind::uri ||
         kind == GeneralNameKind::directory;
}

// A wildcard may reach into an excluded subtree from above: *.example.test covers
// secret.example.test.
bool touches(const Comparable& one, const Comparable& limit) {
  const GeneralName& name = *one.name;
  if (!is_compared(name.kind) || lies_within(one, limit)) return true;
  if (name.kind != GeneralNameKind::dns) return false;
  const std::string_view dns = x509::as_text(name.value);
  return dns.starts_with("*.") && covers(dns, x509::as_text(limit.name->value));
}

std::string general_name_text(const GeneralName& name) {
  if (name.kind == GeneralNameKind::directory) {
    const auto read = x509::read_name(name.value);
    return read ? x509::text(*read) : "a name that can't be read";
  }
  if (!is_compared(name.kind)) return "a name of a kind that nobody compares";
  if (name.kind != GeneralNameKind::ip) return x509::printable(x509::as_text(name.value), 256);
  if (name.value.size() == 8 || name.value.size() == 32) {
    const x509::ByteView both = name.value;
    const std::size_t half = both.size() / 2;
    return ip_text(both.first(half)) + "/" + ip_text(both.subspan(half));
  }
  return ip_text(name.value);
}

// The constraints of one CA.
struct Limits {
  std::vector<Comparable> permitted{};
  std::vector<Comparable> excluded{};
};

std::string subtree_list(const std::vector<Comparable>& names, GeneralNameKind kind) {
  std::string text;
  std::size_t count = 0;
  for (const Comparable& one : names) {
    if (one.name->kind != kind) continue;
    if (++count > 8) return text + ", …";
    text += (text.empty() ? "" : ", ") + general_name_text(*one.name);
  }
  return text;
}

std::optional<std::string> broken_limit(const Comparable& name, const Limits& limits) {
  for (const Comparable& subtree : limits.excluded) {
    if (subtree.name->kind != name.name->kind) continue;
    if (touches(name, subtree)) return "excluded: " + general_name_text(*subtree.name);
  }
  bool limited = false;
  for (const Comparable& subtree : limits.permitted) {
    if (subtree.name->kind != name.name->kind) continue;
    limited = true;
    if (lies_within(name, subtree)) return std::nullopt;
  }
  if (!limited) return std::nullopt;
  return "permitted: " + subtree_list(limits.permitted, name.name->kind);
}

// All that constraints may speak of.
std::vector<GeneralName> constrained_names(const x509::Certificate& certificate) {
  std::vector<GeneralName> names =
      certificate.subject_alt_names.value_or(std::vector<GeneralName>{});
  const bool has_email = std::ranges::any_of(
      names, [](const GeneralName& name) { return name.kind == GeneralNameKind::email; });
  if (certificate.subject.rdns.empty()) return names;
  names.push_back({.kind = GeneralNameKind::directory, .value = certificate.subject.der});
  for (const auto& rdn : certificate.subject.rdns) {
    for (const x509::Attribute& attribute : rdn) {
      if (has_email || attribute.oid != oid_email_address) continue;
      names.push_back(
          {.kind = GeneralNameKind::email, .value = x509::copy(x509::as_bytes(attribute.value))});
    }
  }
  return names;
}

using CountByKind = std::array<std::size_t, 9>;

void count(const std::vector<GeneralName>& names, CountByKind& counts) {
  for (const GeneralName& name : names) ++counts[static_cast<std::size_t>(name.kind)];
}

// Each name against each constraint of its kind.
std::size_t comparisons(const std::vector<GeneralName>& names,
                        const x509::NameConstraints& constraints) {
  CountByKind of_names{};
  CountByKind of_constraints{};
  count(names, of_names);
  count(constraints.permitted, of_constraints);
  count(constraints.excluded, of_constraints);
  std::size_t all = 0;
  for (std::size_t kind = 0; kind < of_names.size(); ++kind) {
    all += of_names[kind] * of_constraints[kind];
  }
  return all;
}

// What the CA's constraints say of the certificate's names.
void judge(const CertificateFacts& ca, const Limits& limits, const CertificateFacts& certificate,
           std::size_t& compared, NameJudgement& judgement) {
  const std::vector<GeneralName> names = constrained_names(*certificate.read);
  compared += comparisons(names, *ca.read->name_constraints);
  if (compared > most_comparisons) {
    judgement.gave_up = true;
    return;
  }
  for (const GeneralName& name : names) {
    const auto limit = broken_limit(comparable(name), limits);
    if (limit && judgement.violations.size() < most_violations) {
      judgement.violations.push_back({.by = ca.where,
                                      .at = certificate.where,
                                      .name = general_name_text(name),
                                      .limit = *limit});
    }
  }
}

}  // namespace

std::vector<ConstraintViolation> path_length_violations(
    std::span<const CertificateFacts* const> path) {
  std::vector<ConstraintViolation> violations;
  int below = 0;  // CAs between this certificate and the leaf that aren't self-issued
  for (std::size_t i = 1; i < path.size(); ++i) {
    const CertificateFacts& ca = *path[i];
    if (ca.read && ca.read->basic_constraints && ca.read->basic_constraints->path_length &&
        below > *ca.read->basic_constraints->path_length) {
      violations.push_back({.by = ca.where,
                            .at = path[i - 1]->where,
                            .name = "",
                            .limit = fmt::format("{}", *ca.read->basic_constraints->path_length)});
    }
    if (!ca.self_issued()) ++below;
  }
  return violations;
}

NameJudgement judge_names(std::span<const CertificateFacts* const> path) {
  NameJudgement judgement;
  std::size_t compared = 0;
  for (std::size_t i = 1; i < path.size() && !judgement.gave_up; ++i) {
    const CertificateFacts& ca = *path[i];
    if (!ca.read || !ca.read->name_constraints) continue;
    const Limits limits{.permitted = comparable(ca.read->name_constraints->permitted),
                        .excluded = comparable(ca.read->name_constraints->excluded)};
    for (std::size_t below = 0; below < i && !judgement.gave_up; ++below) {
      const CertificateFacts& certificate = *path[below];
      // RFC 5280 6.1.3 (b): a self-issued CA in between isn't held to it, the leaf is.
      if (!certificate.read || (below != 0 && certificate.self_issued())) continue;
      judge(ca, limits, certificate, compared, judgement);
    }
  }
  return judgement;
}

}  // namespace badmx::checker
