// What certificates shall be made, as plain values: every default makes a healthy certificate, so
// that a spec says only what deviates (design: a scenario is a healthy server plus a deviation).
#pragma once

#include "x509/bytes.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace badmx::certgen {

using Offset = std::chrono::seconds;  // from the moment that generate() is given

enum class KeyKind { ec_p256, ec_p384, ec_p521, rsa, rsa_pss, ed25519 };

struct KeySpec {
  KeyKind kind = KeyKind::ec_p256;
  int bits = 0;  // of rsa and rsa_pss: 1024 to 8192

  bool operator==(const KeySpec&) const = default;
};

enum class Digest { md5, sha1, sha224, sha256, sha384, sha512 };

// How the signature is made. rsa_pss signs with RSASSA-PSS whatever the issuer's RSA key says.
enum class Padding { by_key, rsa_pss };

// The subjectAltName. Text may hold {host}, {domain}, {lab}; dns names that aren't ASCII are
// written as A-labels (RFC 5891), e-mail domains too.
struct AlternativeNames {
  std::vector<std::string> dns{};
  std::vector<std::string> ip{};
  std::vector<std::string> email{};

  bool operator==(const AlternativeNames&) const = default;
};

struct Validity {
  Offset not_before{};
  Offset not_after{};

  bool operator==(const Validity&) const = default;
};

struct NameConstraintsSpec {
  std::vector<std::string> permitted_dns{};
  std::vector<std::string> excluded_dns{};

  bool operator==(const NameConstraintsSpec&) const = default;
};

struct ExtensionSpec {
  std::string oid{};
  bool critical = false;
  x509::Bytes der{};

  bool operator==(const ExtensionSpec&) const = default;
};

// Of an extension: as the certificate's role has it (unsaid), left out (`extension = false`), or
// the given value.
enum class Presence { by_role, absent };

template <typename Value>
struct Choice {
  Presence presence = Presence::by_role;
  std::optional<Value> value{};  // set: this, whatever the role

  bool operator==(const Choice&) const = default;
};

// One certificate. Roles: the first certificate of a pki line ("leaf < …") is a server's, all that
// sign another one, or themselves and aren't a line's only certificate, are CAs. `ca = true` makes
// a CA in all respects of one that signs nobody; `ca = false` takes from a CA the bit alone, its
// subject and usages stay.
struct CertificateSpec {
  std::string name{};       // "leaf", "intermediate", "new-root by old-root": unique in a PkiSpec
  std::string entity{};     // whose subject and key: the name up to " by "
  std::string issued_by{};  // the entity to its right of "<": issuer name, key id, signing key

  std::optional<std::string> subject{};    // "CN={host}, O=Example"; unsaid: by role; "" is empty
  std::optional<std::string> issuer{};     // the issuer name as a DN, or an entity's name
  std::optional<std::string> signed_by{};  // an entity whose key signs instead
  std::optional<std::string> key_of{};     // an entity whose key is in it instead of its own
  KeySpec key{};
  Digest digest = Digest::sha256;
  Padding padding = Padding::by_key;
  std::optional<Validity> valid{};      // unsaid: leaf -1d to +90d, CA -2y to +8y
  std::optional<std::string> serial{};  // decimal, or 0x…; a leading "-" makes it negative
  int version = 3;  // another: no extension by role, only what is given explicitly

  std::optional<bool> ca{};  // unsaid: by role
  std::optional<int> path_length{};
  Choice<AlternativeNames> names{};              // by role: leaf {host} and localhost, CA none
  Choice<std::vector<std::string>> key_usage{};  // names of RFC 5280 4.2.1.3: "digitalSignature"
  Choice<std::vector<std::string>> extended_key_usage{};  // "serverAuth", "clientAuth", an OID
  Choice<NameConstraintsSpec>
      name_constraints{};  // by role: a root is constrained to {lab}, localhost
  Choice<std::vector<std::string>> policies{};  // OIDs
  Choice<x509::Bytes> subject_key_id{};         // by role: RFC 5280 4.2.1.2 (1)
  Choice<x509::Bytes> authority_key_id{};       // by role: the issuer's subject key id
  Choice<bool> basic_constraints{};       // absent: none at all; a value: whether it is critical
  std::vector<std::string> ca_issuers{};  // authorityInfoAccess URLs
  std::vector<std::string> ocsp{};        // authorityInfoAccess OCSP URLs
  std::vector<std::string> crl_url{};
  std::vector<int> tls_feature{};           // RFC 7633: {5} is must-staple
  std::vector<ExtensionSpec> extensions{};  // further ones, behind the others
  // Rows of certgen/defects.h, with their argument: "duplicate-extension:subject-alt-name".
  std::vector<std::string> defects{};

  bool operator==(const CertificateSpec&) const = default;
};

struct RevokedSpec {
  std::string certificate{};
  Offset at{};
  std::optional<int> reason{};  // RFC 5280 5.3.1

  bool operator==(const RevokedSpec&) const = default;
};

struct CrlSpec {
  std::string name{};
  std::string issued_by{};  // an entity
  Offset this_update{};
  Offset next_update{};
  std::vector<RevokedSpec> revoked{};

  bool operator==(const CrlSpec&) const = default;
};

enum class OcspStatus { good, revoked, unknown };

// An OCSP response about one certificate (RFC 6960), by its issuer unless said otherwise.
struct OcspSpec {
  std::string name{};
  std::string about{};  // a certificate
  OcspStatus status = OcspStatus::good;
  Offset revoked_at{};          // for `revoked`, with …
  std::optional<int> reason{};  // … RFC 5280 5.3.1
  Offset this_update{};
  std::optional<Offset> next_update{};     // nothing: the response has none
  std::optional<std::string> signed_by{};  // the entity whose key signs; unsaid: about's issuer
  std::vector<std::string> sends{};        // certificates in it: the responder's own
  std::optional<x509::Bytes> der{};        // these octets instead of all that

  bool operator==(const OcspSpec&) const = default;
};

struct PkiSpec {
  // Issuers may stand anywhere, but no issuer may be missing and no key may depend on itself.
  std::vector<CertificateSpec> certificates{};
  // Names of certificates a sender trusts beside the lab's healthy root, which always is.
  std::vector<std::string> trusted{};
  std::vector<CrlSpec> crls{};
  std::vector<OcspSpec> ocsp{};

  bool operator==(const PkiSpec&) const = default;
};

// leaf < intermediate < root < root
PkiSpec healthy_pki();
// The "root" of healthy_pki(): a certificate equal to it is the lab's one identity, with a key
// and bytes that all scenarios share.
CertificateSpec lab_root();

}  // namespace badmx::certgen
