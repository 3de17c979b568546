// OCSP responses as a responder signs them (RFC 6960 4.2).
#pragma once

#include "certgen/private_key.h"
#include "certgen/spec.h"
#include "tls/bytes.h"
#include "tls/certificate.h"
#include "tls/der.h"

#include <vector>

namespace badmx::certgen {

struct OcspInput {
  const OcspSpec& spec;
  tls::Moment moment;
  tls::der::Node issuer;  // the issuer's name in the certificate it is about
  const KeyPair& issuer_key;
  tls::der::Node serial;
  const KeyPair& signer;
  std::vector<tls::Bytes> enclosed;  // certificates, DER
};

// DER. Throws SpecError (its `certificate` is the response's name).
tls::Bytes issue_ocsp(const OcspInput& input);

}  // namespace badmx::certgen
