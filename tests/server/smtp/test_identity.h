// What the servers under test prove themselves with: self-signed, made anew by each test program.
#pragma once

#include "tests/x509/made_identity.h"
#include "x509/identity.h"

namespace badmx::server::testing {

inline const x509::Identity& ec_identity() {
  static const x509::Identity made = x509::make_identity(x509::MadeKey::p256);
  return made;
}

inline const x509::Identity& rsa_identity() {
  static const x509::Identity made = x509::make_identity(x509::MadeKey::rsa_2048);
  return made;
}

}  // namespace badmx::server::testing
