// Reads what people paste: the output of `openssl s_client`, of OpenSSL 0.9.8 to 3.x.
#pragma once

#include "checker/observation.h"

#include <string_view>
#include <vector>

namespace badmx::checker {

// What each of the sessions in the text shows, in their order, at most a hundred; none when it
// shows no sign of one. Carriage returns, indentation, "> " quotes and text around a session are
// passed over. Where there are several, the origin says which.
//
// Evidence outranks summary: PEM blocks, then the numbered chain, then `verify error`. "Verify
// return code" is kept as printed and decides nothing: s_client says "0 (ok)" when there was no
// TLS. A numbered certificate without its PEM becomes a Pasted::certificates entry with its
// position; Attempt::chain holds the others, which take the positions that are left, in order.
//
// At most 16 MiB are read, and 100 certificates a session. All text in it is printable. `moment` is
// the session's Start Time, the epoch where there is none.
std::vector<Observation> read_transcripts(std::string_view text, std::string_view origin);

}  // namespace badmx::checker
