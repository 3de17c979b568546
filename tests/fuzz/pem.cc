// The readers of certificates from files: PEM as people paste it, DER, PKCS#7.
#include "x509/pem.h"

#include "checker/paste/pem_reader.h"
#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  for (const x509::PemBlock& block : x509::read_pem_blocks(text)) {
    fuzz::claim(block.offset < size, "a block begins inside the text");
  }
  const auto observation = checker::read_pem(text, "chain.pem");
  if (observation) {
    fuzz::claim(observation->attempts.size() == 1, "a file is one attempt");
    fuzz::claim(observation->attempts.front().chain.size() <= 100, "a chain is bounded");
  }
  checker::read_pkcs7(x509::as_bytes(text));
  return 0;
}
