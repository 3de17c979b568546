// Reads certificates from a file: PEM as people paste it, DER, or PKCS#7.
#pragma once

#include "checker/observation.h"
#include "x509/bytes.h"

#include <cstddef>
#include <optional>
#include <string_view>
#include <vector>

namespace badmx::checker {

// Of one file or session; what comes behind them isn't read.
inline constexpr std::size_t most_pasted_certificates = 100;

// Nothing when there is no certificate in it. The certificates become the chain in their order, at
// most that many; private keys are noted in Pasted::secrets and dropped, cut blocks in
// Pasted::gaps. `moment` is the epoch: a file doesn't say when.
std::optional<Observation> read_pem(std::string_view content, std::string_view origin);

// The certificates of a PKCS#7 SignedData (RFC 2315 9.1), as bundles of CAs come; nothing when it
// isn't one.
std::optional<std::vector<x509::Bytes>> read_pkcs7(x509::ByteView der);

// The first SEQUENCE in the bytes, whatever stands behind it; nothing when there is none at the
// front.
std::optional<x509::Bytes> first_sequence(x509::ByteView der);

// Whether the bytes are one SEQUENCE from end to end, as a whole certificate is.
bool is_whole_sequence(x509::ByteView der);

}  // namespace badmx::checker
