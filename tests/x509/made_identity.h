// Certificates for tests, made by OpenSSL's own API: self-signed, all with the subject asked for.
#pragma once

#include "x509/handle.h"
#include "x509/identity.h"

#include <openssl/rsa.h>

#include <stdexcept>
#include <string>

namespace badmx::x509 {

enum class MadeKey { p256, p384, rsa_2048, rsa_1024, ed25519 };

inline KeyHandle make_key(MadeKey kind) {
  switch (kind) {
    case MadeKey::p256:
      return KeyHandle(EVP_EC_gen("P-256"));
    case MadeKey::p384:
      return KeyHandle(EVP_EC_gen("P-384"));
    case MadeKey::rsa_2048:
      return KeyHandle(EVP_RSA_gen(2048));
    case MadeKey::rsa_1024:
      return KeyHandle(EVP_RSA_gen(1024));
    case MadeKey::ed25519:
      break;
  }
  return KeyHandle(EVP_PKEY_Q_keygen(nullptr, nullptr, "ED25519"));
}

inline Bytes taken(int length, unsigned char* written) {
  const MemoryHandle owned(written);
  if (length <= 0) {
    throw std::runtime_error("nothing was encoded");
  }
  return copy({written, static_cast<std::size_t>(length)});
}

inline Bytes pkcs8_of(EVP_PKEY* key) {
  const Pkcs8Handle info(EVP_PKEY2PKCS8(key));
  unsigned char* written = nullptr;
  const int length = i2d_PKCS8_PRIV_KEY_INFO(info.get(), &written);
  return taken(length, written);
}

inline Bytes make_certificate(EVP_PKEY* key, const std::string& common_name) {
  const X509Handle certificate(X509_new());
  X509_set_version(certificate.get(), X509_VERSION_3);
  ASN1_INTEGER_set(X509_get_serialNumber(certificate.get()), 1);
  X509_gmtime_adj(X509_getm_notBefore(certificate.get()), -3600);
  X509_gmtime_adj(X509_getm_notAfter(certificate.get()), 3600);
  X509_NAME* const name = X509_get_subject_name(certificate.get());
  X509_NAME_add_entry_by_txt(name, "CN", MBSTRING_UTF8,
                             reinterpret_cast<const unsigned char*>(common_name.c_str()), -1, -1,
                             0);
  X509_set_issuer_name(certificate.get(), name);
  X509_set_pubkey(certificate.get(), key);
  const EVP_MD* const digest = EVP_PKEY_is_a(key, "ED25519") == 1 ? nullptr : EVP_sha256();
  if (X509_sign(certificate.get(), key, digest) == 0) {
    throw std::runtime_error("no certificate could be made");
  }
  unsigned char* written = nullptr;
  const int length = i2d_X509(certificate.get(), &written);
  return taken(length, written);
}

inline Identity make_identity(MadeKey kind, const std::string& common_name = "mx.example.test") {
  const KeyHandle key = make_key(kind);
  return {.chain = {make_certificate(key.get(), common_name)}, .key = pkcs8_of(key.get())};
}

}  // namespace badmx::x509
