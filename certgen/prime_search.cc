#include "certgen/prime_search.h"

#include "certgen/bignum.h"
#include "x509/error.h"

#include <openssl/bn.h>

#include <cstdint>
#include <vector>

namespace badmx::certgen {
namespace {

constexpr std::uint32_t sieve_limit = 1U << 15U;  // two such primes multiply within 32 bits
// Of random candidates one that passes a single round is composite with a chance under 2^-40 at
// 512 bits and far less above (Damgård, Landrock, Pomerance); six rounds leave nothing to chance.
constexpr int rounds = 6;

std::size_t octets_for(int bits) { return static_cast<std::size_t>((bits + 7) / 8); }
// Of the first octet.
unsigned int unused_bits(int bits) { return static_cast<unsigned int>((8 - bits % 8) % 8); }

const std::vector<std::uint32_t>& odd_small_primes() {
  static const std::vector<std::uint32_t> primes = [] {
    std::vector<bool> composite(sieve_limit);
    std::vector<std::uint32_t> found;
    for (std::uint32_t n = 3; n < sieve_limit; n += 2) {
      if (composite[n]) continue;
      found.push_back(n);
      for (std::uint32_t multiple = n * n; n < 256 && multiple < sieve_limit; multiple += 2 * n) {
        composite[multiple] = true;
      }
    }
    return found;
  }();
  return primes;
}

std::uint32_t remainder(const std::vector<std::uint32_t>& most_significant_first,
                        std::uint32_t divisor) {
  std::uint64_t rest = 0;
  for (const std::uint32_t word : most_significant_first) rest = (rest << 32U | word) % divisor;
  return static_cast<std::uint32_t>(rest);
}

std::vector<std::uint32_t> words_of(x509::ByteView big_endian) {
  std::vector<std::uint32_t> words((big_endian.size() + 3) / 4);
  std::size_t naming = big_endian.size();
  for (const std::uint8_t octet : big_endian) {
    --naming;
    words[words.size() - 1 - naming / 4] |= std::uint32_t{octet} << (naming % 4 * 8);
  }
  return words;
}

void strike(std::vector<bool>& composite, std::uint32_t prime, std::uint32_t start_mod_prime) {
  // start + 2 i = 0 (mod prime): i = -start / 2, and (prime + 1) / 2 is the inverse of 2.
  const std::uint64_t half = (prime + 1) / 2;
  std::uint64_t i = (prime - start_mod_prime) * half % prime;
  for (; i < composite.size(); i += prime) composite[i] = true;
}

// Which of start, start + 2, start + 4, … have a small factor.
std::vector<bool> sieve(x509::ByteView start, std::size_t candidates) {
  std::vector<bool> composite(candidates);
  const std::vector<std::uint32_t> words = words_of(start);
  const std::vector<std::uint32_t>& primes = odd_small_primes();
  // Two primes a division: the divisions by way of the long number are what costs.
  for (std::size_t i = 0; i < primes.size(); i += 2) {
    const std::uint32_t first = primes[i];
    const std::uint32_t second = i + 1 < primes.size() ? primes[i + 1] : 1;
    const std::uint32_t rest = remainder(words, first * second);
    strike(composite, first, rest % first);
    if (second > 1) strike(composite, second, rest % second);
  }
  return composite;
}

// Miller-Rabin. OpenSSL's constant-time exponentiation is its fastest (it has assembly for lengths
// that RSA needs), provided that the base is as long as the modulus; hence drawn bases.
class PrimeTest {
 public:
  PrimeTest(int bits, const UniformOctets& uniform) {
    for (unsigned int i = 0; i < rounds; ++i) {
      x509::Bytes base = uniform(~i, octets_for(bits));
      // Below every candidate, whose two top bits are ones, and still of full length.
      base.front() =
          static_cast<std::uint8_t>(((base.front() & 0x3fU) | 0x80U) >> unused_bits(bits));
      bases_.push_back(number_from(base));
    }
  }

  // `candidate` is odd and above 3.
  bool is_prime(const BIGNUM* candidate) {
    expect_success(BN_MONT_CTX_set(montgomery_.get(), candidate, context_.get()));
    const x509::BignumHandle minus_one(BN_dup(candidate));
    if (!minus_one) throw x509::Error("no memory for a number");
    expect_success(BN_sub_word(minus_one.get(), 1));
    int twos = 1;
    while (BN_is_bit_set(minus_one.get(), twos) == 0) ++twos;
    const x509::BignumHandle odd = new_number();
    expect_success(BN_rshift(odd.get(), minus_one.get(), twos));
    for (const x509::BignumHandle& base : bases_) {
      if (is_witness(base.get(), odd.get(), twos, minus_one.get(), candidate)) return false;
    }
    return true;
  }

 private:
  bool is_witness(const BIGNUM* base, const BIGNUM* odd, int twos, const BIGNUM* minus_one,
                  const BIGNUM* candidate) {
    expect_success(BN_mod_exp_mont_consttime(power_.get(), base, odd, candidate, context_.get(),
                                             montgomery_.get()));
    if (BN_is_one(power_.get()) || BN_cmp(power_.get(), minus_one) == 0) return false;
    for (int i = 1; i < twos; ++i) {
      expect_success(BN_mod_sqr(power_.get(), power_.get(), candidate, context_.get()));
      if (BN_cmp(power_.get(), minus_one) == 0) return false;
    }
    return true;
  }

  x509::BignumContextHandle context_ = new_number_context();
  x509::MontgomeryHandle montgomery_{BN_MONT_CTX_new()};
  x509::BignumHandle power_ = new_number();
  std::vector<x509::BignumHandle> bases_;
};

x509::BignumHandle first_candidate(const PrimeShape& shape, x509::Bytes octets) {
  octets.front() = static_cast<std::uint8_t>(octets.front() & (0xffU >> unused_bits(shape.bits)));
  octets.back() |= 1U;
  x509::BignumHandle start = number_from(octets);
  for (int i = 1; i <= shape.top_ones; ++i) expect_success(BN_set_bit(start.get(), shape.bits - i));
  return start;
}

}  // namespace

x509::BignumHandle find_prime(const PrimeShape& shape, const UniformOctets& uniform) {
  const std::size_t octets = octets_for(shape.bits);
  // Primes lie bits * ln 2 apart on average, so nearly every window of this many odd numbers has
  // one (all but e^-11).
  const std::size_t candidates = static_cast<std::size_t>(shape.bits) * 4;
  PrimeTest test(shape.bits, uniform);
  for (unsigned int attempt = 0;; ++attempt) {
    x509::BignumHandle candidate = first_candidate(shape, uniform(attempt, octets));
    const std::vector<bool> composite = sieve(octets_of(candidate.get(), octets), candidates);
    BN_ULONG ahead = 0;
    for (std::size_t i = 0; i < candidates; ++i, ahead += 2) {
      if (composite[i]) continue;
      expect_success(BN_add_word(candidate.get(), ahead));
      ahead = 0;
      if (BN_num_bits(candidate.get()) != shape.bits) break;
      if (BN_mod_word(candidate.get(), rsa_public_exponent) == 1) continue;
      if (test.is_prime(candidate.get())) return candidate;
    }
  }
}

}  // namespace badmx::certgen
