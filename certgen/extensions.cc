#include "certgen/extensions.h"

#include "certgen/hash.h"
#include "certgen/names.h"
#include "certgen/nodes.h"
#include "x509/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>
#include <string>
#include <utility>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

// RFC 5280 4.2.1.3; the index is the bit's number.
constexpr std::array<std::string_view, 9> key_usages{
    "digitalSignature", "contentCommitment", "keyEncipherment", "dataEncipherment", "keyAgreement",
    "keyCertSign",      "cRLSign",           "encipherOnly",    "decipherOnly"};

struct Purpose {
  std::string_view name;
  std::string_view oid;
};

// RFC 5280 4.2.1.12
constexpr std::array<Purpose, 7> purposes{{
    {"serverAuth", "1.3.6.1.5.5.7.3.1"},
    {"clientAuth", "1.3.6.1.5.5.7.3.2"},
    {"codeSigning", "1.3.6.1.5.5.7.3.3"},
    {"emailProtection", "1.3.6.1.5.5.7.3.4"},
    {"timeStamping", "1.3.6.1.5.5.7.3.8"},
    {"OCSPSigning", "1.3.6.1.5.5.7.3.9"},
    {"anyExtendedKeyUsage", "2.5.29.37.0"},
}};

std::uint8_t general_name_tag(x509::GeneralNameKind kind) {
  return der::context(static_cast<int>(kind));
}

der::Node uri_name(std::string_view url, const NamingContext& naming) {
  return der::text(general_name_tag(x509::GeneralNameKind::uri), uri(expand(url, naming)));
}

// BIT STRING with named bits: trailing zero bits are left out (X.690 11.2.2).
der::Node named_bits(unsigned int bits) {
  x509::Bytes octets;
  int unused = 0;
  for (unsigned int first = 0; bits >> first != 0; first += 8) {
    std::uint8_t octet = 0;
    for (unsigned int i = 0; i < 8; ++i) {
      if ((bits >> (first + i) & 1U) == 0) continue;
      octet = static_cast<std::uint8_t>(octet | 0x80U >> i);
      unused = static_cast<int>(7 - i);
    }
    octets.push_back(octet);
  }
  return der::bit_string(octets, unused);
}

x509::Bytes key_usage_value(const std::vector<std::string>& names) {
  unsigned int bits = 0;
  for (const std::string& name : names) {
    const std::string_view known =
        name == "nonRepudiation" ? std::string_view("contentCommitment") : std::string_view(name);
    const auto* found = std::ranges::find(key_usages, known);
    if (found == key_usages.end()) {
      throw std::invalid_argument(
          fmt::format("\"{}\" is no key usage; there are: {}", name, fmt::join(key_usages, ", ")));
    }
    bits |= 1U << static_cast<unsigned int>(found - key_usages.begin());
  }
  return der::write(named_bits(bits));
}

x509::Bytes extended_key_usage_value(const std::vector<std::string>& names) {
  std::vector<der::Node> oids;
  oids.reserve(names.size());
  for (const std::string& name : names) {
    const auto* found = std::ranges::find(purposes, std::string_view(name), &Purpose::name);
    oids.push_back(der::oid(found == purposes.end() ? std::string_view(name) : found->oid));
  }
  return der::write(der::sequence(std::move(oids)));
}

x509::Bytes basic_constraints_value(const PlannedCertificate& certificate) {
  std::vector<der::Node> fields;
  const bool by_role = certificate.role != Role::server;
  if (certificate.spec.ca.value_or(by_role)) fields.push_back(der::boolean(true));
  if (certificate.spec.path_length) fields.push_back(der::integer(*certificate.spec.path_length));
  return der::write(der::sequence(std::move(fields)));
}

x509::Bytes alternative_names_value(const AlternativeNames& names, const NamingContext& naming) {
  std::vector<der::Node> all;
  for (const std::string& name : names.dns) {
    all.push_back(
        der::text(general_name_tag(x509::GeneralNameKind::dns), dns_name(expand(name, naming))));
  }
  for (const std::string& address : names.ip) {
    all.push_back(der::primitive(general_name_tag(x509::GeneralNameKind::ip), ip_address(address)));
  }
  for (const std::string& address : names.email) {
    all.push_back(der::text(general_name_tag(x509::GeneralNameKind::email),
                            email_address(expand(address, naming))));
  }
  return der::write(der::sequence(std::move(all)));
}

