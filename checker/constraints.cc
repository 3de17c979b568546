#include "checker/constraints.h"

#include "checker/hostname.h"
#include "tls/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>

namespace badmx::checker {
namespace {

using tls::GeneralName;
using tls::GeneralNameKind;

// A chain may carry thousands of names under as many constraints; beyond this many comparisons a
// sender gives up, and so does this.
constexpr std::size_t most_comparisons = 250'000;

bool ip_within(tls::ByteView ip, tls::ByteView subtree) {
  if (subtree.size() != 2 * ip.size()) return false;
  for (std::size_t i = 0; i < ip.size(); ++i) {
    const std::uint8_t mask = subtree[ip.size() + i];
    if ((ip[i] & mask) != (subtree[i] & mask)) return false;
  }
  return true;
}

bool email_within(std::string_view mailbox, std::string_view subtree) {
  if (subtree.find('@') != std::string_view::npos) return mailbox == subtree;
  const std::size_t at = mailbox.rfind('@');
  if (at == std::string_view::npos) return false;
  const std::string_view host = mailbox.substr(at + 1);
  // Without a leading dot it is one host, with it all hosts below.
  return subtree.starts_with('.') ? within(host, subtree)
                                  : host.size() == subtree.size() && within(host, subtree);
}

bool lies_within(const GeneralName& name, const GeneralName& subtree) {
  switch (name.kind) {
    case GeneralNameKind::dns: {
      std::string_view dns = tls::as_text(name.value);
      // A wildcard lies in a subtree when all that it covers does.
      if (dns.starts_with("*.")) dns.remove_prefix(2);
      return within(dns, tls::as_text(subtree.value));
    }
    case GeneralNameKind::ip:
      return ip_within(name.value, subtree.value);
    case GeneralNameKind::email:
      return email_within(tls::as_text(name.value), tls::as_text(subtree.value));
    default:
      return true;
  }
}

// A wildcard may reach into an excluded subtree from above: *.example.test covers
// secret.example.test.
bool touches(const GeneralName& name, const GeneralName& subtree) {
  if (lies_within(name, subtree)) return true;
  const std::string_view dns = tls::as_text(name.value);
  return name.kind == GeneralNameKind::dns && dns.starts_with("*.") &&
         covers(dns, tls::as_text(subtree.value));
}

std::string shown(const GeneralName& name) {
  if (name.kind != GeneralNameKind::ip) return tls::printable(tls::as_text(name.value), 256);
  if (name.value.size() == 8 || name.value.size() == 32) {
    const tls::ByteView both = name.value;
    const std::size_t half = both.size() / 2;
    return ip_text(both.first(half)) + "/" + ip_text(both.subspan(half));
  }
  return ip_text(name.value);
}

std::string list(const std::vector<GeneralName>& names, GeneralNameKind kind) {
  std::string text;
  std::size_t count = 0;
  for (const GeneralName& name : names) {
    if (name.kind != kind) continue;
    if (++count > 8) return text + ", …";
    text += (text.empty() ? "" : ", ") + shown(name);
  }
  return text;
}

std::optional<std::string> broken_limit(const GeneralName& name,
                                        const tls::NameConstraints& constraints,
                                        std::size_t& comparisons) {
  for (const GeneralName& subtree : constraints.excluded) {
    if (subtree.kind != name.kind) continue;
    if (++comparisons > most_comparisons) return std::nullopt;
    if (touches(name, subtree)) return "excluded: " + shown(subtree);
  }
  bool limited = false;
  for (const GeneralName& subtree : constraints.permitted) {
    if (subtree.kind != name.kind) continue;
    if (++comparisons > most_comparisons) return std::nullopt;
    limited = true;
    if (lies_within(name, subtree)) return std::nullopt;
  }
  if (!limited) return std::nullopt;
  return "permitted: " + list(constraints.permitted, name.kind);
}

bool is_compared(GeneralNameKind kind) {
  return kind == GeneralNameKind::dns || kind == GeneralNameKind::ip ||
         kind == GeneralNameKind::email;
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

std::vector<ConstraintViolation> name_violations(std::span<const CertificateFacts* const> path) {
  std::vector<ConstraintViolation> violations;
  std::size_t comparisons = 0;
  for (std::size_t i = 1; i < path.size(); ++i) {
    const CertificateFacts& ca = *path[i];
    if (!ca.read || !ca.read->name_constraints) continue;
    for (std::size_t below = 0; below < i; ++below) {
      const CertificateFacts& certificate = *path[below];
      if (!certificate.read || !certificate.read->subject_alt_names) continue;
      // RFC 5280 6.1.3 (b): a self-issued CA in between isn't held to it, the leaf is.
      if (below != 0 && certificate.self_issued()) continue;
      for (const GeneralName& name : *certificate.read->subject_alt_names) {
        if (!is_compared(name.kind)) continue;
        const auto limit = broken_limit(name, *ca.read->name_constraints, comparisons);
        if (limit) {
          violations.push_back(
              {.by = ca.where, .at = certificate.where, .name = shown(name), .limit = *limit});
        }
        if (comparisons > most_comparisons || violations.size() > 20) return violations;
      }
    }
  }
  return violations;
}

}  // namespace badmx::checker
