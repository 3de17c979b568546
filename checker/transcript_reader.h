// Reads what people paste: the output of `openssl s_client`, of OpenSSL 0.9.8 to 3.x.
#pragma once

#include "checker/observation.h"

#include <optional>
#include <string_view>

namespace badmx::checker {

// Nothing when the text shows no sign of an s_client session. Carriage returns, indentation, "> "
// quotes and text around the session are passed over; only the first of several sessions is read.
//
// Evidence outranks summary: PEM blocks, then the numbered chain, then `verify error`. "Verify
// return code" is kept as printed and decides nothing: s_client says "0 (ok)" when there was no
// TLS. A numbered certificate without its PEM becomes a Pasted::certificates entry with its
// position; Attempt::chain holds the others, which take the positions that are left, in order.
//
// At most 16 MiB are read, and 100 certificates. All text in it is printable. `moment` is the
// session's Start Time, the epoch where there is none.
std::optional<Observation> read_transcript(std::string_view text, std::string_view origin);

}  // namespace badmx::checker
