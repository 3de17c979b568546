// What an attempt keeps of its TLS connection.
#pragma once

#include "checker/observation.h"
#include "net/tls/channel.h"

#include <cstddef>

namespace badmx::checker {

// Copies what the channel has seen so far. Of a chain of more certificates than allowed the first
// are kept, and the attempt stops with limit_exceeded.
void note_tls(Attempt& attempt, const tls::Channel& channel, std::size_t most_certificates);

// Why a connection that failed did so.
Stop stop_of_failed(const tls::Channel& channel);

}  // namespace badmx::checker
