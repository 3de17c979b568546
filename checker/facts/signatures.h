// Signatures checked, and remembered: in a bulk check thousands of servers stand under the same few
// intermediates, and one check costs a quarter of a whole diagnosis.
#pragma once

#include "checker/facts/facts.h"
#include "x509/key.h"

namespace badmx::checker {

// Whether the issuer's key made the certificate's signature; both must have been read. What each
// thread remembers is a pure function of the two certificates' bytes, and bounded.
x509::SignatureCheck check_signed_by(const CertificateFacts& child, const CertificateFacts& issuer);

}  // namespace badmx::checker
