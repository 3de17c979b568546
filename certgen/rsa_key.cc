#include "certgen/rsa_key.h"

#include "certgen/bignum.h"
#include "certgen/nodes.h"
#include "x509/der.h"
#include "x509/error.h"

#include <openssl/bn.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

constexpr int most_bits_of_two_primes = 4096;

std::vector<x509::BignumHandle> find_primes(int bits, const PrimeStream& stream) {
  const bool two = bits <= most_bits_of_two_primes;
  const int count = two ? 2 : 4;
  std::vector<x509::BignumHandle> primes;
  for (int i = 0; i < count; ++i) {
    // (3/4)^2 and (7/8)^4 are both above 1/2: the product has exactly `bits` bits.
    const PrimeShape shape{.bits = bits / count + (i < bits % count ? 1 : 0),
                           .top_ones = two ? 2 : 3};
    primes.push_back(find_prime(shape, stream(static_cast<unsigned int>(i))));
  }
  std::ranges::sort(primes, [](const x509::BignumHandle& a, const x509::BignumHandle& b) {
    return BN_cmp(a.get(), b.get()) > 0;
  });
  return primes;
}

x509::BignumHandle inverse(const BIGNUM* number, const BIGNUM* modulus, BN_CTX* context) {
  x509::BignumHandle result(BN_mod_inverse(nullptr, number, modulus, context));
  if (!result) throw x509::Error("can't invert a number for RSA");
  return result;
}

x509::BignumHandle minus_one(const BIGNUM* number) {
  x509::BignumHandle result(BN_dup(number));
  if (!result) throw x509::Error("no memory for a number");
  expect_success(BN_sub_word(result.get(), 1));
  return result;
}

x509::BignumHandle one() {
  x509::BignumHandle result = new_number();
  expect_success(BN_one(result.get()));
  return result;
}

// d mod (prime - 1)
der::Node crt_exponent(const BIGNUM* d, const BIGNUM* prime, BN_CTX* context) {
  const x509::BignumHandle rest = new_number();
  expect_success(BN_mod(rest.get(), d, minus_one(prime).get(), context));
  return integer_of(rest.get());
}

}  // namespace

RsaKey make_rsa_key(int bits, const PrimeStream& stream) {
  const std::vector<x509::BignumHandle> primes = find_primes(bits, stream);
  const x509::BignumContextHandle owned_context = new_number_context();
  BN_CTX* context = owned_context.get();

  const x509::BignumHandle e = new_number();
  expect_success(BN_set_word(e.get(), rsa_public_exponent));
  const x509::BignumHandle n = one();
  const x509::BignumHandle phi = one();
  for (const x509::BignumHandle& prime : primes) {
    expect_success(BN_mul(n.get(), n.get(), prime.get(), context));
    expect_success(BN_mul(phi.get(), phi.get(), minus_one(prime.get()).get(), context));
  }
  const x509::BignumHandle d = inverse(e.get(), phi.get(), context);
  const BIGNUM* p = primes[0].get();
  const BIGNUM* q = primes[1].get();

  // RFC 8017 A.1.2; version 1 is "multi".
  const bool multi = primes.size() > 2;
  std::vector<der::Node> fields =
      list(der::integer(multi ? 1 : 0), integer_of(n.get()), integer_of(e.get()),
           integer_of(d.get()), integer_of(p), integer_of(q), crt_exponent(d.get(), p, context),
           crt_exponent(d.get(), q, context), integer_of(inverse(q, p, context).get()));
  if (multi) {
    const x509::BignumHandle before = new_number();
    expect_success(BN_mul(before.get(), p, q, context));
    std::vector<der::Node> others;
    for (std::size_t i = 2; i < primes.size(); ++i) {
      const BIGNUM* r = primes[i].get();
      others.push_back(sequence_of(integer_of(r), crt_exponent(d.get(), r, context),
                                   integer_of(inverse(before.get(), r, context).get())));
      expect_success(BN_mul(before.get(), before.get(), r, context));
    }
    fields.push_back(der::sequence(std::move(others)));
  }
  return RsaKey{.public_key = der::write(sequence_of(integer_of(n.get()), integer_of(e.get()))),
                .private_key = der::write(der::sequence(std::move(fields)))};
}

}  // namespace badmx::certgen
