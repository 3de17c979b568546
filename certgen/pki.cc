#include "certgen/pki.h"

#include "certgen/extensions.h"
#include "certgen/issuance_plan.h"
#include "certgen/issue.h"
#include "certgen/key_derivation.h"
#include "certgen/names.h"
#include "certgen/ocsp.h"
#include "certgen/revocation.h"

#include <fmt/format.h>

#include <algorithm>
#include <map>
#include <utility>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

constexpr std::size_t serial_octets = 16;

std::string_view part_name(SpecPart part) {
  switch (part) {
    case SpecPart::certificate:
      return "certificate";
    case SpecPart::crl:
      return "revocation list";
    case SpecPart::ocsp:
      return "OCSP response";
  }
  return "";
}

// What `make` says of a certificate is about a list or response of that name.
template <typename Make>
auto in_part(SpecPart part, Make make) {
  try {
    return make();
  } catch (const SpecError& error) {
    throw SpecError(error.certificate, error.key, error.says, part);
  }
}

// Positive and of full length (RFC 5280 4.1.2.2). The moment is in it, so that a lab which is kept
// for weeks doesn't give one number to two certificates.
x509::Bytes make_serial(KeyStore::Impl& keys, std::string_view scenario, std::string_view name,
                        x509::Moment moment) {
  const std::string when = std::to_string(moment.time_since_epoch().count());
  x509::Bytes serial = keys.derive({"serial", scenario, name, when}, serial_octets);
  serial.front() = static_cast<std::uint8_t>((serial.front() & 0x3fU) | 0x40U);
  return serial;
}

x509::Moment lab_moment(const NamingContext& naming) {
  return naming.lab_made.value_or(naming.moment);
}

// Where the lab's root holds: nothing of it depends on a scenario or its host.
NamingContext lab_naming(std::string_view lab, x509::Moment moment) {
  return {.scenario = {},
          .host = {},
          .domain = {},
          .lab = std::string(lab),
          .moment = moment,
          .lab_made = moment};
}

IssuedCertificate make_lab_root(std::string_view lab, x509::Moment moment, KeyStore::Impl& keys) {
  const PlannedCertificate planned{.spec = lab_root(), .role = Role::root, .is_lab_root = true};
  const NamingContext naming = lab_naming(lab, moment);
  const KeyPair& key = keys.lab_key();
  const der::Node subject = distinguished_name(lab_root_subject(), naming);
  const x509::Bytes id = key_id(key);
  const x509::Bytes serial = make_serial(keys, "", planned.spec.name, moment);
  return IssuedCertificate{.name = planned.spec.name,
                           .entity = planned.spec.entity,
                           .der = issue(IssueInput{.certificate = planned,
                                                   .naming = naming,
                                                   .subject = subject,
                                                   .issuer = subject,
                                                   .key = key,
                                                   .signer = key,
                                                   .issuer_key_id = id,
                                                   .default_serial = serial}),
                           .key = key.pkcs8};
}

const IssuedCertificate& lab_root_of(const NamingContext& naming, KeyStore::Impl& keys) {
  const x509::Moment moment = lab_moment(naming);
  return keys.lab_roots.get({naming.lab, moment},
                            [&] { return make_lab_root(naming.lab, moment, keys); });
}

// Makes one PKI: keys and names of entities once, then certificate by certificate.
class Generator {
 public:
  Generator(const PkiSpec& spec, const NamingContext& naming, KeyStore::Impl& keys)
      : spec_(spec), naming_(naming), keys_(keys), layout_(make_layout(spec)) {}

  Pki generate() {
    Pki pki;
    for (const PlannedCertificate& planned : layout_.certificates) {
      pki.certificates.push_back(planned.is_lab_root ? lab_root_of(naming_, keys_) : make(planned));
    }
    pki.trusted.push_back(lab_root_of(naming_, keys_).der);
    for (const std::string& name : spec_.trusted) {
      const IssuedCertificate* found = pki.find(name);
      if (found == nullptr) throw SpecError(name, "trusted", "there is no such certificate");
      if (found->der != pki.trusted.front()) pki.trusted.push_back(found->der);
    }
    for (const CrlSpec& crl : spec_.crls) {
      pki.crls.push_back(in_part(SpecPart::crl, [&] { return make_crl(crl); }));
    }
    for (const OcspSpec& ocsp : spec_.ocsp) {
      pki.ocsp.push_back(in_part(SpecPart::ocsp, [&] { return make_ocsp(ocsp, pki); }));
    }
    return pki;
  }

