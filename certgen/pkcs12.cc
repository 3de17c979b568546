#include "certgen/pkcs12.h"

#include "tls/error.h"
#include "tls/handle.h"

#include <fmt/format.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

namespace badmx::certgen {
namespace {

tls::X509Handle read_certificate(tls::ByteView der) {
  const unsigned char* at = der.data();
  return tls::X509Handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

NoPkcs12 refuse(std::string_view why) {
  return NoPkcs12{.why = fmt::format("{} ({})", why, tls::text(tls::drain_errors()))};
}

}  // namespace

std::variant<tls::Bytes, NoPkcs12> write_pkcs12(const tls::Identity& identity,
                                                std::string_view password) {
  if (identity.chain.empty()) return NoPkcs12{.why = "the server sends no certificate"};
  const tls::X509Handle own = read_certificate(identity.chain.front());
  const tls::X509StackHandle others(sk_X509_new_null());
  if (!own || !others) return refuse("OpenSSL can't read the server's certificate");
  for (std::size_t i = 1; i < identity.chain.size(); ++i) {
    tls::X509Handle other = read_certificate(identity.chain[i]);
    if (!other) return refuse("OpenSSL can't read a certificate of the chain");
    if (sk_X509_push(others.get(), other.get()) == 0) throw tls::Error("no memory for a chain");
    static_cast<void>(other.release());  // the stack's now
  }
  const unsigned char* at = identity.key.data();
  const tls::KeyHandle key(
      d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(identity.key.size())));
  if (!key) return refuse("OpenSSL can't read the private key");
  if (X509_check_private_key(own.get(), key.get()) != 1) {
    return refuse("the private key isn't that of the server's certificate");
  }
  const std::string secret(password);
  const tls::Pkcs12Handle pkcs12(
      PKCS12_create(secret.c_str(), "badmx", key.get(), own.get(), others.get(), 0, 0, 0, 0, 0));
  if (!pkcs12) throw tls::Error("can't write PKCS#12");
  unsigned char* raw = nullptr;
  const int size = i2d_PKCS12(pkcs12.get(), &raw);
  const tls::MemoryHandle owned(raw);
  if (size <= 0) throw tls::Error("can't write PKCS#12");
  return tls::Bytes(raw, raw + size);
}

}  // namespace badmx::certgen
