#include "x509/extension_values.h"

#include "x509/der.h"

#include <algorithm>
#include <functional>

namespace badmx::x509 {
namespace {

std::optional<std::vector<GeneralName>> read_general_names(ByteView content) {
  std::vector<GeneralName> names;
  der::Reader reader(content);
  while (!reader.empty()) {
    const auto element = reader.next();
    if (!element || (element->tag & 0xc0U) != 0x80U || (element->tag & 0x1fU) > 8) {
      return std::nullopt;
    }
    names.push_back({.kind = static_cast<GeneralNameKind>(element->tag & 0x1fU),
                     .value = copy(element->content)});
  }
  return names;
}

// SubjectAltName (4.2.1.6): a SEQUENCE of at least one name.
std::optional<std::vector<GeneralName>> read_alternative_names(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  return sequence ? read_general_names(sequence->content) : std::nullopt;
}

std::optional<BasicConstraints> read_basic_constraints(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence) return std::nullopt;
  BasicConstraints constraints;
  der::Reader reader(sequence->content);
  if (const auto ca = reader.next(der::boolean_tag)) {
    const auto is_ca = read_boolean(ca->content);
    if (!is_ca) return std::nullopt;
    constraints.ca = *is_ca;
  }
  if (const auto length = reader.next(der::integer_tag)) {
    constraints.path_length = read_small_integer(length->content);
    if (!constraints.path_length) return std::nullopt;
  }
  if (!reader.empty()) return std::nullopt;
  return constraints;
}

std::optional<std::uint16_t> read_key_usage(ByteView value) {
  const auto bits = der::only(value, der::bit_string_tag);
  if (!bits || bits->content.empty() || bits->content.size() > 3) return std::nullopt;
  std::uint16_t usage = 0;
  // Bit 0 is the first octet's highest (X.690 8.6).
  for (std::size_t bit = 0; bit < (bits->content.size() - 1) * 8; ++bit) {
    if ((bits->content[1 + bit / 8] >> (7 - bit % 8) & 1U) != 0) {
      usage = static_cast<std::uint16_t>(usage | 1U << bit);
    }
  }
  return usage;
}

std::optional<std::vector<std::string>> read_oids(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence || sequence->content.empty()) return std::nullopt;
  std::vector<std::string> oids;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto oid = reader.next(der::oid_tag);
    const auto text = oid ? der::oid_text(oid->content) : std::nullopt;
    if (!text) return std::nullopt;
    oids.push_back(*text);
  }
  return oids;
}

std::optional<Bytes> read_octets(ByteView value) {
  const auto octets = der::only(value, der::octet_string_tag);
  if (!octets) return std::nullopt;
  return copy(octets->content);
}

std::optional<AuthorityKeyId> read_authority_key_id(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence) return std::nullopt;
  AuthorityKeyId id;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto element = reader.next();
    if (!element) return std::nullopt;
    if (element->tag == der::context(0)) id.key_id = copy(element->content);
    if (element->tag == der::context_constructed(1)) id.names_issuer = true;
    if (element->tag == der::context(2)) id.serial = copy(element->content);
  }
  return id;
}

std::optional<NameConstraints> read_name_constraints(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence) return std::nullopt;
  NameConstraints constraints;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto list = reader.next();
    if (!list ||
        (list->tag != der::context_constructed(0) && list->tag != der::context_constructed(1))) {
      return std::nullopt;
    }
    const bool permitted = list->tag == der::context_constructed(0);
    auto& into = permitted ? constraints.permitted : constraints.excluded;
    der::Reader subtrees(list->content);
    while (!subtrees.empty()) {
      const auto subtree = subtrees.next(der::sequence_tag);
      if (!subtree) return std::nullopt;
      const auto base = der::Reader(subtree->content).next();
      const auto names = base ? read_general_names(base->whole) : std::nullopt;
      if (!names || names->size() != 1) return std::nullopt;
      into.push_back(names->front());
    }
  }
  return constraints;
}

std::optional<PolicyInformation> read_policy(ByteView content) {
  der::Reader parts(content);
  const auto oid = parts.next(der::oid_tag);
  const auto text = oid ? der::oid_text(oid->content) : std::nullopt;
  if (!text) return std::nullopt;
  PolicyInformation policy{.oid = *text};
  if (parts.empty()) return policy;
  const auto qualifiers = parts.next(der::sequence_tag);
  if (!qualifiers || !parts.empty()) return std::nullopt;
  der::Reader reader(qualifiers->content);
  while (!reader.empty()) {
    const auto qualifier = reader.next(der::sequence_tag);
    const auto id = qualifier ? der::Reader(qualifier->content).next(der::oid_tag) : std::nullopt;
    if (!id) return std::nullopt;
    policy.qualifiers.push_back(der::oid_text(id->content).value_or(hex(id->content)));
  }
  return policy;
}