void add_subtrees(std::vector<der::Node>& fields, int number, const std::vector<std::string>& names,
                  const NamingContext& naming) {
  if (names.empty()) return;
  std::vector<der::Node> subtrees;
  subtrees.reserve(names.size());
  for (const std::string& name : names) {
    subtrees.push_back(sequence_of(der::text(general_name_tag(x509::GeneralNameKind::dns),
                                             dns_constraint(expand(name, naming)))));
  }
  fields.push_back(der::constructed(der::context_constructed(number), std::move(subtrees)));
}

x509::Bytes name_constraints_value(const NameConstraintsSpec& constraints,
                                   const NamingContext& naming) {
  std::vector<der::Node> fields;
  add_subtrees(fields, 0, constraints.permitted_dns, naming);
  add_subtrees(fields, 1, constraints.excluded_dns, naming);
  return der::write(der::sequence(std::move(fields)));
}

x509::Bytes policies_value(const std::vector<std::string>& policies) {
  std::vector<der::Node> all;
  all.reserve(policies.size());
  for (const std::string& policy : policies) all.push_back(sequence_of(der::oid(policy)));
  return der::write(der::sequence(std::move(all)));
}

// CRLDistributionPoints: one point a URL, as fullName.
x509::Bytes crl_points_value(const std::vector<std::string>& urls, const NamingContext& naming) {
  std::vector<der::Node> points;
  points.reserve(urls.size());
  for (const std::string& url : urls) {
    der::Node full_name =
        der::constructed(der::context_constructed(0), list(uri_name(url, naming)));
    points.push_back(
        sequence_of(der::constructed(der::context_constructed(0), list(std::move(full_name)))));
  }
  return der::write(der::sequence(std::move(points)));
}

void add_access(std::vector<der::Node>& all, std::string_view method,
                const std::vector<std::string>& urls, const NamingContext& naming) {
  for (const std::string& url : urls) {
    all.push_back(sequence_of(der::oid(method), uri_name(url, naming)));
  }
}

x509::Bytes tls_feature_value(const std::vector<int>& features) {
  std::vector<der::Node> numbers;
  numbers.reserve(features.size());
  for (const int feature : features) numbers.push_back(der::integer(feature));
  return der::write(der::sequence(std::move(numbers)));
}

// The role's value, the given one, or none.
template <typename Value>
std::optional<Value> chosen(const Choice<Value>& choice, const std::optional<Value>& by_role) {
  if (choice.value) return choice.value;
  return choice.presence == Presence::absent ? std::nullopt : by_role;
}

// Adds one extension after the other; each function is one key of the spec.
class Writer {
 public:
  explicit Writer(const ExtensionInput& input)
      : input_(input),
        spec_(input.certificate.spec),
        role_(input.certificate.role),
        // Before version 3 a certificate has no extensions: what is said explicitly stays.
        by_role_(input.certificate.spec.version == 3) {}

  std::vector<der::Node> write() {
    basic_constraints();
    key_usage();
    extended_key_usage();
    key_ids();
    names();
    name_constraints();
    lists();
    further_ones();
    return std::move(extensions_);
  }

 private:
  template <typename Make>
  void add(std::string_view oid, Criticality criticality, const std::string& key, Make value) {
    extensions_.push_back(
        at_key(spec_.name, key, [&] { return extension(oid, criticality, value()); }));
  }

  void basic_constraints() {
    const auto critical =
        chosen(spec_.basic_constraints, by_role_ ? std::optional(true) : std::nullopt);
    if (!critical) return;
    add(x509::oid_basic_constraints, *critical ? Criticality::critical : Criticality::not_critical,
        "basic_constraints", [&] { return basic_constraints_value(input_.certificate); });
  }

  void key_usage() {
    std::optional<std::vector<std::string>> usual;
    if (by_role_) {
      usual.emplace();
      if (role_ != Role::server) {
        *usual = {"keyCertSign", "cRLSign"};
      } else {
        *usual = {"digitalSignature"};
        // For the key exchange of TLS 1.2 that RSA alone can do.
        if (input_.key.spec.kind == KeyKind::rsa) usual->emplace_back("keyEncipherment");
      }
    }
    const auto usages = chosen(spec_.key_usage, usual);
    if (!usages) return;
    add(x509::oid_key_usage, Criticality::critical, "key_usage",
        [&] { return key_usage_value(*usages); });
  }

  void extended_key_usage() {
    std::optional<std::vector<std::string>> usual;
    if (by_role_ && role_ == Role::server) usual = {"serverAuth"};
    const auto usages = chosen(spec_.extended_key_usage, usual);
    if (!usages) return;
    add(x509::oid_extended_key_usage, Criticality::not_critical, "extended_key_usage",
        [&] { return extended_key_usage_value(*usages); });
  }

