// Diagnoses of healthy chains of three certificates from their bytes, each chain of a root of its
// own: nothing that is remembered from one helps with the next.
//   diagnosis badmx|openssl COUNT      makes COUNT chains, prints the CPU time that judging them
//   took
// `openssl` is the bare X509_verify_cert for the same name and purpose, on fresh parses of all
// three certificates.
#include "certgen/pki.h"
#include "checker/diagnose/diagnose.h"
#include "x509/handle.h"

#include <openssl/x509.h>
#include <openssl/x509v3.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <ctime>
#include <exception>
#include <memory>
#include <stdexcept>
#include <string_view>
#include <vector>

namespace badmx::bench {
namespace {

struct Chain {
  x509::Bytes leaf;
  x509::Bytes intermediate;
  x509::Bytes root;
  x509::Moment moment;
};

constexpr const char* name = "mx.bench.test";

Chain make_chain() {
  const auto now = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  certgen::NamingContext place;
  place.scenario = "healthy";
  place.host = name;
  place.domain = "bench.test";
  place.lab = "bench.test";
  place.moment = now;
  certgen::KeyStore keys(certgen::random_seed());
  const certgen::Pki pki = certgen::generate(certgen::healthy_pki(), place, keys);
  return {pki.find("leaf")->der, pki.find("intermediate")->der, pki.find("root")->der, now};
}

bool diagnose_once(const Chain& chain) {
  checker::Observation observation;
  observation.source = checker::Source::pem;
  observation.attempts.resize(1);
  observation.attempts.front().certificate_seen = true;
  observation.attempts.front().chain = {chain.leaf, chain.intermediate};
  checker::Criteria criteria;
  criteria.names = {name};
  criteria.trust = {chain.root};
  criteria.moment = chain.moment;
  return checker::diagnose(observation, criteria).findings.empty();
}

x509::X509Handle parse(const x509::Bytes& der) {
  const unsigned char* at = der.data();
  return x509::X509Handle(d2i_X509(nullptr, &at, static_cast<long>(der.size())));
}

struct Free {
  void operator()(X509_STORE* store) const noexcept { X509_STORE_free(store); }
  void operator()(X509_STORE_CTX* context) const noexcept { X509_STORE_CTX_free(context); }
  void operator()(STACK_OF(X509) * stack) const noexcept { sk_X509_free(stack); }
};

bool verify_once(const Chain& chain) {
  const x509::X509Handle leaf = parse(chain.leaf);
  const x509::X509Handle intermediate = parse(chain.intermediate);
  const x509::X509Handle root = parse(chain.root);
  const std::unique_ptr<X509_STORE, Free> store(X509_STORE_new());
  X509_STORE_add_cert(store.get(), root.get());
  const std::unique_ptr<STACK_OF(X509), Free> untrusted(sk_X509_new_null());
  sk_X509_push(untrusted.get(), intermediate.get());
  const std::unique_ptr<X509_STORE_CTX, Free> context(X509_STORE_CTX_new());
  X509_STORE_CTX_init(context.get(), store.get(), leaf.get(), untrusted.get());
  X509_STORE_CTX_set_default(context.get(), "ssl_server");
  X509_VERIFY_PARAM_set1_host(X509_STORE_CTX_get0_param(context.get()), name, 0);
  return X509_verify_cert(context.get()) == 1;
}

int run(std::string_view who, std::string_view count_text) {
  int count = 0;
  std::from_chars(count_text.data(), count_text.data() + count_text.size(), count);
  if (count <= 0 || (who != "badmx" && who != "openssl")) {
    throw std::runtime_error("usage: diagnosis badmx|openssl COUNT");
  }
  std::vector<Chain> chains;
  for (int i = 0; i < count; ++i) chains.push_back(make_chain());
  const std::clock_t begin = std::clock();
  int sound = 0;
  for (const Chain& chain : chains) {
    sound += (who == "badmx" ? diagnose_once(chain) : verify_once(chain)) ? 1 : 0;
  }
  const double seconds = static_cast<double>(std::clock() - begin) / CLOCKS_PER_SEC;
  std::printf("%d of %d sound in %.4f s\n", sound, count, seconds);
  return sound == count ? 0 : 1;
}

}  // namespace
}  // namespace badmx::bench

int main(int argc, char** argv) {
  try {
    return badmx::bench::run(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "");
  } catch (const std::exception& error) {
    std::fprintf(stderr, "diagnosis: %s\n", error.what());
    return 1;
  }
}
