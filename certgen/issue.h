// One certificate: the tree of what is signed, the defects before, the signature, the defects
// after.
#pragma once

#include "certgen/layout.h"
#include "certgen/pki.h"
#include "certgen/private_key.h"
#include "tls/bytes.h"
#include "tls/certificate.h"
#include "tls/der.h"

#include <string>

namespace badmx::certgen {

struct IssueInput {
  const PlannedCertificate& certificate;
  const Place& place;  // its moment is what the validity counts from
  tls::der::Node subject;
  tls::der::Node issuer;
  const KeyPair& key;     // in the certificate
  const KeyPair& signer;  // makes the signature
  tls::ByteView issuer_key_id;
  tls::ByteView default_serial;  // big-endian, for a spec without one
};

// The certificate's DER. Throws SpecError.
tls::Bytes issue(const IssueInput& input);

// The INTEGER that the certificate's serial is.
tls::der::Node serial_node(const CertificateSpec& spec, tls::ByteView default_serial);

// UTCTime up to 2049, GeneralizedTime for other years (RFC 5280 4.1.2.5). Throws
// std::invalid_argument for a year that has no four digits.
tls::der::Node time_node(tls::Moment moment);
// GeneralizedTime whatever the year, as OCSP has it (RFC 6960 4.2.2.1). Throws the same.
tls::der::Node generalized_time_node(tls::Moment moment);
// Throws std::invalid_argument when it is tens of thousands of years away.
tls::Moment at(tls::Moment moment, Offset offset);

}  // namespace badmx::certgen
