// The reader of a ClientHello from raw records, whole and as it dribbles in.
#include "net/tls/client_hello.h"

#include "tests/fuzz/claim.h"

#include <cstddef>
#include <cstdint>

using namespace badmx;

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const x509::ByteView records(data, size);
  const tls::HelloReading whole = tls::read_client_hello(records);
  const tls::HelloReading half = tls::read_client_hello(records.first(size / 2));
  if (half.state != tls::HelloState::need_more) {
    fuzz::claim(half == whole, "what is decided stays so when more comes");
  }
  for (const std::uint16_t version : whole.hello.versions) tls::version_name(version);
  for (const std::uint16_t group : whole.hello.groups) tls::group_name(group);
  return 0;
}
