// What the rules about the dialogue ask of the first attempt: the one that a sender meets.
#pragma once

#include "checker/facts/facts.h"

#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

// Null when there is none, or when it is only a file of certificates.
const Attempt* first_attempt(const Facts& facts);

// "closed", "timed out after 10 s" and so on.
std::string how_it_stopped(const Attempt& attempt);

// "454 4.7.0 TLS not available", printable; empty when no reply came.
std::string reply_text(const ReplySeen& reply);

// What was measured and what the system or the TLS library said.
std::vector<Evidence> stop_evidence(const Attempt& attempt);

// A transcript that shows neither TLS nor a word of why there is none.
bool tells_nothing_of_tls(const Facts& facts);
// The server said something to s_client, and STARTTLS was not in it.
bool answered_without_starttls(const Facts& facts);

}  // namespace badmx::checker
