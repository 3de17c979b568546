// A ConnectionRecord as one line of NDJSON, and nothing else of it.
//
//   number        integer   of the server, from 1
//   scenario      string
//   peer          string    "127.0.0.1:40312"
//   conversation  integer   which [[server.connection]] held, from 1
//   met           array of strings: the deviations that the client met, as the keys of [server]
//                 ("on-tls.rcpt", "tls.versions", "identity")
//   started       string    RFC 3339 with milliseconds, UTC
//   lasted_us     integer   microseconds
//   client_hello  object or null: versions, ciphers, groups, signature_algorithms (arrays of
//                 strings; ciphers as "0x1301"), sni (string or null), alpn (array), status_request
//   tls           object or null when no handshake was completed: version, cipher, group, alpn,
//                 resumed, client_certificates (SHA-256 each)
//   certificates_sent  array of strings, SHA-256 each
//   alerts        array of {direction: "sent" | "received", level, number, name}
//   commands      array of {line, layer: "clear" | "tls", answer, at_us}
//   commands_unrecorded, discarded_in_clear   integers
//   delivered     "no" | "in-clear" | "under-tls"
//   messages      integer
//   auth          "none" | "in-clear" | "under-tls"
//   reached       a Point's name
//   end           "quit" "client-closed" "client-reset" "server-closed" "handshake-failed"
//                 "timed-out" "limit-exceeded" "stopped"
//   error         string, often empty
#pragma once

#include "server/smtp/record.h"

#include <string>

namespace badmx::server {

// Without a line end. What the peer sent is escaped (x509/printable.h).
std::string record_json(const ConnectionRecord& record);

}  // namespace badmx::server
