#include "certgen/elliptic_curve.h"

#include "certgen/nodes.h"
#include "x509/der.h"

#include <gtest/gtest.h>

#include <string>

namespace badmx::certgen {
namespace {

struct Vector {
  KeyKind curve;
  std::string scalar;
  Digest digest;
  std::string message;
  std::string r;
  std::string s;
};

const std::string p256_scalar = "c9afa9d845ba75166b5c215767b1d6934e50c3db36e89b127b8a622b120f6721";

// RFC 6979 A.2.5 to A.2.7
const std::vector<Vector> vectors{
    {KeyKind::ec_p256, p256_scalar, Digest::sha1, "sample",
     "61340c88c3aaebeb4f6d667f672ca9759a6ccaa9fa8811313039ee4a35471d32",
     "6d7f147dac089441bb2e2fe8f7a3fa264b9c475098fdcf6e00d7c996e1b8b7eb"},
    {KeyKind::ec_p256, p256_scalar, Digest::sha256, "sample",
     "efd48b2aacb6a8fd1140dd9cd45e81d69d2c877b56aaf991c34d0ea84eaf3716",
     "f7cb1c942d657c41d436c7a1b6e29f65f3e900dbb9aff4064dc4ab2f843acda8"},
    {KeyKind::ec_p256, p256_scalar, Digest::sha512, "sample",
     "8496a60b5e9b47c825488827e0495b0e3fa109ec4568fd3f8d1097678eb97f00",
     "2362ab1adbe2b8adf9cb9edab740ea6049c028114f2460f96554f61fae3302fe"},
    {KeyKind::ec_p256, p256_scalar, Digest::sha256, "test",
     "f1abb023518351cd71d881567b1ea663ed3efcf6c5132b354f28d3b0b7d38367",
     "019f4113742a2b14bd25926b49c649155f267e60d3814b4c0cc84250e46f0083"},
    {KeyKind::ec_p384,
     "6b9d3dad2e1b8c1c05b19875b6659f4de23c3b667bf297ba9aa47740787137d8"
     "96d5724e4c70a825f872c9ea60d2edf5",
     Digest::sha384, "sample",
     "94edbb92a5ecb8aad4736e56c691916b3f88140666ce9fa73d64c4ea95ad133c"
     "81a648152e44acf96e36dd1e80fabe46",
     "99ef4aeb15f178cea1fe40db2603138f130e740a19624526203b6351d0a3a94f"
     "a329c145786e679e7b82c71a38628ac8"},
    {KeyKind::ec_p521,
     "00fad06daa62ba3b25d2fb40133da757205de67f5bb0018fee8c86e1b68c7e75"
     "caa896eb32f1f47c70855836a6d16fcc1466f6d8fbec67db89ec0c08b0e996b8"
     "3538",
     Digest::sha512, "sample",
     "00c328fafcbd79dd77850370c46325d987cb525569fb63c5d3bc53950e6d4c5f"
     "174e25a1ee9017b5d450606add152b534931d7d4e8455cc91f9b15bf05ec36e3"
     "77fa",
     "00617cce7cf5064806c467f678d3b4080d6f1cc50af26ca209417308281b68af"
     "282623eaa63e5b5c0723d8b8c37ff0777b1a20f8ccb1dccc43997f1ee0e44da4"
     "a67a"},
};

TEST(Ecdsa, SignsAsInTheVectorsOfRfc6979) {
  for (const Vector& each : vectors) {
    const x509::Bytes expected =
        x509::der::write(sequence_of(x509::der::unsigned_integer(*x509::from_hex(each.r)),
                                     x509::der::unsigned_integer(*x509::from_hex(each.s))));
    EXPECT_EQ(x509::hex(sign_ecdsa(each.curve, *x509::from_hex(each.scalar), each.digest,
                                   x509::as_bytes(each.message))),
              x509::hex(expected))
        << each.message << " with " << each.scalar;
  }
}

// RFC 6979 A.2.5
TEST(EllipticCurve, MakesThePublicPointOfAScalar) {
  EXPECT_EQ(x509::hex(public_point(KeyKind::ec_p256, *x509::from_hex(p256_scalar))),
            "0460fed4ba255a9d31c961eb74c6356d68c049b8923b61fa6ce669622e60f29fb6"
            "7903fe1008b8bc99a41ae9e95628bc64f2f1b20c2d7e9f5177a3c294d4462299");
}

TEST(EllipticCurve, NeverMakesAScalarOfZero) {
  const x509::Bytes zeros(40);
  const x509::Bytes scalar = scalar_from(KeyKind::ec_p256, zeros);
  x509::Bytes one(32);
  one.back() = 1;
  EXPECT_EQ(scalar, one);
}

}  // namespace
}  // namespace badmx::certgen
