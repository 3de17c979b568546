// Certificate revocation lists, version 2 (RFC 5280 5).
#pragma once

#include "certgen/pki.h"
#include "certgen/private_key.h"
#include "certgen/spec.h"
#include "x509/bytes.h"
#include "x509/der.h"

#include <string>
#include <vector>

namespace badmx::certgen {

struct RevokedSerial {
  x509::der::Node serial;
  RevokedSpec spec;
};

struct CrlInput {
  const CrlSpec& spec;
  x509::Moment moment;
  x509::der::Node issuer;
  const KeyPair& signer;
  x509::ByteView issuer_key_id;
  std::vector<RevokedSerial> revoked;
};

// CRLReason (RFC 5280 5.3.1). Throws SpecError about that key of `name`.
x509::der::Node reason_node(const std::string& name, const std::string& key, int reason);

// DER. Throws SpecError (its `certificate` is the list's name).
x509::Bytes issue_crl(const CrlInput& input);

}  // namespace badmx::certgen
