#include "x509/key.h"

#include "x509/der.h"
#include "x509/error.h"
#include "x509/handle.h"

#include <algorithm>
#include <array>
#include <bit>

namespace badmx::x509 {
namespace {

struct KnownAlgorithm {
  std::string_view oid;
  std::string_view name;
  std::string_view digest;
  std::string_view key;  // the key's algorithm it needs
};

constexpr std::array known_algorithms{
    KnownAlgorithm{"1.2.840.113549.1.1.2", "md2WithRSAEncryption", "md2", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.4", "md5WithRSAEncryption", "md5", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.5", "sha1WithRSAEncryption", "sha1", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.10", "rsassaPss", "", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.11", "sha256WithRSAEncryption", "sha256", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.12", "sha384WithRSAEncryption", "sha384", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.13", "sha512WithRSAEncryption", "sha512", "rsa"},
    KnownAlgorithm{"1.2.840.113549.1.1.14", "sha224WithRSAEncryption", "sha224", "rsa"},
    KnownAlgorithm{"1.2.840.10040.4.3", "dsa-with-SHA1", "sha1", "dsa"},
    KnownAlgorithm{"2.16.840.1.101.3.4.3.2", "dsa-with-SHA256", "sha256", "dsa"},
    KnownAlgorithm{"1.2.840.10045.4.1", "ecdsa-with-SHA1", "sha1", "ec"},
    KnownAlgorithm{"1.2.840.10045.4.3.1", "ecdsa-with-SHA224", "sha224", "ec"},
    KnownAlgorithm{"1.2.840.10045.4.3.2", "ecdsa-with-SHA256", "sha256", "ec"},
    KnownAlgorithm{"1.2.840.10045.4.3.3", "ecdsa-with-SHA384", "sha384", "ec"},
    KnownAlgorithm{"1.2.840.10045.4.3.4", "ecdsa-with-SHA512", "sha512", "ec"},
    KnownAlgorithm{"1.3.101.112", "Ed25519", "", "ed25519"},
    KnownAlgorithm{"1.3.101.113", "Ed448", "", "ed448"},
};

struct KnownCurve {
  std::string_view oid;
  std::string_view name;
  int bits;
};

constexpr std::array known_curves{
    KnownCurve{"1.2.840.10045.3.1.1", "P-192", 192},
    KnownCurve{"1.3.132.0.33", "P-224", 224},
    KnownCurve{"1.2.840.10045.3.1.7", "P-256", 256},
    KnownCurve{"1.3.132.0.34", "P-384", 384},
    KnownCurve{"1.3.132.0.35", "P-521", 521},
    KnownCurve{"1.3.132.0.10", "secp256k1", 256},
    KnownCurve{"1.3.36.3.3.2.8.1.1.7", "brainpoolP256r1", 256},
    KnownCurve{"1.3.36.3.3.2.8.1.1.11", "brainpoolP384r1", 384},
    KnownCurve{"1.3.36.3.3.2.8.1.1.13", "brainpoolP512r1", 512},
};

struct KnownDigest {
  std::string_view oid;
  std::string_view name;
};

constexpr std::array known_digests{
    KnownDigest{"1.2.840.113549.2.5", "md5"},
    KnownDigest{"1.3.14.3.2.26", "sha1"},
    KnownDigest{"2.16.840.1.101.3.4.2.4", "sha224"},
    KnownDigest{"2.16.840.1.101.3.4.2.1", "sha256"},
    KnownDigest{"2.16.840.1.101.3.4.2.2", "sha384"},
    KnownDigest{"2.16.840.1.101.3.4.2.3", "sha512"},
};

struct AlgorithmIdentifier {
  std::string oid;
  ByteView parameters;  // the parameters' whole TLV, empty where there are none
};

std::optional<AlgorithmIdentifier> read_algorithm(ByteView content) {
  der::Reader reader(content);
  const auto oid = reader.next(der::oid_tag);
  if (!oid) return std::nullopt;
  const auto text = der::oid_text(oid->content);
  if (!text) return std::nullopt;
  return AlgorithmIdentifier{.oid = *text, .parameters = reader.rest()};
}

int bit_length(ByteView integer) {
  while (!integer.empty() && integer.front() == 0) integer = integer.subspan(1);
  if (integer.empty()) return 0;
  return static_cast<int>((integer.size() - 1) * 8) + std::bit_width(integer.front());
}

// RSAPublicKey (RFC 8017 A.1.1).
int rsa_bits(ByteView subject_key) {
  const auto key = der::only(subject_key, der::sequence_tag);
  if (!key) return 0;
  const auto modulus = der::Reader(key->content).next(der::integer_tag);
  return modulus ? bit_length(modulus->content) : 0;
}

void read_curve(PublicKey& key, ByteView parameters) {
  const auto oid = der::only(parameters, der::oid_tag);
  if (!oid) {
    key.curve = "explicit";
    return;
  }
  key.curve = der::oid_text(oid->content).value_or("");
  const auto* known = std::ranges::find(known_curves, key.curve, &KnownCurve::oid);
  if (known != known_curves.end()) {
    key.curve = known->name;
    key.bits = known->bits;
  }
}

// RSASSA-PSS-params (RFC 4055 3.1) with its defaults.
struct PssParameters {
  std::string digest = "sha1";
  std::string mask_digest = "sha1";
  int salt_length = 20;
};

std::optional<std::string> digest_in(ByteView algorithm_sequence) {
  const auto algorithm = read_algorithm(algorithm_sequence);
  if (!algorithm) return std::nullopt;
  const auto* known = std::ranges::find(known_digests, algorithm->oid, &KnownDigest::oid);
  if (known == known_digests.end()) return std::nullopt;
  return std::string(known->name);
}

std::optional<PssParameters> read_pss(ByteView algorithm_identifier) {
  PssParameters pss;
  const auto whole = der::only(algorithm_identifier, der::sequence_tag);
  if (!whole) return std::nullopt;
  const auto algorithm = read_algorithm(whole->content);
  if (!algorithm) return std::nullopt;
  const auto sequence = der::only(algorithm->parameters, der::sequence_tag);
  if (!sequence) return std::nullopt;
  der::Reader reader(sequence->content);
  if (const auto hash = reader.next(der::context_constructed(0))) {
    const auto inner = der::only(hash->content, der::sequence_tag);
    const auto digest = inner ? digest_in(inner->content) : std::nullopt;
    if (!digest) return std::nullopt;
    pss.digest = *digest;
  }
  if (const auto mask = reader.next(der::context_constructed(1))) {
    const auto inner = der::only(mask->content, der::sequence_tag);
    const auto generator = inner ? read_algorithm(inner->content) : std::nullopt;
    const auto hash =
        generator ? der::only(generator->parameters, der::sequence_tag) : std::nullopt;
    const auto digest = hash ? digest_in(hash->content) : std::nullopt;
    if (!digest) return std::nullopt;
    pss.mask_digest = *digest;
  }
  if (const auto salt = reader.next(der::context_constructed(2))) {
    const auto length = der::only(salt->content, der::integer_tag);
    if (!length || length->content.empty() || length->content.size() > 2) return std::nullopt;
    pss.salt_length = 0;
    for (const std::uint8_t octet : length->content) {
      pss.salt_length = pss.salt_length << 8 | octet;
    }
  }
  return pss;
}

// An EVP_PKEY made from raw parameters: d2i_PUBKEY costs 90 us in OpenSSL 3.0, nearly all of it
// the look-up of decoders; this costs a few.
KeyHandle make_key(const PublicKey& key) {
  if (key.algorithm == "ec" && key.bits > 0 && !key.subject_key.empty()) {
    const KeyContextHandle context(EVP_PKEY_CTX_new_from_name(nullptr, "EC", nullptr));
    std::string group = key.curve;
    Bytes point = key.subject_key;
    std::array parameters{
        OSSL_PARAM_construct_utf8_string(OSSL_PKEY_PARAM_GROUP_NAME, group.data(), 0),
        OSSL_PARAM_construct_octet_string(OSSL_PKEY_PARAM_PUB_KEY, point.data(), point.size()),
        OSSL_PARAM_construct_end()};
    EVP_PKEY* made = nullptr;
    if (context && EVP_PKEY_fromdata_init(context.get()) == 1 &&
        EVP_PKEY_fromdata(context.get(), &made, EVP_PKEY_PUBLIC_KEY, parameters.data()) == 1) {
      return KeyHandle(made);
    }
    return nullptr;
  }
  const unsigned char* at = key.spki.data();
  return KeyHandle(d2i_PUBKEY(nullptr, &at, static_cast<long>(key.spki.size())));
}

bool set_pss(EVP_PKEY_CTX* context, const PssParameters& pss) {
  return EVP_PKEY_CTX_set_rsa_padding(context, RSA_PKCS1_PSS_PADDING) == 1 &&
         EVP_PKEY_CTX_set_rsa_pss_saltlen(context, pss.salt_length) == 1 &&
         EVP_PKEY_CTX_set_rsa_mgf1_md_name(context, pss.mask_digest.c_str(), nullptr) == 1;
}

}  // namespace

PublicKey read_public_key(ByteView spki) {
  PublicKey key{.spki = copy(spki)};
  const auto whole = der::only(spki, der::sequence_tag);
  if (!whole) return key;
  der::Reader reader(whole->content);
  const auto identifier = reader.next(der::sequence_tag);
  const auto bits = reader.next(der::bit_string_tag);
  if (!identifier || !bits || bits->content.empty()) return key;
  key.subject_key = copy(bits->content.subspan(1));
  const auto algorithm = read_algorithm(identifier->content);
  if (!algorithm) return key;
  if (algorithm->oid == "1.2.840.113549.1.1.1" || algorithm->oid == "1.2.840.113549.1.1.10") {
    key.algorithm = algorithm->oid.ends_with(".10") ? "rsa-pss" : "rsa";
    key.bits = rsa_bits(key.subject_key);
  } else if (algorithm->oid == "1.2.840.10045.2.1") {
    key.algorithm = "ec";
    read_curve(key, algorithm->parameters);
  } else if (algorithm->oid == "1.3.101.112") {
    key.algorithm = "ed25519";
    key.bits = 256;
  } else if (algorithm->oid == "1.3.101.113") {
    key.algorithm = "ed448";
    key.bits = 456;
  } else {
    key.algorithm = algorithm->oid == "1.2.840.10040.4.1" ? "dsa" : algorithm->oid;
  }
  return key;
}

SignatureAlgorithm read_signature_algorithm(ByteView algorithm_identifier) {
  SignatureAlgorithm result{.der = copy(algorithm_identifier)};
  const auto whole = der::only(algorithm_identifier, der::sequence_tag);
  const auto algorithm = whole ? read_algorithm(whole->content) : std::nullopt;
  if (!algorithm) return result;
  result.oid = algorithm->oid;
  const auto* known = std::ranges::find(known_algorithms, result.oid, &KnownAlgorithm::oid);
  if (known == known_algorithms.end()) {
    result.name = result.oid;
    return result;
  }
  result.name = known->name;
  result.digest = known->digest;
  if (known->name == "rsassaPss") {
    if (const auto pss = read_pss(algorithm_identifier)) result.digest = pss->digest;
  }
  return result;
}

SignatureCheck check_signature(const PublicKey& key, const SignatureAlgorithm& algorithm,
                               ByteView message, ByteView signature) {
  const auto* known = std::ranges::find(known_algorithms, algorithm.oid, &KnownAlgorithm::oid);
  if (known == known_algorithms.end()) return SignatureCheck::not_checked;
  const bool pss = known->name == "rsassaPss";
  const bool fits = key.algorithm == known->key || (pss && key.algorithm == "rsa-pss");
  // A key of another kind can't have made this signature.
  if (!fits) return SignatureCheck::invalid;
  const EVP_MD* digest = nullptr;
  if (!algorithm.digest.empty()) {
    digest = EVP_get_digestbyname(algorithm.digest.c_str());
    if (digest == nullptr) return SignatureCheck::not_checked;
  } else if (known->key == "rsa") {
    return SignatureCheck::not_checked;
  }
  const auto pss_parameters = pss ? read_pss(algorithm.der) : std::nullopt;
  if (pss && !pss_parameters) return SignatureCheck::not_checked;
  const KeyHandle handle = make_key(key);
  const DigestContextHandle context(EVP_MD_CTX_new());
  EVP_PKEY_CTX* key_context = nullptr;  // owned by `context`
  if (!handle || !context ||
      EVP_DigestVerifyInit(context.get(), &key_context, digest, nullptr, handle.get()) != 1 ||
      (pss && !set_pss(key_context, *pss_parameters))) {
    drain_errors();
    return SignatureCheck::not_checked;
  }
  const int verified = EVP_DigestVerify(context.get(), signature.data(), signature.size(),
                                        message.data(), message.size());
  drain_errors();
  return verified == 1 ? SignatureCheck::valid : SignatureCheck::invalid;
}

}  // namespace badmx::x509
