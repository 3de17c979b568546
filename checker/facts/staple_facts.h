// What the server stapled to its certificate, read once (RFC 6066 8).
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"
#include "x509/ocsp.h"

#include <optional>
#include <vector>

namespace badmx::checker {

struct StapleFacts {
  bool sent = false;
  std::optional<x509::OcspResponse> response{};  // nothing: its octets are none
  std::vector<x509::Certificate> responders{};   // that came in it, as far as they can be read
};

StapleFacts read_staple(const x509::Bytes& staple);

// Whether the certificate has the TLS feature status_request ("must-staple", RFC 7633 4.2.2).
bool demands_staple(const x509::Certificate& certificate);

}  // namespace badmx::checker
