#include "certgen/bignum.h"

#include "x509/error.h"

#include <openssl/bn.h>

namespace badmx::certgen {

void expect_success(int result) {
  if (result != 1) throw x509::Error("OpenSSL's arithmetic failed");
}

x509::BignumHandle new_number() {
  x509::BignumHandle number(BN_new());
  if (!number) throw x509::Error("no memory for a number");
  return number;
}

x509::BignumHandle number_from(x509::ByteView big_endian) {
  x509::BignumHandle number(
      BN_bin2bn(big_endian.data(), static_cast<int>(big_endian.size()), nullptr));
  if (!number) throw x509::Error("no memory for a number");
  return number;
}

x509::Bytes octets_of(const BIGNUM* number, std::size_t octets) {
  x509::Bytes bytes(octets);
  if (BN_bn2binpad(number, bytes.data(), static_cast<int>(octets)) < 0) {
    throw x509::Error("a number is longer than expected");
  }
  return bytes;
}

x509::Bytes octets_of(const BIGNUM* number) {
  return octets_of(number, static_cast<std::size_t>(BN_num_bytes(number)));
}

x509::der::Node integer_of(const BIGNUM* number) {
  return x509::der::unsigned_integer(octets_of(number));
}

x509::BignumContextHandle new_number_context() {
  x509::BignumContextHandle context(BN_CTX_new());
  if (!context) throw x509::Error("no memory for numbers");
  return context;
}

}  // namespace badmx::certgen
