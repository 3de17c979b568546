// The one place that knows how a certificate's extensions are written (RFC 5280 4.2).
#pragma once

#include "certgen/issuance_plan.h"
#include "certgen/pki.h"
#include "certgen/private_key.h"
#include "x509/bytes.h"
#include "x509/der.h"

#include <span>
#include <string_view>
#include <vector>

namespace badmx::certgen {

// RFC 5280 4.2.1.2 (1): SHA-1 of the public key's octets.
x509::Bytes key_id(const KeyPair& key);
// AuthorityKeyIdentifier's value with a keyIdentifier alone; CRLs have one too.
x509::Bytes authority_key_id_value(x509::ByteView issuer_key_id);

// The names of KeyUsage's bits (RFC 5280 4.2.1.3), each at the place of its number.
std::span<const std::string_view> key_usage_names();

// Extension (RFC 5280 4.1); DER leaves `critical` out when it is false.
enum class Criticality { critical, not_critical };
x509::der::Node extension(std::string_view oid, Criticality criticality, x509::ByteView value);

struct ExtensionInput {
  const PlannedCertificate& certificate;
  const NamingContext& naming;
  const KeyPair& key;            // in the certificate
  x509::ByteView issuer_key_id;  // the subject key id of the entity in `issued_by`
  bool subject_is_empty = false;
};

// The SEQUENCE OF Extension's members. Throws SpecError.
std::vector<x509::der::Node> extensions_of(const ExtensionInput& input);

}  // namespace badmx::certgen
