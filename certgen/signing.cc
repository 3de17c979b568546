#include "certgen/signing.h"

#include "certgen/elliptic_curve.h"
#include "certgen/hash.h"
#include "certgen/nodes.h"
#include "x509/error.h"
#include "x509/handle.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <array>
#include <string_view>
#include <utility>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

struct DigestOids {
  std::string_view digest;
  std::string_view pkcs1;  // RFC 8017 A.2.4
  std::string_view ecdsa;  // RFC 3279, RFC 5758; empty: there is none
};

// In the order of Digest.
constexpr std::array<DigestOids, 6> oids{{
    {"1.2.840.113549.2.5", "1.2.840.113549.1.1.4", ""},
    {"1.3.14.3.2.26", "1.2.840.113549.1.1.5", "1.2.840.10045.4.1"},
    {"2.16.840.1.101.3.4.2.4", "1.2.840.113549.1.1.14", "1.2.840.10045.4.3.1"},
    {"2.16.840.1.101.3.4.2.1", "1.2.840.113549.1.1.11", "1.2.840.10045.4.3.2"},
    {"2.16.840.1.101.3.4.2.2", "1.2.840.113549.1.1.12", "1.2.840.10045.4.3.3"},
    {"2.16.840.1.101.3.4.2.3", "1.2.840.113549.1.1.13", "1.2.840.10045.4.3.4"},
}};

const DigestOids& oids_of(Digest digest) { return oids.at(static_cast<std::size_t>(digest)); }

bool is_rsa(const KeyPair& key) { return key.rsa != nullptr; }

bool signs_with_pss(const KeyPair& key, const SignatureScheme& scheme) {
  return is_rsa(key) && (key.spec.kind == KeyKind::rsa_pss || scheme.padding == Padding::rsa_pss);
}

der::Node digest_algorithm(Digest digest) {
  return sequence_of(der::oid(oids_of(digest).digest), der::null());
}

// RSASSA-PSS-params (RFC 4055 3.1): what equals a default (SHA-1, MGF1 with it, 20 octets of salt)
// is left out, as DER demands.
der::Node pss_parameters(Digest digest) {
  std::vector<der::Node> fields;
  if (digest != Digest::sha1) {
    const der::Node mask = sequence_of(der::oid("1.2.840.113549.1.1.8"), digest_algorithm(digest));
    fields.push_back(der::constructed(der::context_constructed(0), list(digest_algorithm(digest))));
    fields.push_back(der::constructed(der::context_constructed(1), list(mask)));
    if (digest_size(digest) != digest_size(Digest::sha1)) {
      const auto salt = static_cast<long long>(digest_size(digest));
      fields.push_back(der::constructed(der::context_constructed(2), list(der::integer(salt))));
    }
  }
  return der::sequence(std::move(fields));
}

std::size_t modulus_octets(int bits) { return static_cast<std::size_t>((bits + 7) / 8); }

x509::Bytes digest_info(Digest digest, x509::ByteView message) {
  return der::write(
      sequence_of(digest_algorithm(digest), der::octet_string(hash(digest, {message}))));
}

// EMSA-PKCS1-v1_5 (RFC 8017 9.2).
x509::Bytes pkcs1_block(Digest digest, int bits, x509::ByteView message) {
  const x509::Bytes info = digest_info(digest, message);
  x509::Bytes block(modulus_octets(bits) - info.size(), 0xff);
  block[0] = 0x00;
  block[1] = 0x01;
  block.back() = 0x00;
  x509::append(block, info);
  return block;
}

void mask(std::span<std::uint8_t> data, Digest digest, x509::ByteView seed) {
  x509::Bytes stream;
  for (std::uint8_t counter = 0; stream.size() < data.size(); ++counter) {
    const std::array<std::uint8_t, 4> number{0, 0, 0, counter};
    x509::append(stream, hash(digest, {seed, number}));
  }
  for (std::size_t i = 0; i < data.size(); ++i) data[i] ^= stream[i];
}

// EMSA-PSS (RFC 8017 9.1.1), padded to the modulus' length.
x509::Bytes pss_block(Digest digest, int bits, x509::ByteView salt, x509::ByteView message) {
  constexpr std::array<std::uint8_t, 8> eight_zeros{};
  const std::size_t hash_size = digest_size(digest);
  const auto encoded_bits = static_cast<std::size_t>(bits - 1);
  const std::size_t encoded_size = (encoded_bits + 7) / 8;
  const x509::Bytes h = hash(digest, {eight_zeros, hash(digest, {message}), salt});
  x509::Bytes data(encoded_size - salt.size() - hash_size - 2, 0x00);
  data.push_back(0x01);
  x509::append(data, salt);
  mask(data, digest, h);
  data.front() =
      static_cast<std::uint8_t>(data.front() & (0xffU >> (8 * encoded_size - encoded_bits)));
  x509::append(data, h);
  data.push_back(0xbc);
  data.insert(data.begin(), modulus_octets(bits) - encoded_size, 0x00);
  return data;
}

