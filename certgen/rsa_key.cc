#include "certgen/rsa_key.h"

#include "certgen/bignum.h"
#include "certgen/nodes.h"
#include "tls/der.h"
#include "tls/error.h"

#include <openssl/bn.h>

#include <algorithm>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

namespace der = tls::der;

constexpr int most_bits_of_two_primes = 4096;

std::vector<tls::BignumHandle> find_primes(int bits, const PrimeStream& stream) {
  const bool two = bits <= most_bits_of_two_primes;
  const int count = two ? 2 : 4;
  std::vector<tls::BignumHandle> primes;
  for (int i = 0; i < count; ++i) {
    // (3/4)^2 and (7/8)^4 are both above 1/2: the product has exactly `bits` bits.
    const PrimeShape shape{.bits = bits / count + (i < bits % count ? 1 : 0),
                           .top_ones = two ? 2 : 3};
    primes.push_back(find_prime(shape, stream(static_cast<unsigned int>(i))));
  }
  std::ranges::sort(primes, [](const tls::BignumHandle& a, const tls::BignumHandle& b) {
    return BN_cmp(a.get(), b.get()) > 0;
  });
  return primes;
}

tls::BignumHandle inverse(const BIGNUM* number, const BIGNUM* modulus, BN_CTX* context) {
  tls::BignumHandle result(BN_mod_inverse(nullptr, number, modulus, context));
  if (!result) throw tls::Error("can't invert a number for RSA");
  return result;
}

tls::BignumHandle minus_one(const BIGNUM* number) {
  tls::BignumHandle result(BN_dup(number));
  if (!result) throw tls::Error("no memory for a number");
  expect_success(BN_sub_word(result.get(), 1));
  return result;
}

tls::BignumHandle one() {
  tls::BignumHandle result = new_number();
  expect_success(BN_one(result.get()));
  return result;
}

// d mod (prime - 1)
der::Node crt_exponent(const BIGNUM* d, const BIGNUM* prime, BN_CTX* context) {
  const tls::BignumHandle rest = new_number();
  expect_success(BN_mod(rest.get(), d, minus_one(prime).get(), context));
  return integer_of(rest.get());
}

}  // namespace

RsaKey make_rsa_key(int bits, const PrimeStream& stream) {
  const std::vector<tls::BignumHandle> primes = find_primes(bits, stream);
  const tls::BignumContextHandle owned_context = new_number_context();
  BN_CTX* context = owned_context.get();

  const tls::BignumHandle e = new_number();
  expect_success(BN_set_word(e.get(), rsa_public_exponent));
  const tls::BignumHandle n = one();
  const tls::BignumHandle phi = one();
  for (const tls::BignumHandle& prime : primes) {
    expect_success(BN_mul(n.get(), n.get(), prime.get(), context));
    expect_success(BN_mul(phi.get(), phi.get(), minus_one(prime.get()).get(), context));
  }
  const tls::BignumHandle d = inverse(e.get(), phi.get(), context);
  const BIGNUM* p = primes[0].get();
  const BIGNUM* q = primes[1].get();

  // RFC 8017 A.1.2; version 1 is "multi".
  const bool multi = primes.size() > 2;
  std::vector<der::Node> fields =
      list(der::integer(multi ? 1 : 0), integer_of(n.get()), integer_of(e.get()),
           integer_of(d.get()), integer_of(p), integer_of(q), crt_exponent(d.get(), p, context),
           crt_exponent(d.get(), q, context), integer_of(inverse(q, p, context).get()));
  if (multi) {
    const tls::BignumHandle before = new_number();
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
