// What single lines of s_client print. The text is a stranger's: what is kept of it is printable
// and at most 256 octets.
#pragma once

#include "checker/observation.h"
#include "x509/error.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

std::string short_printable(std::string_view text);

// "i:", "a:PKEY:" or "v:NotBefore:" below a certificate's number. Returns whether it is one of
// these.
bool take_certificate_line(std::string_view line, PrintedCertificate& printed);

// Of what `-status` prints; any other line changes nothing.
void take_staple_line(std::string_view line, PrintedStaple& staple);

// What kind of secret the line tells ("TLS master key"); empty for most.
std::string_view secret_in(std::string_view line);

// An entry of OpenSSL's error queue, of the four or more parts that error_parts() found.
x509::ErrorLine read_error_line(const std::vector<std::string_view>& parts);

// "SSL alert number 40" in an entry's detail.
std::optional<int> alert_in(const x509::ErrorLine& error);

}  // namespace badmx::checker