  void key_ids() {
    std::optional<x509::Bytes> own;
    std::optional<x509::Bytes> issuers;
    if (by_role_) own = key_id(input_.key);
    // RFC 5280 4.2.1.1: may be left out of a self-signed certificate.
    if (by_role_ && spec_.issued_by != spec_.entity) issuers = x509::copy(input_.issuer_key_id);
    if (const auto id = chosen(spec_.subject_key_id, own)) {
      add(x509::oid_subject_key_id, Criticality::not_critical, "subject_key_id",
          [&] { return der::write(der::octet_string(*id)); });
    }
    if (const auto id = chosen(spec_.authority_key_id, issuers)) {
      add(x509::oid_authority_key_id, Criticality::not_critical, "authority_key_id",
          [&] { return authority_key_id_value(*id); });
    }
  }

  void names() {
    std::optional<AlternativeNames> usual;
    if (by_role_ && role_ == Role::server) {
      usual = AlternativeNames{.dns = {"{host}", "localhost"}, .ip = {}, .email = {}};
    }
    const auto all = chosen(spec_.names, usual);
    if (!all) return;
    // RFC 5280 4.2.1.6: critical when the subject is empty.
    add(x509::oid_subject_alt_name,
        input_.subject_is_empty ? Criticality::critical : Criticality::not_critical, "names",
        [&] { return alternative_names_value(*all, input_.naming); });
  }

  void name_constraints() {
    std::optional<NameConstraintsSpec> usual;
    if (by_role_ && role_ == Role::root) {
      usual = NameConstraintsSpec{.permitted_dns = {"{lab}", "localhost"}, .excluded_dns = {}};
    }
    const auto constraints = chosen(spec_.name_constraints, usual);
    if (!constraints) return;
    add(x509::oid_name_constraints, Criticality::critical, "name_constraints",
        [&] { return name_constraints_value(*constraints, input_.naming); });
  }

  void lists() {
    const NamingContext& naming = input_.naming;
    const auto policies = chosen(spec_.policies, std::optional<std::vector<std::string>>{});
    if (policies) {
      add(x509::oid_certificate_policies, Criticality::not_critical, "policies",
          [&] { return policies_value(*policies); });
    }
    if (!spec_.crl_url.empty()) {
      add(x509::oid_crl_distribution_points, Criticality::not_critical, "crl_url",
          [&] { return crl_points_value(spec_.crl_url, naming); });
    }
    if (!spec_.ca_issuers.empty() || !spec_.ocsp.empty()) {
      add(x509::oid_authority_info_access, Criticality::not_critical, "aia", [&] {
        std::vector<der::Node> all;
        add_access(all, "1.3.6.1.5.5.7.48.1", spec_.ocsp, naming);
        add_access(all, "1.3.6.1.5.5.7.48.2", spec_.ca_issuers, naming);
        return der::write(der::sequence(std::move(all)));
      });
    }
    if (!spec_.tls_feature.empty()) {
      add(x509::oid_tls_feature, Criticality::not_critical, "tls_feature",
          [&] { return tls_feature_value(spec_.tls_feature); });
    }
  }

  void further_ones() {
    for (const ExtensionSpec& further : spec_.extensions) {
      add(further.oid, further.critical ? Criticality::critical : Criticality::not_critical,
          "extensions", [&] { return further.der; });
    }
  }

  const ExtensionInput& input_;
  const CertificateSpec& spec_;
  Role role_;
  bool by_role_;
  std::vector<der::Node> extensions_;
};

}  // namespace

std::span<const std::string_view> key_usage_names() { return key_usages; }

x509::Bytes key_id(const KeyPair& key) { return hash(Digest::sha1, {key.subject_key}); }

x509::Bytes authority_key_id_value(x509::ByteView issuer_key_id) {
  return der::write(sequence_of(der::primitive(der::context(0), issuer_key_id)));
}

der::Node extension(std::string_view oid, Criticality criticality, x509::ByteView value) {
  if (criticality == Criticality::not_critical) {
    return sequence_of(der::oid(oid), der::octet_string(value));
  }
  return sequence_of(der::oid(oid), der::boolean(true), der::octet_string(value));
}

std::vector<der::Node> extensions_of(const ExtensionInput& input) { return Writer(input).write(); }

}  // namespace badmx::certgen
