// PEM (RFC 7468): written strictly, read as people paste it.
#pragma once

#include "x509/bytes.h"

#include <string>
#include <string_view>
#include <vector>

namespace badmx::x509 {

struct PemBlock {
  std::string label{};  // "CERTIFICATE"
  Bytes der{};
  std::size_t offset = 0;  // of the line with its BEGIN in the text
  bool whole = true;       // false: the END line is missing or the base64 is cut

  bool operator==(const PemBlock&) const = default;
};

std::string pem(std::string_view label, ByteView der);

// Every block in the text, at most `most`. Leading white space, "> " quotes, CR and text between
// blocks are passed over, and so are lost or escaped line feeds: a whole block, or several, may
// stand in one line. What of a cut block decodes is kept with whole = false.
std::vector<PemBlock> read_pem_blocks(std::string_view text, std::size_t most = 1000);

}  // namespace badmx::x509
