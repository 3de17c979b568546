// What the reports for people say of a finding's parts, in words.
#pragma once

#include "checker/diagnosis.h"

#include <string>
#include <string_view>

namespace badmx::checker {

// "issuer", "checked at", "expired".
std::string_view evidence_label(const Evidence& evidence);
// "CN=a", "30 days ago"; a peer's words are as they came.
std::string evidence_value(const Evidence& evidence);
// Both: "issuer: CN=a", "expired 30 days ago".
std::string evidence_words(const Evidence& evidence);

// "Fix (server administrator)"; "Fix" where nobody can tell whose it is.
std::string who_fixes(FixAt fix_at);

}  // namespace badmx::checker
