#include "certgen/rsa_key.h"

#include "certgen/hash.h"
#include "x509/handle.h"

#include <gtest/gtest.h>
#include <openssl/evp.h>
#include <openssl/rsa.h>

#include <string>

namespace badmx::certgen {
namespace {

PrimeStream stream_of(const std::string& name) {
  return [name](unsigned int number) {
    return [name, number](unsigned int attempt, std::size_t octets) {
      const std::string info = std::to_string(number) + "/" + std::to_string(attempt);
      return hkdf_expand(x509::as_bytes(name), x509::as_bytes(info), octets);
    };
  };
}

x509::KeyHandle openssl_key(const RsaKey& key) {
  const unsigned char* at = key.private_key.data();
  return x509::KeyHandle(
      d2i_PrivateKey(EVP_PKEY_RSA, nullptr, &at, static_cast<long>(key.private_key.size())));
}

void expect_sound(const RsaKey& made, int bits) {
  const x509::KeyHandle key = openssl_key(made);
  ASSERT_TRUE(key);
  EXPECT_EQ(EVP_PKEY_get_bits(key.get()), bits);
  const x509::KeyContextHandle context(EVP_PKEY_CTX_new(key.get(), nullptr));
  EXPECT_EQ(EVP_PKEY_check(context.get()), 1) << bits;
}

TEST(RsaKey, IsFoundSoundByOpenSslAtEveryLength) {
  // 1025, 2049 and 3071 don't divide by eight or two.
  for (const int bits : {1024, 1025, 1536, 2048, 2049, 3071, 4096}) {
    expect_sound(make_rsa_key(bits, stream_of("rsa")), bits);
  }
}

TEST(RsaKey, HasFourPrimesAbove4096Bits) {
  const RsaKey made = make_rsa_key(8192, stream_of("rsa"));
  expect_sound(made, 8192);
  const x509::KeyHandle key = openssl_key(made);
  BIGNUM* fourth = nullptr;
  EXPECT_EQ(EVP_PKEY_get_bn_param(key.get(), OSSL_PKEY_PARAM_RSA_FACTOR4, &fourth), 1);
  const x509::BignumHandle owned(fourth);
  EXPECT_EQ(BN_num_bits(fourth), 2048);
}

TEST(RsaKey, OfManyStreamsIsAlwaysSound) {
  for (int i = 0; i < 20; ++i) {
    expect_sound(make_rsa_key(1024, stream_of("stream " + std::to_string(i))), 1024);
  }
}

TEST(RsaKey, IsAFunctionOfItsStream) {
  EXPECT_EQ(make_rsa_key(1024, stream_of("a")).private_key,
            make_rsa_key(1024, stream_of("a")).private_key);
  EXPECT_NE(make_rsa_key(1024, stream_of("a")).private_key,
            make_rsa_key(1024, stream_of("b")).private_key);
}

}  // namespace
}  // namespace badmx::certgen
