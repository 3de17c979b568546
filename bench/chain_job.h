// What both makers of certificate chains are run by:
//   certgen_chain|x509_api_chain ec|rsa COUNT THREADS   makes COUNT chains, prints how long it took
//   certgen_chain|x509_api_chain ec|rsa print           prints one: leaf, intermediate, root, keys
// A chain is three certificates with three fresh keys, all as PEM in memory.
#pragma once

#include <chrono>
#include <cstddef>
#include <cstdio>
#include <exception>
#include <string>
#include <thread>
#include <vector>

namespace badmx::bench {

enum class ChainKeys { ec_p256, rsa_2048 };

using MakeChain = std::string (*)(ChainKeys);

// What one thread made; one cache line each.
struct alignas(64) ChainCount {
  std::size_t octets = 0;
  std::string failure{};
};

inline void make_chains(MakeChain make, ChainKeys keys, std::size_t count, ChainCount& made) {
  try {
    for (std::size_t i = 0; i < count; ++i) made.octets += make(keys).size();
  } catch (const std::exception& error) {
    made.failure = error.what();
  }
}

inline int run_chain_job(const std::vector<std::string>& words, MakeChain make) {
  if (words.size() < 2 || (words[0] != "ec" && words[0] != "rsa") ||
      words.size() != (words[1] == "print" ? 2U : 3U)) {
    std::fputs("usage: certgen_chain|x509_api_chain ec|rsa (COUNT THREADS | print)\n", stderr);
    return 64;
  }
  const ChainKeys keys = words[0] == "ec" ? ChainKeys::ec_p256 : ChainKeys::rsa_2048;
  if (words[1] == "print") {
    std::fputs(make(keys).c_str(), stdout);
    return 0;
  }
  const std::size_t count = std::stoul(words[1]);
  std::vector<ChainCount> made(std::stoul(words[2]));
  const auto start = std::chrono::steady_clock::now();
  {
    std::vector<std::jthread> running;
    for (std::size_t i = 0; i < made.size(); ++i) {
      const std::size_t share = count / made.size() + (i < count % made.size() ? 1 : 0);
      running.emplace_back(
          [&one = made[i], make, keys, share] { make_chains(make, keys, share, one); });
    }
  }
  const std::chrono::duration<double> taken = std::chrono::steady_clock::now() - start;
  std::size_t octets = 0;
  for (const ChainCount& one : made) {
    octets += one.octets;
    if (!one.failure.empty()) {
      std::fprintf(stderr, "%s\n", one.failure.c_str());
      return 1;
    }
  }
  std::printf("%zu chains of %zu octets in %.4f s\n", count, octets / count, taken.count());
  return 0;
}

}  // namespace badmx::bench
