// How to dial a server.
#pragma once

#include "checker/probe_kind.h"
#include "net/smtp/point.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

struct DialLimits {
  std::chrono::milliseconds point{10000};                 // the longest wait at each Point
  std::map<smtp::Point, std::chrono::milliseconds> at{};  // where it differs
  std::chrono::milliseconds total{60000};                 // one attempt as a whole
  std::size_t line = 4096;                                // octets of one reply line
  std::size_t reply = 65536;                              // octets of one reply
  std::size_t reply_lines = 256;
  std::size_t certificates = 100;
  std::size_t chain = 1048576;  // octets of the Certificate message

  bool operator==(const DialLimits&) const = default;
};

struct Target {
  std::string host{};     // as the user named it, for the report
  std::string address{};  // a numeric address
  // The host's others, tried in this order while none before can be reached, as senders do.
  std::vector<std::string> further_addresses{};
  std::uint16_t port = 25;
  smtp::TlsMode tls = smtp::TlsMode::starttls;
  std::string sni{};  // empty: none sent
  std::string ehlo = "badmx.invalid";
  // Further connections once the first was a whole session under TLS, in this order; one that can
  // show nothing new is left out.
  std::vector<Probe> probes{};
  DialLimits limits{};

  bool operator==(const Target&) const = default;
};

}  // namespace badmx::checker
