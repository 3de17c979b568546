// The one escaper of peer bytes: nothing that a peer sent reaches a terminal, JSON or XML but
// through here.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace badmx::x509 {

// Valid UTF-8 without control characters, bidirectional overrides or invisible characters: each
// offending octet or character becomes \xNN or \u{NNNN}, a backslash stays as it is. Longer than
// `most` octets: cut at a character, with "…" behind.
std::string printable(std::string_view from_peer, std::size_t most = 1024);

}  // namespace badmx::x509