 private:
  const KeyPair& key_of(const Entity& entity) {
    const Entity& owner = layout_.entities.find(entity.key_owner)->second;
    if (owner.is_lab_root) return keys_.lab_key();
    const auto found = entity_keys_.find(owner.name);
    if (found != entity_keys_.end()) return found->second;
    return entity_keys_.emplace(owner.name, keys_.key(owner.key, naming_.scenario, owner.name))
        .first->second;
  }

  const KeyPair& key_in(const PlannedCertificate& planned) {
    const CertificateSpec& spec = planned.spec;
    return key_of(named(spec.key_of.value_or(spec.entity), spec.name, "key_of"));
  }

  const Entity& named(std::string_view name, std::string_view certificate, std::string_view key) {
    return entity_named(layout_, name, certificate, key);
  }

  der::Node name_of(const Entity& entity) {
    return at_key(layout_.certificates[entity.first].spec.name, "subject",
                  [&] { return distinguished_name(entity.subject, naming_); });
  }

  der::Node subject_of(const PlannedCertificate& planned) {
    const CertificateSpec& spec = planned.spec;
    if (!spec.subject) return name_of(named(spec.entity, spec.name, "entity"));
    return at_key(spec.name, "subject", [&] { return distinguished_name(*spec.subject, naming_); });
  }

  // An issuer with an equals sign is a name; "" is the empty one; else it is an entity.
  der::Node issuer_of(const PlannedCertificate& planned) {
    const CertificateSpec& spec = planned.spec;
    if (!spec.issuer) {
      // Self-signed: equal to the subject even where two certificates of it say different ones.
      if (spec.issued_by == spec.entity) return subject_of(planned);
      return name_of(named(spec.issued_by, spec.name, "issued_by"));
    }
    if (spec.issuer->empty() || spec.issuer->find('=') != std::string::npos) {
      return at_key(spec.name, "issuer", [&] { return distinguished_name(*spec.issuer, naming_); });
    }
    return name_of(named(*spec.issuer, spec.name, "issuer"));
  }

  // What certificates issued by this entity point at: the subject key id its first one has.
  x509::Bytes key_id_of(const Entity& entity) {
    const PlannedCertificate& first = layout_.certificates[entity.first];
    return first.spec.subject_key_id.value.value_or(key_id(key_in(first)));
  }

  IssuedCertificate make(const PlannedCertificate& planned) {
    const CertificateSpec& spec = planned.spec;
    const Entity& issuer = named(spec.issued_by, spec.name, "issued_by");
    const Entity& signer = named(spec.signed_by.value_or(spec.issued_by), spec.name, "signed_by");
    const x509::Bytes issuer_key_id = key_id_of(issuer);
    const x509::Bytes serial = serial_of(spec);
    const KeyPair& key = key_in(planned);
    return IssuedCertificate{.name = spec.name,
                             .entity = spec.entity,
                             .der = issue(IssueInput{.certificate = planned,
                                                     .naming = naming_,
                                                     .subject = subject_of(planned),
                                                     .issuer = issuer_of(planned),
                                                     .key = key,
                                                     .signer = signing_key(planned, signer, key),
                                                     .issuer_key_id = issuer_key_id,
                                                     .default_serial = serial}),
                             .key = key.pkcs8};
  }

  // A self-signed certificate is signed by the key in it.
  const KeyPair& signing_key(const PlannedCertificate& planned, const Entity& signer,
                             const KeyPair& own) {
    return signer.name == planned.spec.entity ? own : key_of(signer);
  }

  x509::Bytes serial_of(const CertificateSpec& spec) {
    return make_serial(keys_, naming_.scenario, spec.name, naming_.moment);
  }

  IssuedCrl make_crl(const CrlSpec& crl) {
    const Entity& issuer = named(crl.issued_by, crl.name, "issued_by");
    const x509::Bytes issuer_key_id = key_id_of(issuer);
    std::vector<RevokedSerial> revoked;
    revoked.reserve(crl.revoked.size());
    for (const RevokedSpec& each : crl.revoked) {
      revoked.push_back(RevokedSerial{
          .serial = serial_in(planned(each.certificate, crl.name, "revoked")), .spec = each});
    }
    return IssuedCrl{.name = crl.name,
                     .der = issue_crl(CrlInput{.spec = crl,
                                               .moment = naming_.moment,
                                               .issuer = name_of(issuer),
                                               .signer = key_of(issuer),
                                               .issuer_key_id = issuer_key_id,
                                               .revoked = std::move(revoked)})};
  }

