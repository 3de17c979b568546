#include "certgen/hash.h"

#include "x509/bytes.h"

#include <gtest/gtest.h>

namespace badmx::certgen {
namespace {

// RFC 5869 A.1
TEST(Hkdf, ExtractsAndExpandsAsInItsFirstTestCase) {
  const x509::Bytes key(22, 0x0b);
  const x509::Bytes salt = *x509::from_hex("000102030405060708090a0b0c");
  const x509::Bytes info = *x509::from_hex("f0f1f2f3f4f5f6f7f8f9");
  EXPECT_EQ(x509::hex(hkdf_expand(hkdf_extract(salt, key), info, 42)),
            "3cb25f25faacd57a90434f64d0362f2a2d2d0a90cf1a5a4c5db02d56ecc4c5bf34007208d5b887185865");
}

TEST(Hkdf, RefusesMoreThanItCanExpand) {
  EXPECT_NO_THROW(hkdf_expand(x509::Bytes(32), {}, 8160));
  EXPECT_THROW(hkdf_expand(x509::Bytes(32), {}, 8161), std::invalid_argument);
}

// RFC 4231 4.7
TEST(Hmac, HashesKeysLongerThanABlockFirst) {
  const x509::Bytes key(131, 0xaa);
  EXPECT_EQ(x509::hex(hmac(Digest::sha256, key,
                           {x509::as_bytes("Test Using Larger Than Block-Size Key"),
                            x509::as_bytes(" - Hash Key First")})),
            "60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
}

TEST(Hash, KnowsEveryDigestOfASpec) {
  // FIPS 180-4's and RFC 1321's examples for "abc".
  const x509::ByteView abc = x509::as_bytes("abc");
  EXPECT_EQ(x509::hex(hash(Digest::md5, {abc})), "900150983cd24fb0d6963f7d28e17f72");
  EXPECT_EQ(x509::hex(hash(Digest::sha1, {abc})), "a9993e364706816aba3e25717850c26c9cd0d89d");
  EXPECT_EQ(x509::hex(hash(Digest::sha224, {abc})),
            "23097d223405d8228642a477bda255b32aadbce4bda0b3f7e36c9da7");
  EXPECT_EQ(x509::hex(hash(Digest::sha256, {abc})),
            "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  EXPECT_EQ(x509::hex(hash(Digest::sha384, {abc})).substr(0, 32),
            "cb00753f45a35e8bb5a03d699ac65007");
  EXPECT_EQ(x509::hex(hash(Digest::sha512, {abc})).substr(0, 32),
            "ddaf35a193617abacc417349ae204131");
}

}  // namespace
}  // namespace badmx::certgen
