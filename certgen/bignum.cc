#include "certgen/bignum.h"

#include "tls/error.h"

#include <openssl/bn.h>

namespace badmx::certgen {

void expect_success(int result) {
  if (result != 1) throw tls::Error("OpenSSL's arithmetic failed");
}

tls::BignumHandle new_number() {
  tls::BignumHandle number(BN_new());
  if (!number) throw tls::Error("no memory for a number");
  return number;
}

tls::BignumHandle number_from(tls::ByteView big_endian) {
  tls::BignumHandle number(
      BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
  if (!number) throw tls::Error("no memory for a number");
  return number;
}

tls::Bytes octets_of(const BIGNUM* number, std::size_t octets) {
  tls::Bytes bytes(octets);
  if (BN_bn2binpad(number, bytes.data(), static_cast<int>(octets)) < 0) {
    throw tls::Error("a number is longer than expected");
  }
  return bytes;
}

tls::Bytes octets_of(const BIGNUM* number) {
  return octets_of(number, static_cast<std::size_t>(BN_num_bytes(number)));
}

tls::der::Node integer_of(const BIGNUM* number) {
  return tls::der::unsigned_integer(octets_of(number));
}

tls::BignumContextHandle new_number_context() {
  tls::BignumContextHandle context(BN_CTX_new());
  if (!context) throw tls::Error("no memory for numbers");
  return context;
}

}  // namespace badmx::certgen