std::optional<std::vector<PolicyInformation>> read_policies(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence || sequence->content.empty()) return std::nullopt;
  std::vector<PolicyInformation> policies;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto element = reader.next(der::sequence_tag);
    auto policy = element ? read_policy(element->content) : std::nullopt;
    if (!policy) return std::nullopt;
    policies.push_back(std::move(*policy));
  }
  return policies;
}

std::optional<std::vector<PolicyMapping>> read_policy_mappings(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence || sequence->content.empty()) return std::nullopt;
  std::vector<PolicyMapping> mappings;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto pair = reader.next(der::sequence_tag);
    if (!pair) return std::nullopt;
    der::Reader parts(pair->content);
    const auto issuer = parts.next(der::oid_tag);
    const auto subject = parts.next(der::oid_tag);
    const auto from = issuer ? der::oid_text(issuer->content) : std::nullopt;
    const auto to = subject ? der::oid_text(subject->content) : std::nullopt;
    if (!from || !to || !parts.empty()) return std::nullopt;
    mappings.push_back({.issuer_domain = *from, .subject_domain = *to});
  }
  return mappings;
}

// A SkipCerts: any number above what a path can have is as good as that.
std::optional<int> read_skip(ByteView content) {
  if (content.empty() || (content.front() & 0x80U) != 0) return std::nullopt;
  return read_small_integer(content).value_or(1 << 20);
}

std::optional<PolicyConstraints> read_policy_constraints(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence || sequence->content.empty()) return std::nullopt;
  PolicyConstraints constraints;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto element = reader.next();
    const auto skip = element ? read_skip(element->content) : std::nullopt;
    if (!skip) return std::nullopt;
    if (element->tag == der::context(0)) {
      constraints.require_explicit = skip;
    } else if (element->tag == der::context(1)) {
      constraints.inhibit_mapping = skip;
    } else {
      return std::nullopt;
    }
  }
  return constraints;
}

std::optional<int> read_inhibit_any(ByteView value) {
  const auto number = der::only(value, der::integer_tag);
  return number ? read_skip(number->content) : std::nullopt;
}

// The id-ad-caIssuers URLs (4.2.2.1).
std::optional<std::vector<std::string>> read_ca_issuers(ByteView value) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence) return std::nullopt;
  std::vector<std::string> urls;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto access = reader.next(der::sequence_tag);
    if (!access) return std::nullopt;
    der::Reader parts(access->content);
    const auto method = parts.next(der::oid_tag);
    const auto location = parts.next();
    if (!method || !location) return std::nullopt;
    if (der::oid_text(method->content) == "1.3.6.1.5.5.7.48.2" &&
        location->tag == der::context(6)) {
      urls.emplace_back(as_text(location->content));
    }
  }
  return urls;
}

template <typename Value, typename Read>
void decode_value(Certificate& certificate, std::string_view oid, std::optional<Value>& into,
                  Read read) {
  const auto found = std::ranges::find(certificate.extensions, oid, &Extension::oid);
  if (found == certificate.extensions.end()) return;
  into = read(found->value);
  if (!into) certificate.malformed.emplace_back(oid);
}

}  // namespace

std::optional<bool> read_boolean(ByteView content) {
  if (content.size() != 1) return std::nullopt;
  return content.front() != 0;
}

std::optional<int> read_small_integer(ByteView content) {
  if (content.empty() || content.size() > 3 || (content.front() & 0x80U) != 0) return std::nullopt;
  int value = 0;
  for (const std::uint8_t octet : content) value = value << 8 | octet;
  return value;
}

void decode_extensions(Certificate& certificate) {
  decode_value(certificate, oid_subject_alt_name, certificate.subject_alt_names,
               read_alternative_names);
  decode_value(certificate, oid_basic_constraints, certificate.basic_constraints,
               read_basic_constraints);
  decode_value(certificate, oid_key_usage, certificate.key_usage, read_key_usage);
  decode_value(certificate, oid_extended_key_usage, certificate.extended_key_usage, read_oids);
  decode_value(certificate, oid_subject_key_id, certificate.subject_key_id, read_octets);
  decode_value(certificate, oid_authority_key_id, certificate.authority_key_id,
               read_authority_key_id);
  decode_value(certificate, oid_name_constraints, certificate.name_constraints,
               read_name_constraints);
  decode_value(certificate, oid_certificate_policies, certificate.policies, read_policies);
  decode_value(certificate, oid_policy_mappings, certificate.policy_mappings, read_policy_mappings);
  decode_value(certificate, oid_policy_constraints, certificate.policy_constraints,
               read_policy_constraints);
  decode_value(certificate, oid_inhibit_any_policy, certificate.inhibit_any_policy,
               read_inhibit_any);
  std::optional<std::vector<std::string>> urls;
  decode_value(certificate, oid_authority_info_access, urls, read_ca_issuers);
  if (urls) certificate.ca_issuers = std::move(*urls);
}

}  // namespace badmx::x509
