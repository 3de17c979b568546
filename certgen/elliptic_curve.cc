#include "certgen/elliptic_curve.h"

#include "certgen/bignum.h"
#include "certgen/hash.h"
#include "certgen/nodes.h"
#include "x509/error.h"
#include "x509/handle.h"

#include <openssl/bn.h>
#include <openssl/ec.h>
#include <openssl/obj_mac.h>

#include <stdexcept>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

x509::EcGroupHandle new_group(int nid) {
  x509::EcGroupHandle group(EC_GROUP_new_by_curve_name(nid));
  if (!group) throw x509::Error("OpenSSL has no such curve");
  return group;
}

// Groups are made once and only read afterwards, so that threads may share them.
const EC_GROUP* group_of(KeyKind curve) {
  static const x509::EcGroupHandle p256 = new_group(NID_X9_62_prime256v1);
  static const x509::EcGroupHandle p384 = new_group(NID_secp384r1);
  static const x509::EcGroupHandle p521 = new_group(NID_secp521r1);
  switch (curve) {
    case KeyKind::ec_p256:
      return p256.get();
    case KeyKind::ec_p384:
      return p384.get();
    case KeyKind::ec_p521:
      return p521.get();
    default:
      throw std::invalid_argument("not a curve");
  }
}

const BIGNUM* order_of(KeyKind curve) { return EC_GROUP_get0_order(group_of(curve)); }

// RFC 6979 2.3.2: the leftmost bits, as many as the order has.
x509::BignumHandle bits_to_number(x509::ByteView bits, const BIGNUM* order) {
  x509::BignumHandle number = number_from(bits);
  const int excess = static_cast<int>(bits.size()) * 8 - BN_num_bits(order);
  if (excess > 0) expect_success(BN_rshift(number.get(), number.get(), excess));
  return number;
}

// The candidates for k of RFC 6979 3.2, one after the other.
class NonceSource {
 public:
  NonceSource(Digest digest, x509::ByteView scalar, x509::ByteView message_digest,
              const BIGNUM* order)
      : digest_(digest),
        order_(order),
        key_(digest_size(digest), 0x00),
        value_(digest_size(digest), 0x01) {
    const x509::BignumHandle reduced = bits_to_number(message_digest, order);
    if (BN_cmp(reduced.get(), order) >= 0) {
      expect_success(BN_sub(reduced.get(), reduced.get(), order));
    }
    const x509::Bytes rest = octets_of(reduced.get(), scalar.size());
    for (const std::uint8_t round : {std::uint8_t{0x00}, std::uint8_t{0x01}}) {
      key_ = hmac(digest_, key_, {value_, {&round, 1}, scalar, rest});
      value_ = hmac(digest_, key_, {value_});
    }
  }

  x509::BignumHandle next() {
    while (true) {
      if (used_) {
        const std::uint8_t zero = 0x00;
        key_ = hmac(digest_, key_, {value_, {&zero, 1}});
        value_ = hmac(digest_, key_, {value_});
      }
      used_ = true;
      x509::Bytes bits;
      while (static_cast<int>(bits.size()) * 8 < BN_num_bits(order_)) {
        value_ = hmac(digest_, key_, {value_});
        x509::append(bits, value_);
      }
      x509::BignumHandle nonce = bits_to_number(bits, order_);
      if (!BN_is_zero(nonce.get()) && BN_cmp(nonce.get(), order_) < 0) return nonce;
    }
  }

 private:
  Digest digest_;
  const BIGNUM* order_;
  x509::Bytes key_;
  x509::Bytes value_;
  bool used_ = false;
};

x509::EcPointHandle multiply_generator(const EC_GROUP* group, const BIGNUM* scalar,
                                       BN_CTX* context) {
  x509::EcPointHandle point(EC_POINT_new(group));
  if (!point) throw x509::Error("no memory for a point");
  expect_success(EC_POINT_mul(group, point.get(), scalar, nullptr, nullptr, context));
  return point;
}

}  // namespace

std::size_t scalar_size(KeyKind curve) {
  return static_cast<std::size_t>(BN_num_bytes(order_of(curve)));
}

std::string_view curve_oid(KeyKind curve) {
  switch (curve) {
    case KeyKind::ec_p256:
      return "1.2.840.10045.3.1.7";
    case KeyKind::ec_p384:
      return "1.3.132.0.34";
    case KeyKind::ec_p521:
      return "1.3.132.0.35";
    default:
      throw std::invalid_argument("not a curve");
  }
}

x509::Bytes scalar_from(KeyKind curve, x509::ByteView uniform) {
  const x509::BignumContextHandle context = new_number_context();
  const x509::BignumHandle scalar = number_from(uniform);
  const x509::BignumHandle below(BN_dup(order_of(curve)));
  if (!below) throw x509::Error("no memory for a number");
  expect_success(BN_sub_word(below.get(), 1));
  expect_success(BN_mod(scalar.get(), scalar.get(), below.get(), context.get()));
  expect_success(BN_add_word(scalar.get(), 1));
  return octets_of(scalar.get(), scalar_size(curve));
}

x509::Bytes public_point(KeyKind curve, x509::ByteView scalar) {
  const EC_GROUP* group = group_of(curve);
  const x509::BignumContextHandle context = new_number_context();
  const x509::BignumHandle number = number_from(scalar);
  const x509::EcPointHandle point = multiply_generator(group, number.get(), context.get());
  x509::Bytes octets(1 + 2 * static_cast<std::size_t>((EC_GROUP_get_degree(group) + 7) / 8));
  if (EC_POINT_point2oct(group, point.get(), POINT_CONVERSION_UNCOMPRESSED, octets.data(),
                         octets.size(), context.get()) != octets.size()) {
    throw x509::Error("can't write a point");
  }
  return octets;
}

x509::Bytes sign_ecdsa(KeyKind curve, x509::ByteView scalar, Digest digest,
                       x509::ByteView message) {
  const EC_GROUP* group = group_of(curve);
  const BIGNUM* order = order_of(curve);
  const x509::BignumContextHandle context = new_number_context();
  const x509::Bytes message_digest = hash(digest, {message});
  const x509::BignumHandle secret = number_from(scalar);
  const x509::BignumHandle z = bits_to_number(message_digest, order);
  NonceSource nonces(digest, scalar, message_digest, order);
  const x509::BignumHandle r = new_number();
  const x509::BignumHandle s = new_number();
  do {
    const x509::BignumHandle k = nonces.next();
    const x509::EcPointHandle point = multiply_generator(group, k.get(), context.get());
    expect_success(
        EC_POINT_get_affine_coordinates(group, point.get(), r.get(), nullptr, context.get()));
    expect_success(BN_nnmod(r.get(), r.get(), order, context.get()));
    // s = (z + r * secret) / k
    const x509::BignumHandle inverse(BN_mod_inverse(nullptr, k.get(), order, context.get()));
    if (!inverse) throw x509::Error("can't invert a nonce");
    expect_success(BN_mod_mul(s.get(), r.get(), secret.get(), order, context.get()));
    expect_success(BN_mod_add(s.get(), s.get(), z.get(), order, context.get()));
    expect_success(BN_mod_mul(s.get(), s.get(), inverse.get(), order, context.get()));
  } while (BN_is_zero(r.get()) || BN_is_zero(s.get()));
  return der::write(sequence_of(integer_of(r.get()), integer_of(s.get())));
}

}  // namespace badmx::certgen
