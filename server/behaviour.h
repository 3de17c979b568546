// What a fake server does, as plain data. Every default is an honest server's: an empty Behaviour
// with an identity is a healthy mail server.
#pragma once

#include "smtp/point.h"
#include "tls/identity.h"

#include <chrono>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace badmx::server {

// What a server does at one Point instead of the honest thing; empty: the honest thing.
struct Reaction {
  std::vector<std::string>
      reply{};  // lines without line ends; {host} and the like already filled in
  std::optional<std::string> raw{};    // bytes sent as they are, instead of reply
  std::chrono::milliseconds delay{0};  // before answering
  std::chrono::milliseconds drip{0};   // between single octets of the answer
  int times = 0;                       // only the first so many of one connection; 0: always
  std::string then{};                  // a row of server/actions.h, with its argument

  bool operator==(const Reaction&) const = default;
};

enum class ClientCertificate { none, request, require };

// For which clients an identity is: all, or by whether the ClientHello names a server.
enum class SniCondition { any, present, absent };

struct ServerIdentity {
  tls::Identity identity{};
  SniCondition sni = SniCondition::any;

  bool operator==(const ServerIdentity&) const = default;
};

struct TlsBehaviour {
  std::vector<std::string> versions{};  // "1.0" "1.1" "1.2" "1.3"; empty: 1.2 and 1.3
  std::string ciphers{};  // OpenSSL's cipher string for TLS 1.2 and below; empty: default
  std::vector<std::string> groups{};  // "X25519", "P-256"; empty: default
  ClientCertificate client_certificate = ClientCertificate::none;
  std::vector<std::string> client_ca_names{};  // DNs ("CN=Partner CA, O=Example") in the request
  tls::Bytes staple{};                         // an OCSP response's bytes; empty: none
  int tickets = 0;                             // session tickets sent; 0: no resumption at all

  bool operator==(const TlsBehaviour&) const = default;
};

// What holds for one connection.
struct Conversation {
  std::string hostname{};  // in greeting and EHLO answer
  std::optional<std::vector<std::string>>
      capabilities{};          // EHLO keywords without STARTTLS; unsaid:
                               // PIPELINING, SIZE 10485760, 8BITMIME, ENHANCEDSTATUSCODES
  bool offer_starttls = true;  // whether the EHLO answer in clear ends with STARTTLS
  std::vector<ServerIdentity> identities{};  // several: one a key type, or by SNI
  TlsBehaviour tls{};
  std::map<smtp::Point, Reaction> on{};      // in clear
  std::map<smtp::Point, Reaction> on_tls{};  // under TLS

  bool operator==(const Conversation&) const = default;
};

struct Behaviour {
  smtp::TlsMode mode = smtp::TlsMode::starttls;
  std::vector<Conversation> connections{};  // connection 1, 2, …; the last one stays
  bool cycle = false;                       // begin again after the last

  bool operator==(const Behaviour&) const = default;
};

// Whether all that deviates comes after the ClientHello, so that several such servers can share one
// port and be told apart by SNI.
bool can_share_port(const Behaviour& behaviour);

// What holds for the n-th connection, counted from 1. The reference lives as long as the behaviour;
// one without connections is a nameless honest server.
const Conversation& conversation_for(const Behaviour& behaviour, std::uint64_t connection);

}  // namespace badmx::server
