// A ClientHello (RFC 8446 4.1.2, RFC 5246 7.4.1.2) read from raw bytes, before any TLS library has
// seen them.
#pragma once

#include "x509/bytes.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace badmx::tls {

struct ClientHello {
  std::vector<std::uint16_t> versions{};  // supported_versions, else the legacy version alone
  std::vector<std::uint16_t> ciphers{};
  std::vector<std::uint16_t> groups{};
  std::vector<std::uint16_t> signature_algorithms{};
  std::optional<std::string> sni{};
  std::vector<std::string> alpn{};
  bool status_request = false;

  bool operator==(const ClientHello&) const = default;
};

enum class HelloState {
  need_more,  // so far it looks like one
  complete,
  not_tls,  // the first octets are no handshake record
  malformed,
};

struct HelloReading {
  HelloState state = HelloState::need_more;
  ClientHello hello{};  // when complete

  bool operator==(const HelloReading&) const = default;
};

// Reads from the records that a client has sent so far; a hello may be spread over many. Longer
// than 64 KiB is malformed.
HelloReading read_client_hello(x509::ByteView records);

// "TLSv1.3", "0x0a0a" for what has no name; likewise the others.
std::string version_name(std::uint16_t version);
std::string group_name(std::uint16_t group);
std::string signature_algorithm_name(std::uint16_t algorithm);

}  // namespace badmx::tls
