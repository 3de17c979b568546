#include "certgen/pkcs12.h"

#include "certgen/hash.h"
#include "certgen/nodes.h"
#include "x509/error.h"
#include "x509/handle.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/pkcs12.h>
#include <openssl/x509.h>

#include <optional>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

constexpr int pkcs12_rounds = 2048;  // what OpenSSL's own command takes; the password is no secret
constexpr std::size_t salt_octets = 16;
constexpr std::size_t key_octets = 32;    // of AES-256 and of the HMAC
constexpr std::size_t block_octets = 16;  // of AES

constexpr std::string_view oid_data = "1.2.840.113549.1.7.1";
constexpr std::string_view oid_encrypted_data = "1.2.840.113549.1.7.6";

x509::X509Handle read_certificate(x509::ByteView der) {
  const unsigned char* at = der.data();
  return x509::X509Handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

NoPkcs12 refuse(std::string_view why) {
  return NoPkcs12{.why = fmt::format("{} ({})", why, x509::text(x509::drain_errors()))};
}

// Whoever imports the file reads it with a library like OpenSSL, and some refuse another's key.
std::optional<NoPkcs12> why_none(const x509::Identity& identity) {
  if (identity.chain.empty()) return NoPkcs12{.why = "the server sends no certificate"};
  const x509::X509Handle own = read_certificate(identity.chain.front());
  if (!own) return refuse("OpenSSL can't read the server's certificate");
  for (const x509::Bytes& other : identity.chain) {
    if (!read_certificate(other)) return refuse("OpenSSL can't read a certificate of the chain");
  }
  const unsigned char* at = identity.key.data();
  const x509::KeyHandle key(
      d2i_AutoPrivateKey(nullptr, &at, static_cast<long>(identity.key.size())));
  if (!key) return refuse("OpenSSL can't read the private key");
  if (X509_check_private_key(own.get(), key.get()) != 1) {
    return refuse("the private key isn't that of the server's certificate");
  }
  return std::nullopt;
}

der::Node explicit_zero(der::Node inner) {
  return der::constructed(der::context_constructed(0), list(std::move(inner)));
}

// AlgorithmIdentifier of HMAC or SHA-256 itself, with the NULL that RFC 8018 and 8017 demand.
der::Node with_null(std::string_view oid) { return sequence_of(der::oid(oid), der::null()); }

x509::Bytes encrypt(x509::ByteView key, x509::ByteView start, x509::ByteView plain) {
  const x509::CipherContextHandle context(EVP_CIPHER_CTX_new());
  x509::Bytes out(plain.size() + block_octets);
  int size = 0;
  int last = 0;
  if (!context ||
      EVP_EncryptInit_ex(context.get(), EVP_aes_256_cbc(), nullptr, key.data(), start.data()) !=
          1 ||
      EVP_EncryptUpdate(context.get(), out.data(), &size, plain.data(),
                        static_cast<int>(plain.size())) != 1 ||
      EVP_EncryptFinal_ex(context.get(), out.data() + size, &last) != 1) {
    throw x509::Error("can't encrypt PKCS#12");
  }
  out.resize(static_cast<std::size_t>(size) + static_cast<std::size_t>(last));
  return out;
}

struct Encrypted {
  der::Node algorithm;
  x509::Bytes content;
};

// One file: its password, and where its salts come from.
class Pkcs12Writer {
 public:
  // Salts and initialisation vectors are derived from the private key and from what they are for,
  // as its ECDSA nonces are: no two files share one, and the same identity gets the same again.
  Pkcs12Writer(const x509::Identity& identity, std::string_view password)
      : identity_(identity),
        password_(password),
        secret_(hkdf_extract(x509::as_bytes("badmx pkcs12"), identity.key)) {}

  // PFX (RFC 7292 4).
  x509::Bytes write() {
    const x509::Bytes content = der::write(sequence_of(
        encrypted_data(der::write(certificate_bags())), data(der::write(sequence_of(key_bag())))));
    return der::write(sequence_of(der::integer(3), data(content), mac(content)));
  }

 private:
  x509::Bytes derive(std::string_view what, x509::ByteView about, std::size_t octets) const {
    x509::Bytes info = x509::copy(x509::as_bytes(what));
    x509::append(info, hash(Digest::sha256, {about}));
    return hkdf_expand(secret_, info, octets);
  }

  // PBES2 with PBKDF2, HMAC-SHA-256 and AES-256-CBC (RFC 8018 6.2).
  Encrypted protect(std::string_view what, x509::ByteView plain) const {
    const x509::Bytes salt = derive(fmt::format("{} salt", what), plain, salt_octets);
    const x509::Bytes start = derive(fmt::format("{} iv", what), plain, block_octets);
    x509::Bytes key(key_octets);
    if (PKCS5_PBKDF2_HMAC(password_.data(), static_cast<int>(password_.size()), salt.data(),
                          static_cast<int>(salt.size()), pkcs12_rounds, EVP_sha256(),
                          static_cast<int>(key.size()), key.data()) != 1) {
      throw x509::Error("can't derive a key for PKCS#12");
    }
    const der::Node derivation =
        sequence_of(der::oid("1.2.840.113549.1.5.12"),
                    sequence_of(der::octet_string(salt), der::integer(pkcs12_rounds),
                                with_null("1.2.840.113549.2.9")));
    const der::Node cipher =
        sequence_of(der::oid("2.16.840.1.101.3.4.1.42"), der::octet_string(start));
    return {.algorithm =
                sequence_of(der::oid("1.2.840.113549.1.5.13"), sequence_of(derivation, cipher)),
            .content = encrypt(key, start, plain)};
  }

  // ContentInfo of data, and of EncryptedData (RFC 2315 7, 13).
  static der::Node data(x509::ByteView content) {
    return sequence_of(der::oid(oid_data), explicit_zero(der::octet_string(content)));
  }
  der::Node encrypted_data(x509::ByteView plain) const {
    const Encrypted made = protect("certificates", plain);
    const der::Node inner = sequence_of(der::oid(oid_data), made.algorithm,
                                        der::primitive(der::context(0), made.content));
    return sequence_of(der::oid(oid_encrypted_data),
                       explicit_zero(sequence_of(der::integer(0), inner)));
  }

  // friendlyName and localKeyId, by which a reader finds key and certificate together (RFC 2985
  // 5.5), in DER's order of a SET OF.
  der::Node attributes() const {
    const x509::Bytes id = hash(Digest::sha256, {identity_.chain.front()});
    constexpr std::string_view name("\0b\0a\0d\0m\0x", 10);
    return der::set(list(
        sequence_of(der::oid("1.2.840.113549.1.9.20"),
                    der::set(list(der::text(der::bmp_string_tag, name)))),
        sequence_of(der::oid("1.2.840.113549.1.9.21"), der::set(list(der::octet_string(id))))));
  }

  // SafeContents of CertBags (RFC 7292 4.2.3).
  der::Node certificate_bags() const {
    std::vector<der::Node> bags;
    for (const x509::Bytes& certificate : identity_.chain) {
      std::vector<der::Node> bag =
          list(der::oid("1.2.840.113549.1.12.10.1.3"),
               explicit_zero(sequence_of(der::oid("1.2.840.113549.1.9.22.1"),
                                         explicit_zero(der::octet_string(certificate)))));
      if (bags.empty()) bag.push_back(attributes());  // the server's own stands first
      bags.push_back(der::sequence(std::move(bag)));
    }
    return der::sequence(std::move(bags));
  }

  // PKCS8ShroudedKeyBag (RFC 7292 4.2.2).
  der::Node key_bag() const {
    const Encrypted made = protect("key", identity_.key);
    return sequence_of(der::oid("1.2.840.113549.1.12.10.1.2"),
                       explicit_zero(sequence_of(made.algorithm, der::octet_string(made.content))),
                       attributes());
  }

  // MacData (RFC 7292 4, B).
  der::Node mac(x509::ByteView content) const {
    x509::Bytes salt = derive("mac salt", content, salt_octets);
    x509::Bytes key(key_octets);
    if (PKCS12_key_gen_utf8(password_.c_str(), static_cast<int>(password_.size()), salt.data(),
                            static_cast<int>(salt.size()), PKCS12_MAC_ID, pkcs12_rounds,
                            static_cast<int>(key.size()), key.data(), EVP_sha256()) != 1) {
      throw x509::Error("can't derive a key for PKCS#12");
    }
    return sequence_of(sequence_of(with_null("2.16.840.1.101.3.4.2.1"),
                                   der::octet_string(hmac(Digest::sha256, key, {content}))),
                       der::octet_string(salt), der::integer(pkcs12_rounds));
  }

  const x509::Identity& identity_;
  std::string password_;
  x509::Bytes secret_;
};

}  // namespace

std::variant<x509::Bytes, NoPkcs12> write_pkcs12(const x509::Identity& identity,
                                                 std::string_view password) {
  if (auto none = why_none(identity)) return std::move(*none);
  return Pkcs12Writer(identity, password).write();
}

}  // namespace badmx::certgen
