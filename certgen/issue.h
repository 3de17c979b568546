// One certificate: the tree of what is signed, the defects before, the signature, the defects
// after.
#pragma once

#include "certgen/issuance_plan.h"
#include "certgen/pki.h"
#include "certgen/private_key.h"
#include "x509/bytes.h"
#include "x509/certificate.h"
#include "x509/der.h"

#include <string>

namespace badmx::certgen {

struct IssueInput {
  const PlannedCertificate& certificate;
  const NamingContext& naming;  // its moment is what the validity counts from
  x509::der::Node subject;
  x509::der::Node issuer;
  const KeyPair& key;     // in the certificate
  const KeyPair& signer;  // makes the signature
  x509::ByteView issuer_key_id;
  x509::ByteView default_serial;  // big-endian, for a spec without one
};

// The certificate's DER. Throws SpecError.
x509::Bytes issue(const IssueInput& input);

// The INTEGER that the certificate's serial is.
x509::der::Node serial_node(const CertificateSpec& spec, x509::ByteView default_serial);

// UTCTime up to 2049, GeneralizedTime for other years (RFC 5280 4.1.2.5). Throws
// std::invalid_argument for a year that has no four digits.
x509::der::Node time_node(x509::Moment moment);
// GeneralizedTime whatever the year, as OCSP has it (RFC 6960 4.2.2.1). Throws the same.
x509::der::Node generalized_time_node(x509::Moment moment);
// Throws std::invalid_argument when it is tens of thousands of years away.
x509::Moment at(x509::Moment moment, Offset offset);

}  // namespace badmx::certgen
