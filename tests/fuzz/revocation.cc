// The readers of revocation lists and OCSP responses, and of the URLs that certificates name.
#include "checker/probe/http.h"
#include "tests/fuzz/claim.h"
#include "x509/crl.h"
#include "x509/ocsp.h"

#include <cstddef>
#include <cstdint>
#include <string_view>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const x509::ByteView bytes(data, size);
  if (const auto list = x509::read_revocation_list(bytes)) {
    fuzz::claim(list->revoked.size() <= 100'000, "entries are bounded");
    fuzz::claim(list->tbs.size() < size, "the signed part lies inside the list");
    x509::canonical(list->issuer);
  }
  if (const auto response = x509::read_ocsp_response(bytes)) {
    fuzz::claim(response->responses.size() <= 1000 && response->certificates.size() <= 10,
                "answers and certificates are bounded");
    fuzz::claim(response->tbs.size() < size, "the signed part lies inside the response");
    x509::ocsp_status_text(response->status);
  }
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  if (const auto url = checker::read_http_url(text)) {
    fuzz::claim(!url->host.empty() && url->path.starts_with('/'), "a URL has a host and a path");
    fuzz::claim(url->path.find_first_of("\r\n ") == std::string::npos,
                "nothing in a path ends a request line");
  }
  return 0;
}
