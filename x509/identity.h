// What a server proves itself with: DER and no OpenSSL object, so that every thread can make its
// own context from it.
#pragma once

#include "x509/bytes.h"

#include <vector>

namespace badmx::x509 {

struct Identity {
  std::vector<Bytes> chain{};  // certificates exactly as sent, the server's own usually first
  Bytes key{};                 // PKCS#8 DER of the private key that signs the handshake

  bool operator==(const Identity&) const = default;
};

}  // namespace badmx::x509
