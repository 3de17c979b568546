// OCSP responses as a responder signs them (RFC 6960 4.2).
#pragma once

#include "certgen/private_key.h"
#include "certgen/spec.h"
#include "x509/bytes.h"
#include "x509/certificate.h"
#include "x509/der.h"

#include <vector>

namespace badmx::certgen {

struct OcspInput {
  const OcspSpec& spec;
  x509::Moment moment;
  x509::der::Node issuer;  // the issuer's name in the certificate it is about
  const KeyPair& issuer_key;
  x509::der::Node serial;
  const KeyPair& signer;
  std::vector<x509::Bytes> enclosed;  // certificates, DER
};

// DER. Throws SpecError (its `certificate` is the response's name).
x509::Bytes issue_ocsp(const OcspInput& input);

}  // namespace badmx::certgen