  IssuedOcsp make_ocsp(const OcspSpec& ocsp, const Pki& pki) {
    const PlannedCertificate& about = planned(ocsp.about, ocsp.name, "about");
    const std::string& issuer = about.spec.issued_by;
    OcspInput input{
        .spec = ocsp,
        .moment = naming_.moment,
        .issuer = issuer_of(about),
        .issuer_key = key_of(named(issuer, ocsp.name, "about")),
        .serial = serial_in(about),
        .signer = key_of(named(ocsp.signed_by.value_or(issuer), ocsp.name, "signed_by")),
        .enclosed = {}};
    for (const std::string& name : ocsp.sends) {
      const IssuedCertificate* const found = pki.find(name);
      if (found == nullptr) throw SpecError(ocsp.name, "sends", no_certificate(name));
      input.enclosed.push_back(found->der);
    }
    return IssuedOcsp{.name = ocsp.name, .der = issue_ocsp(input)};
  }

  static std::string no_certificate(std::string_view name) {
    return fmt::format("there is no certificate \"{}\"", name);
  }

  // The certificate that `key` of the list or response `of` names.
  const PlannedCertificate& planned(std::string_view name, const std::string& of,
                                    const std::string& key) const {
    const auto found = std::ranges::find_if(
        layout_.certificates,
        [&](const PlannedCertificate& each) { return each.spec.name == name; });
    if (found == layout_.certificates.end()) throw SpecError(of, key, no_certificate(name));
    return *found;
  }

  der::Node serial_in(const PlannedCertificate& certificate) {
    const CertificateSpec& spec = certificate.spec;
    const x509::Bytes serial = certificate.is_lab_root
                                   ? make_serial(keys_, "", spec.name, lab_moment(naming_))
                                   : serial_of(spec);
    return serial_node(spec, serial);
  }

  const PkiSpec& spec_;
  const NamingContext& naming_;
  KeyStore::Impl& keys_;
  Layout layout_;
  std::map<std::string, KeyPair, std::less<>> entity_keys_;
};

}  // namespace

SpecError::SpecError(std::string name, std::string key_name, std::string what_is_wrong,
                     SpecPart about)
    : std::runtime_error(
          fmt::format("{} \"{}\", {}: {}", part_name(about), name, key_name, what_is_wrong)),
      certificate(std::move(name)),
      key(std::move(key_name)),
      says(std::move(what_is_wrong)),
      part(about) {}

const IssuedCertificate* Pki::find(std::string_view name) const {
  const auto found = std::ranges::find(certificates, name, &IssuedCertificate::name);
  return found == certificates.end() ? nullptr : &*found;
}

x509::Identity Pki::identity(const std::vector<std::string>& chain, std::string_view key) const {
  const auto named = [this](std::string_view name, const char* where) -> const IssuedCertificate& {
    if (const IssuedCertificate* found = find(name)) return *found;
    std::string known;
    for (const IssuedCertificate& each : certificates) {
      known += (known.empty() ? "" : ", ") + each.name;
    }
    throw SpecError(std::string(name), where,
                    fmt::format("there is no such certificate; there are: {}", known));
  };
  x509::Identity identity;
  for (const std::string& name : chain) identity.chain.push_back(named(name, "chain").der);
  if (key.empty() && chain.empty()) return identity;
  identity.key = named(key.empty() ? std::string_view(chain.front()) : key, "key").key;
  return identity;
}

x509::Bytes Pki::ocsp_response(std::string_view name) const {
  const auto found = std::ranges::find(ocsp, name, &IssuedOcsp::name);
  if (found == ocsp.end()) {
    throw SpecError(std::string(name), "staple", "there is no such response");
  }
  return found->der;
}

Pki generate(const PkiSpec& spec, const NamingContext& naming, KeyStore& keys) {
  return Generator(spec, naming, keys.impl()).generate();
}

x509::Bytes lab_root_certificate(std::string_view lab, x509::Moment moment, KeyStore& keys) {
  const NamingContext naming = lab_naming(lab, moment);
  return lab_root_of(naming, keys.impl()).der;
}

}  // namespace badmx::certgen
