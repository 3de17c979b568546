#include "x509/mismatched_key.h"

#include "x509/error.h"

#include <algorithm>
#include <array>
#include <string>

namespace badmx::x509 {
namespace {

constexpr std::size_t largest_private = 4096;  // octets

enum class PrivateForm { rsa_exponent, scalar, octets };

PrivateForm form_of(EVP_PKEY* key) {
  if (EVP_PKEY_is_a(key, "RSA") == 1 || EVP_PKEY_is_a(key, "RSA-PSS") == 1) {
    return PrivateForm::rsa_exponent;
  }
  if (EVP_PKEY_is_a(key, "EC") == 1 || EVP_PKEY_is_a(key, "DSA") == 1) {
    return PrivateForm::scalar;
  }
  return PrivateForm::octets;
}

const char* parameter_of(PrivateForm form) {
  return form == PrivateForm::rsa_exponent ? OSSL_PKEY_PARAM_RSA_D : OSSL_PKEY_PARAM_PRIV_KEY;
}

KeyHandle read_private_key(OSSL_LIB_CTX* library, ByteView pkcs8) {
  const unsigned char* at = pkcs8.data();
  KeyHandle key(
      d2i_AutoPrivateKey_ex(nullptr, &at, static_cast<long>(pkcs8.size()), library, nullptr));
  if (!key) {
    throw Error("can't read the private key");
  }
  return key;
}

// The private half as octets, big-endian where it is a number; empty when there is none of the
// kind that `shown` needs.
Bytes private_half(EVP_PKEY* key, EVP_PKEY* shown) {
  const PrivateForm form = form_of(shown);
  if (EVP_PKEY_is_a(key, EVP_PKEY_get0_type_name(shown)) != 1 ||
      (form == PrivateForm::scalar && EVP_PKEY_parameters_eq(key, shown) != 1)) {
    return {};
  }
  Bytes octets(largest_private);
  if (form == PrivateForm::octets) {
    std::size_t length = octets.size();
    if (EVP_PKEY_get_raw_private_key(key, octets.data(), &length) != 1) {
      return {};
    }
    octets.resize(length);
    return octets;
  }
  BIGNUM* number = nullptr;
  if (EVP_PKEY_get_bn_param(key, parameter_of(form), &number) != 1) {
    return {};
  }
  const BignumHandle owned(number);
  octets.resize(static_cast<std::size_t>(BN_num_bytes(number)));
  BN_bn2bin(number, octets.data());
  return octets;
}

// Something of the right size that is no more the certificate's key than the real one.
Bytes stand_in(EVP_PKEY* shown, ByteView pkcs8) {
  Bytes octets = sha256(pkcs8);
  const PrivateForm form = form_of(shown);
  if (form == PrivateForm::octets) {
    octets.resize(EVP_PKEY_is_a(shown, "ED448") == 1 ? 57 : 32, 1);
  } else {
    const auto order_octets = static_cast<std::size_t>(std::max(16, EVP_PKEY_get_bits(shown))) / 8;
    octets.resize(std::min(octets.size(), order_octets - 1));
    octets.back() |= 1U;
  }
  return octets;
}

KeyHandle mixed(OSSL_LIB_CTX* library, EVP_PKEY* shown, const Bytes& secret) {
  OSSL_PARAM* exported = nullptr;
  if (EVP_PKEY_todata(shown, EVP_PKEY_PUBLIC_KEY, &exported) != 1) {
    throw Error("can't take the certificate's public key apart");
  }
  const ParamsHandle public_half(exported);
  const ParamsBuilderHandle builder(OSSL_PARAM_BLD_new());
  const BignumHandle number(BN_bin2bn(secret.data(), static_cast<int>(secret.size()), nullptr));
  const PrivateForm form = form_of(shown);
  const int pushed = form == PrivateForm::octets
                         ? OSSL_PARAM_BLD_push_octet_string(builder.get(), parameter_of(form),
                                                            secret.data(), secret.size())
                         : OSSL_PARAM_BLD_push_BN(builder.get(), parameter_of(form), number.get());
  const ParamsHandle private_half_params(pushed == 1 ? OSSL_PARAM_BLD_to_param(builder.get())
                                                     : nullptr);
  const ParamsHandle both(private_half_params
                              ? OSSL_PARAM_merge(public_half.get(), private_half_params.get())
                              : nullptr);
  const KeyContextHandle context(
      EVP_PKEY_CTX_new_from_name(library, EVP_PKEY_get0_type_name(shown), nullptr));
  EVP_PKEY* key = nullptr;
  if (!both || !context || EVP_PKEY_fromdata_init(context.get()) != 1 ||
      EVP_PKEY_fromdata(context.get(), &key, EVP_PKEY_KEYPAIR, both.get()) != 1) {
    throw Error("can't pair the certificate's public key with another private one");
  }
  return KeyHandle(key);
}

}  // namespace

KeyHandle key_to_serve(OSSL_LIB_CTX* library, EVP_PKEY* shown, ByteView pkcs8) {
  KeyHandle key = read_private_key(library, pkcs8);
  if (EVP_PKEY_eq(key.get(), shown) == 1) {
    return key;
  }
  Bytes secret = private_half(key.get(), shown);
  if (secret.empty()) {
    secret = stand_in(shown, pkcs8);
  }
  drain_errors();  // of the comparisons
  return mixed(library, shown, secret);
}

}  // namespace badmx::x509
