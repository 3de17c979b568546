#include "certgen/issuance_plan.h"

#include "certgen/rsa_key.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>

namespace badmx::certgen {
namespace {

std::string entity_of(const CertificateSpec& spec) {
  return spec.entity.empty() ? spec.name.substr(0, spec.name.find(" by ")) : spec.entity;
}

bool is_rsa_kind(KeyKind kind) { return kind == KeyKind::rsa || kind == KeyKind::rsa_pss; }

void check_key(const CertificateSpec& spec) {
  if (!is_rsa_kind(spec.key.kind)) return;
  if (spec.key.bits < least_rsa_bits || spec.key.bits > most_rsa_bits) {
    throw SpecError(spec.name, "key",
                    fmt::format("an RSA key of {} bits; {} to {} are possible", spec.key.bits,
                                least_rsa_bits, most_rsa_bits));
  }
}

void check_names(const PkiSpec& spec) {
  std::set<std::string_view> names;
  for (const CertificateSpec& certificate : spec.certificates) {
    if (certificate.name.empty()) throw SpecError("", "name", "a certificate has no name");
    if (!names.insert(certificate.name).second) {
      throw SpecError(certificate.name, "name", "two certificates have this name");
    }
    check_key(certificate);
  }
}

// Certificates of one entity share a key: said in one of them, it holds for all.
void merge_key(Entity& entity, const CertificateSpec& spec) {
  if (spec.key == KeySpec{} || spec.key == entity.key) return;
  if (entity.key != KeySpec{}) {
    throw SpecError(spec.name, "key",
                    fmt::format("another certificate of {} says another one", entity.name));
  }
  entity.key = spec.key;
}

std::set<std::string> signers(const PkiSpec& spec) {
  std::set<std::string> names;
  for (const CertificateSpec& certificate : spec.certificates) {
    const std::string entity = entity_of(certificate);
    if (certificate.issued_by != entity) names.insert(certificate.issued_by);
    if (certificate.signed_by && *certificate.signed_by != entity) {
      names.insert(*certificate.signed_by);
    }
  }
  return names;
}

Role role_of(const CertificateSpec& spec, const std::set<std::string>& signing) {
  const bool authority = signing.contains(spec.entity) || spec.ca.value_or(false);
  if (!authority) return Role::server;
  return spec.issued_by == spec.entity ? Role::root : Role::authority;
}

// Other roots and intermediates carry the host's name, so that those of many scenarios differ.
std::string default_subject(const Entity& entity, Role role) {
  if (entity.is_lab_root) return lab_root_subject();
  if (role == Role::server) return "CN={host}";
  std::string escaped;
  for (const char c : entity.name) {
    constexpr std::string_view special = "\"#+,;<=>\\{} ";
    if (special.find(c) != std::string_view::npos) escaped += '\\';
    escaped += c;
  }
  return fmt::format("O={{host}}, CN=badmx lab {} DO NOT TRUST", escaped);
}

void add_entity(Layout& layout, std::size_t index) {
  const PlannedCertificate& planned = layout.certificates[index];
  const auto [naming, is_new] = layout.entities.try_emplace(planned.spec.entity);
  Entity& entity = naming->second;
  if (is_new) {
    entity.name = planned.spec.entity;
    entity.first = index;
  }
  entity.is_lab_root = entity.is_lab_root || planned.is_lab_root;
  merge_key(entity, planned.spec);
}

// What the first certificate of the entity that says a subject says, or what its role gives it.
std::string subject_of(const Layout& layout, const Entity& entity) {
  for (const PlannedCertificate& planned : layout.certificates) {
    if (planned.spec.entity == entity.name && planned.spec.subject) return *planned.spec.subject;
  }
  return default_subject(entity, layout.certificates[entity.first].role);
}

// Follows key_of to the entity whose own key it is.
std::string key_owner(const Layout& layout, const Entity& start) {
  std::set<std::string> met;
  const Entity* at = &start;
  while (true) {
    const CertificateSpec& spec = layout.certificates[at->first].spec;
    if (!spec.key_of || *spec.key_of == at->name) return at->name;
    if (!met.insert(at->name).second) {
      throw SpecError(spec.name, "key_of", "the keys go round in a circle");
    }
    at = &entity_named(layout, *spec.key_of, spec.name, "key_of");
  }
}

// Every certificate must have a way up that ends: some self-signed one that can be reached. Two
// authorities that certify each other are fine as long as one of them also stands by itself.
void check_ends(const Layout& layout, const PlannedCertificate& start) {
  std::set<std::string> reached{start.spec.issued_by};
  std::vector<std::string> open{start.spec.issued_by};
  std::string way = start.spec.entity;
  if (start.spec.issued_by == start.spec.entity) return;
  while (!open.empty()) {
    const std::string entity = std::move(open.back());
    open.pop_back();
    way += " < " + entity;
    for (const PlannedCertificate& planned : layout.certificates) {
      if (planned.spec.entity != entity) continue;
      if (planned.spec.issued_by == entity) return;
      if (reached.insert(planned.spec.issued_by).second) open.push_back(planned.spec.issued_by);
    }
  }
  throw SpecError(start.spec.name, "issued_by",
                  fmt::format("the issuers go round in a circle and none is self-signed: {}", way));
}

}  // namespace

std::string lab_root_subject() { return "CN=badmx lab root DO NOT TRUST"; }

const Entity& entity_named(const Layout& layout, std::string_view name,
                           std::string_view certificate, std::string_view key) {
  const auto found = layout.entities.find(name);
  if (found != layout.entities.end()) return found->second;
  std::string known;
  for (const auto& [entity, unused] : layout.entities) {
    known += (known.empty() ? "" : ", ") + entity;
  }
  throw SpecError(std::string(certificate), std::string(key),
                  fmt::format("there is no \"{}\"; there are: {}", name, known));
}

Layout make_layout(const PkiSpec& spec) {
  check_names(spec);
  const std::set<std::string> signing = signers(spec);
  const CertificateSpec healthy_root = lab_root();
  Layout layout;
  for (const CertificateSpec& certificate : spec.certificates) {
    PlannedCertificate planned{.spec = certificate};
    planned.spec.entity = entity_of(certificate);
    planned.is_lab_root = planned.spec == healthy_root;
    planned.role = role_of(planned.spec, signing);
    layout.certificates.push_back(std::move(planned));
    add_entity(layout, layout.certificates.size() - 1);
  }
  for (auto& [name, entity] : layout.entities) {
    entity.subject = subject_of(layout, entity);
    entity.key_owner = key_owner(layout, entity);
  }
  for (const PlannedCertificate& planned : layout.certificates) {
    const CertificateSpec& certificate = planned.spec;
    entity_named(layout, certificate.issued_by, certificate.name, "issued_by");
    if (certificate.signed_by) {
      entity_named(layout, *certificate.signed_by, certificate.name, "signed_by");
    }
    if (certificate.key_of) entity_named(layout, *certificate.key_of, certificate.name, "key_of");
    check_ends(layout, planned);
  }
  return layout;
}

}  // namespace badmx::certgen
