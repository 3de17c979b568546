// The command line of a pasted session, where it was pasted too.
#pragma once

#include "checker/paste/transcript_text.h"
#include "net/smtp/point.h"

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>

namespace badmx::checker {

struct PastedCommand {
  std::string host;  // of -connect or -host, without the port; printable
  std::uint16_t port = 25;
  std::string server_name;                      // of -servername
  std::string verify_hostname;                  // of -verify_hostname
  smtp::TlsMode tls = smtp::TlsMode::implicit;  // starttls when -starttls was given

  bool operator==(const PastedCommand&) const = default;
};

// The first `openssl s_client …` in lines [first, end) of the text, lines continued by a backslash
// joined.
std::optional<PastedCommand> find_command(const PastedText& text, std::size_t first,
                                          std::size_t end);

}  // namespace badmx::checker
