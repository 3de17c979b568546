#include "certgen/hash.h"

#include "x509/error.h"
#include "x509/handle.h"

#include <openssl/evp.h>

#include <array>
#include <stdexcept>

namespace badmx::certgen {
namespace {

struct DigestRow {
  Digest digest;
  std::string_view name;
  const char* openssl_name;
  std::size_t size;
  std::size_t block;
};

constexpr std::array<DigestRow, 6> digests{{
    {Digest::md5, "md5", "MD5", 16, 64},
    {Digest::sha1, "sha1", "SHA1", 20, 64},
    {Digest::sha224, "sha224", "SHA2-224", 28, 64},
    {Digest::sha256, "sha256", "SHA2-256", 32, 64},
    {Digest::sha384, "sha384", "SHA2-384", 48, 128},
    {Digest::sha512, "sha512", "SHA2-512", 64, 128},
}};

const DigestRow& row(Digest digest) { return digests.at(static_cast<std::size_t>(digest)); }

// Fetched once: a fetch for each use takes OpenSSL's locks, which two threads would contend for.
const EVP_MD* fetched(Digest digest) {
  static const std::array<x509::MessageDigestHandle, digests.size()> all = [] {
    std::array<x509::MessageDigestHandle, digests.size()> handles;
    for (std::size_t i = 0; i < digests.size(); ++i) {
      handles.at(i).reset(EVP_MD_fetch(nullptr, digests.at(i).openssl_name, nullptr));
    }
    return handles;
  }();
  const EVP_MD* md = all.at(static_cast<std::size_t>(digest)).get();
  if (md == nullptr) throw x509::Error("OpenSSL has no " + std::string(row(digest).name));
  return md;
}

}  // namespace

std::size_t digest_size(Digest digest) { return row(digest).size; }
std::string_view digest_name(Digest digest) { return row(digest).name; }

x509::Bytes hash(Digest digest, std::initializer_list<x509::ByteView> parts) {
  thread_local const x509::DigestContextHandle context(EVP_MD_CTX_new());
  if (!context || EVP_DigestInit_ex(context.get(), fetched(digest), nullptr) != 1) {
    throw x509::Error("can't start a digest");
  }
  for (const x509::ByteView part : parts) {
    if (EVP_DigestUpdate(context.get(), part.data(), part.size()) != 1) {
      throw x509::Error("can't digest");
    }
  }
  x509::Bytes value(digest_size(digest));
  unsigned int written = 0;
  if (EVP_DigestFinal_ex(context.get(), value.data(), &written) != 1) {
    throw x509::Error("can't finish a digest");
  }
  return value;
}

x509::Bytes hmac(Digest digest, x509::ByteView key, std::initializer_list<x509::ByteView> parts) {
  x509::Bytes padded = x509::copy(key);
  if (padded.size() > row(digest).block) padded = hash(digest, {padded});
  padded.resize(row(digest).block);
  x509::Bytes inner = padded;
  for (std::uint8_t& octet : inner) octet ^= 0x36U;
  for (std::uint8_t& octet : padded) octet ^= 0x5cU;
  for (const x509::ByteView part : parts) x509::append(inner, part);
  return hash(digest, {padded, hash(digest, {inner})});
}

x509::Bytes hkdf_extract(x509::ByteView salt, x509::ByteView input_key) {
  return hmac(Digest::sha256, salt, {input_key});
}

x509::Bytes hkdf_expand(x509::ByteView pseudorandom_key, x509::ByteView info, std::size_t octets) {
  if (octets > 255 * digest_size(Digest::sha256)) {
    throw std::invalid_argument("HKDF can't expand that far");
  }
  x509::Bytes output;
  x509::Bytes block;
  for (std::uint8_t counter = 1; output.size() < octets; ++counter) {
    block = hmac(Digest::sha256, pseudorandom_key, {block, info, {&counter, 1}});
    x509::append(output, block);
  }
  output.resize(octets);
  return output;
}

}  // namespace badmx::certgen
