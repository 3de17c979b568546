// A private key for a certificate that it doesn't belong to.
#pragma once

#include "x509/bytes.h"
#include "x509/handle.h"

namespace badmx::x509 {

// The key of `pkcs8` for serving a certificate with the public key `shown`. Where the two belong
// together it is just that key. Where they don't, it shows the certificate's public half and signs
// with the other's private one (libssl refuses such a pair, but EVP_PKEY_fromdata checks none);
// with a scalar made from it where the key types or curves differ. Throws Error when the bytes are
// no private key.
KeyHandle key_to_serve(OSSL_LIB_CTX* library, EVP_PKEY* shown, ByteView pkcs8);

}  // namespace badmx::x509
