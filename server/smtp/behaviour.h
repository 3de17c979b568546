// What a fake server does, as plain data. Every default is an honest server's: an empty Behaviour
// with an identity is a healthy mail server.
#pragma once

#include "net/smtp/point.h"
#include "x509/identity.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace badmx::server {

// What a server does at one Point instead of the honest thing; empty: the honest thing. The session
// goes by what was answered: TLS begins after a 220 to STARTTLS, however refused it would be by an
// honest server, and not after a 454; 421 and 221 close.
//
// At `handshake`, looked up among the reactions in clear, all of it acts once the ClientHello has
// come: bytes take the ServerHello's place, and then the connection is closed; a drip alone sends
// the honest handshake octet by octet. At `connect` under TLS, after STARTTLS, where an honest
// server waits, bytes are said unasked.
struct Reaction {
  // Lines without line ends; {host} and the like are filled in already.
  std::vector<std::string> reply{};
  std::optional<std::string> raw{};    // bytes sent as they are, instead of reply; "": none
  std::chrono::milliseconds delay{0};  // before answering
  std::chrono::milliseconds drip{0};   // between single octets of the answer
  int times = 0;                       // only the first so many of one connection; 0: always
  std::string then{};                  // a row of server/smtp/actions.h, with its argument

  bool operator==(const Reaction&) const = default;
};

enum class ClientCertificate { none, request, require };

// For which clients an identity is: all, or by whether the ClientHello names a server.
enum class SniCondition { any, present, absent };

struct ServerIdentity {
  x509::Identity identity{};
  SniCondition sni = SniCondition::any;

  bool operator==(const ServerIdentity&) const = default;
};

struct TlsBehaviour {
  std::vector<std::string> versions{};  // "1.0" "1.1" "1.2" "1.3"; empty: 1.2 and 1.3
  std::string ciphers{};  // OpenSSL's cipher string for TLS 1.2 and below; empty: default
  std::vector<std::string> groups{};  // "X25519", "P-256"; empty: default
  ClientCertificate client_certificate = ClientCertificate::none;
  std::vector<std::string> client_ca_names{};  // DNs ("CN=Partner CA, O=Example") in the request
  x509::Bytes staple{};                        // an OCSP response's bytes; empty: none
  int tickets = 0;                             // session tickets sent; 0: no resumption at all

  bool operator==(const TlsBehaviour&) const = default;
};

// What holds for one connection.
struct Conversation {
  std::string hostname{};  // in greeting and EHLO answer
  // EHLO keywords but STARTTLS; unsaid: PIPELINING, SIZE 10485760, 8BITMIME, ENHANCEDSTATUSCODES.
  std::optional<std::vector<std::string>> capabilities{};
  bool offer_starttls = true;                // whether the EHLO answer in clear ends with STARTTLS
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

// Where one of the behaviour's own conversations stands among its connections, from 0; 0 for any
// other.
std::size_t index_of(const Behaviour& behaviour, const Conversation& conversation);

}  // namespace badmx::server
