// What the servers under test prove themselves with: self-signed, made anew by each test program.
#pragma once

#include "tests/tls/made_identity.h"
#include "tls/identity.h"

namespace badmx::server::testing {

inline const tls::Identity& ec_identity() {
  static const tls::Identity made = tls::make_identity(tls::MadeKey::p256);
  return made;
}

inline const tls::Identity& rsa_identity() {
  static const tls::Identity made = tls::make_identity(tls::MadeKey::rsa_2048);
  return made;
}

}  // namespace badmx::server::testing
