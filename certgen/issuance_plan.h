// Who signs whom: a PkiSpec with its names resolved and what can't be refused.
#pragma once

#include "certgen/pki.h"
#include "certgen/spec.h"

#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::certgen {

// A server signs nobody; an authority signs somebody, or is told to be one by `ca`; a root is an
// authority that signs itself.
enum class Role { server, authority, root };

struct PlannedCertificate {
  CertificateSpec spec;  // with `entity` filled in
  Role role = Role::server;
  bool is_lab_root = false;  // equal to lab_root()
};

// Everything certificates of one entity share.
struct Entity {
  std::string name;
  KeySpec key;
  std::string key_owner;  // itself, or where key_of leads in the end
  std::string subject;    // text for distinguished_name()
  bool is_lab_root = false;
  std::size_t first = 0;  // its first certificate
};

struct Layout {
  std::vector<PlannedCertificate> certificates;  // in the spec's order
  std::map<std::string, Entity, std::less<>> entities;
};

// The subject of the lab's root.
std::string lab_root_subject();

// Throws SpecError.
Layout make_layout(const PkiSpec& spec);

// The entity that `key` of `certificate` names. Throws SpecError when there is none.
const Entity& entity_named(const Layout& layout, std::string_view name,
                           std::string_view certificate, std::string_view key);

// Runs `make` and turns std::invalid_argument into a SpecError about that key.
template <typename Make>
auto at_key(const std::string& certificate, const std::string& key, Make make) {
  try {
    return make();
  } catch (const std::invalid_argument& error) {
    throw SpecError(certificate, key, error.what());
  }
}

}  // namespace badmx::certgen