x509::Bytes sign_rsa(const KeyPair& key, const SignatureScheme& scheme, x509::ByteView message) {
  x509::Bytes block;
  if (signs_with_pss(key, scheme)) {
    const x509::Bytes secret = hkdf_extract(x509::as_bytes("badmx pss salt"), key.secret);
    const x509::Bytes salt =
        hkdf_expand(secret, hash(Digest::sha256, {message}), digest_size(scheme.digest));
    block = pss_block(scheme.digest, key.spec.bits, salt, message);
  } else {
    block = pkcs1_block(scheme.digest, key.spec.bits, message);
  }
  const x509::KeyContextHandle context(EVP_PKEY_CTX_new(key.rsa.get(), nullptr));
  x509::Bytes signature(block.size());
  std::size_t size = signature.size();
  if (!context || EVP_PKEY_sign_init(context.get()) != 1 ||
      EVP_PKEY_CTX_set_rsa_padding(context.get(), RSA_NO_PADDING) != 1 ||
      EVP_PKEY_sign(context.get(), signature.data(), &size, block.data(), block.size()) != 1) {
    throw x509::Error("can't sign with an RSA key");
  }
  return signature;
}

x509::Bytes sign_ed25519(const KeyPair& key, x509::ByteView message) {
  const x509::KeyHandle native(EVP_PKEY_new_raw_private_key_ex(
      nullptr, "ED25519", nullptr, key.secret.data(), key.secret.size()));
  const x509::DigestContextHandle context(EVP_MD_CTX_new());
  x509::Bytes signature(64);
  std::size_t size = signature.size();
  if (!native || !context ||
      EVP_DigestSignInit(context.get(), nullptr, nullptr, nullptr, native.get()) != 1 ||
      EVP_DigestSign(context.get(), signature.data(), &size, message.data(), message.size()) != 1) {
    throw x509::Error("can't sign with an Ed25519 key");
  }
  return signature;
}

// As scenarios write it.
std::string key_text(const KeySpec& spec) {
  switch (spec.kind) {
    case KeyKind::ec_p256:
      return "ec-p256";
    case KeyKind::ec_p384:
      return "ec-p384";
    case KeyKind::ec_p521:
      return "ec-p521";
    case KeyKind::ed25519:
      return "ed25519";
    case KeyKind::rsa:
      return fmt::format("rsa-{}", spec.bits);
    case KeyKind::rsa_pss:
      return fmt::format("rsa-pss-{}", spec.bits);
  }
  return "";
}

bool is_too_short_for_pss(const KeyPair& key, const SignatureScheme& scheme) {
  const auto encoded = static_cast<std::size_t>((key.spec.bits - 1 + 7) / 8);
  return signs_with_pss(key, scheme) && encoded < 2 * digest_size(scheme.digest) + 2;
}

}  // namespace

std::optional<Refusal> refusal(const KeyPair& key, const SignatureScheme& scheme,
                               std::string_view signer) {
  const std::string whose = fmt::format("the {} key of \"{}\"", key_text(key.spec), signer);
  if (!is_rsa(key) && scheme.padding == Padding::rsa_pss) {
    return Refusal{
        .key = "padding",
        .says = fmt::format("found rsa-pss, with which {} can't sign; allowed is by-key, or give "
                            "\"{}\" an RSA key: key = \"rsa-2048\"",
                            whose, signer)};
  }
  const bool ecdsa = !is_rsa(key) && key.spec.kind != KeyKind::ed25519;
  if (ecdsa && oids_of(scheme.digest).ecdsa.empty()) {
    return Refusal{.key = "digest",
                   .says = fmt::format("found {}, with which {} can't sign; allowed is sha1 or any "
                                       "SHA-2, or give \"{}\" an RSA key: key = \"rsa-2048\"",
                                       digest_name(scheme.digest), whose, signer)};
  }
  if (is_too_short_for_pss(key, scheme)) {
    return Refusal{.key = "digest",
                   .says = fmt::format("found {}, for which {} is too short with PSS; allowed is a "
                                       "shorter digest, or give \"{}\" a longer key",
                                       digest_name(scheme.digest), whose, signer)};
  }
  return std::nullopt;
}

der::Node signature_algorithm(const KeyPair& key, const SignatureScheme& scheme) {
  if (signs_with_pss(key, scheme)) {
    return sequence_of(der::oid("1.2.840.113549.1.1.10"), pss_parameters(scheme.digest));
  }
  if (is_rsa(key)) return sequence_of(der::oid(oids_of(scheme.digest).pkcs1), der::null());
  if (key.spec.kind == KeyKind::ed25519) return algorithm("1.3.101.112");
  return algorithm(oids_of(scheme.digest).ecdsa);
}

x509::Bytes sign(const KeyPair& key, const SignatureScheme& scheme, x509::ByteView message) {
  if (is_rsa(key)) return sign_rsa(key, scheme, message);
  if (key.spec.kind == KeyKind::ed25519) return sign_ed25519(key, message);
  return sign_ecdsa(key.spec.kind, key.secret, scheme.digest, message);
}

}  // namespace badmx::certgen
