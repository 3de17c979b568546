// Owning handles of OpenSSL's objects: the only place where a *_free is named.
#pragma once

#include <openssl/bio.h>
#include <openssl/bn.h>
#include <openssl/core_names.h>
#include <openssl/ec.h>
#include <openssl/evp.h>
#include <openssl/kdf.h>
#include <openssl/param_build.h>
#include <openssl/params.h>
#include <openssl/pkcs12.h>
#include <openssl/ssl.h>
#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <memory>

namespace badmx::x509 {

template <auto Free>
struct Release {
  template <typename T>
  void operator()(T* object) const noexcept {
    Free(object);
  }
};

inline void free_certificate_stack(STACK_OF(X509) * stack) { sk_X509_pop_free(stack, X509_free); }
inline void free_crl_stack(STACK_OF(X509_CRL) * stack) {
  sk_X509_CRL_pop_free(stack, X509_CRL_free);
}
inline void free_openssl_memory(void* memory) { OPENSSL_free(memory); }

using BioHandle = std::unique_ptr<BIO, Release<BIO_free_all>>;
using BioMethodHandle = std::unique_ptr<BIO_METHOD, Release<BIO_meth_free>>;
using BignumHandle = std::unique_ptr<BIGNUM, Release<BN_clear_free>>;
using BignumContextHandle = std::unique_ptr<BN_CTX, Release<BN_CTX_free>>;
using CipherContextHandle = std::unique_ptr<EVP_CIPHER_CTX, Release<EVP_CIPHER_CTX_free>>;
using DigestContextHandle = std::unique_ptr<EVP_MD_CTX, Release<EVP_MD_CTX_free>>;
using EcGroupHandle = std::unique_ptr<EC_GROUP, Release<EC_GROUP_free>>;
using EcPointHandle = std::unique_ptr<EC_POINT, Release<EC_POINT_free>>;
using KdfHandle = std::unique_ptr<EVP_KDF, Release<EVP_KDF_free>>;
using KdfContextHandle = std::unique_ptr<EVP_KDF_CTX, Release<EVP_KDF_CTX_free>>;
using KeyHandle = std::unique_ptr<EVP_PKEY, Release<EVP_PKEY_free>>;
using KeyContextHandle = std::unique_ptr<EVP_PKEY_CTX, Release<EVP_PKEY_CTX_free>>;
using LibraryHandle = std::unique_ptr<OSSL_LIB_CTX, Release<OSSL_LIB_CTX_free>>;
using MacHandle = std::unique_ptr<EVP_MAC, Release<EVP_MAC_free>>;
using MacContextHandle = std::unique_ptr<EVP_MAC_CTX, Release<EVP_MAC_CTX_free>>;
using MemoryHandle = std::unique_ptr<unsigned char, Release<free_openssl_memory>>;
using MessageDigestHandle = std::unique_ptr<EVP_MD, Release<EVP_MD_free>>;
using MontgomeryHandle = std::unique_ptr<BN_MONT_CTX, Release<BN_MONT_CTX_free>>;
using ParamsHandle = std::unique_ptr<OSSL_PARAM, Release<OSSL_PARAM_free>>;
using ParamsBuilderHandle = std::unique_ptr<OSSL_PARAM_BLD, Release<OSSL_PARAM_BLD_free>>;
using Pkcs12Handle = std::unique_ptr<PKCS12, Release<PKCS12_free>>;
using Pkcs8Handle = std::unique_ptr<PKCS8_PRIV_KEY_INFO, Release<PKCS8_PRIV_KEY_INFO_free>>;
using SslHandle = std::unique_ptr<SSL, Release<SSL_free>>;
using SslContextHandle = std::unique_ptr<SSL_CTX, Release<SSL_CTX_free>>;
using X509Handle = std::unique_ptr<X509, Release<X509_free>>;
using X509CrlHandle = std::unique_ptr<X509_CRL, Release<X509_CRL_free>>;
using X509CrlStackHandle = std::unique_ptr<STACK_OF(X509_CRL), Release<free_crl_stack>>;
using X509NameHandle = std::unique_ptr<X509_NAME, Release<X509_NAME_free>>;
using X509StackHandle = std::unique_ptr<STACK_OF(X509), Release<free_certificate_stack>>;
using X509StoreHandle = std::unique_ptr<X509_STORE, Release<X509_STORE_free>>;
using X509StoreContextHandle = std::unique_ptr<X509_STORE_CTX, Release<X509_STORE_CTX_free>>;

}  // namespace badmx::x509
