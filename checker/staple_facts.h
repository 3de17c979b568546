// What the server stapled to its certificate, read once (RFC 6066 8).
#pragma once

#include "tls/bytes.h"
#include "tls/certificate.h"
#include "tls/ocsp.h"

#include <optional>
#include <vector>

namespace badmx::checker {

struct StapleFacts {
  bool sent = false;
  std::optional<tls::OcspResponse> response{};  // nothing: its octets are none
  std::vector<tls::Certificate> responders{};   // that came in it, as far as they can be read
};

StapleFacts read_staple(const tls::Bytes& staple);

// Whether the certificate has the TLS feature status_request ("must-staple", RFC 7633 4.2.2).
bool demands_staple(const tls::Certificate& certificate);

}  // namespace badmx::checker
