// The reader of revocation lists, and of the URLs that certificates name.
#include "tls/revocation.h"

#include "checker/http.h"
#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const tls::ByteView bytes(data, size);
  if (const auto list = tls::read_revocation_list(bytes)) {
    fuzz::claim(list->revoked.size() <= 100'000, "entries are bounded");
    fuzz::claim(list->tbs.size() < size, "the signed part lies inside the list");
    tls::canonical(list->issuer);
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = checker::read_http_url(text)) {
    fuzz::claim(!url->host.empty() && url->path.starts_with('/'), "a URL has a host and a path");
    fuzz::claim(url->path.find_first_of("\r\n ") == std::string::npos,
                "nothing in a path ends a request line");
  }
  return 0;
}
