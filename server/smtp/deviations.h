// What of a conversation isn't an honest server's, and what of it a client met, by the keys that
// [server] of a scenario file has for it: "offer_starttls", "tls.versions", "on-tls.rcpt".
#pragma once

#include "net/smtp/point.h"
#include "server/smtp/behaviour.h"
#include "server/smtp/record.h"

#include <cstddef>
#include <string>
#include <vector>

namespace badmx::server {

// Of dialogue and TLS. Identities are not among them: whether a certificate deviates shows in what
// it was made from.
std::vector<std::string> deviations(const Conversation& conversation);

// "on.rcpt", "on-tls.rcpt".
std::string reaction_key(net::Layer layer, smtp::Point point);

// "identity" of an only one, else "identity[2]", counted from 1.
std::string identity_key(std::size_t place, std::size_t of);

// Those of [server.tls] that a handshake met, by what its record says. For a connection on which
// TLS was begun.
std::vector<std::string> met_by_handshake(const TlsBehaviour& tls, const ConnectionRecord& record);

}  // namespace badmx::server
