// Where TLS connections come from. Versions, ciphers, groups, signature algorithms and security
// level are all set here, so that no openssl.cnf shows.
#pragma once

#include "x509/bytes.h"
#include "x509/error.h"
#include "x509/handle.h"
#include "x509/identity.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::tls {

// An OpenSSL library context of its own, without configuration. One a thread spares the threads
// each other's locks. It must outlive every context and connection made with it.
class Library {
 public:
  Library();
  OSSL_LIB_CTX* native() const { return handle_.get(); }

 private:
  x509::LibraryHandle handle_;
};

enum class CertificateRequest { none, request, require };

// The zero value, given an identity, is a current honest server.
struct ServerSetup {
  // At most one a key type; a later one of the same type takes an earlier one's place. The chain is
  // sent exactly as it stands here, and a key needn't belong to its certificate.
  std::vector<x509::Identity> identities{};
  std::vector<std::string> versions{};  // "1.0" "1.1" "1.2" "1.3"; empty: 1.2 and 1.3
  std::string ciphers{};                // OpenSSL's string, for TLS 1.2 and below; empty: default
  std::vector<std::string> groups{};    // "X25519", "P-256", …; empty: default
  CertificateRequest client_certificate = CertificateRequest::none;
  std::vector<x509::Bytes> client_ca_names{};  // DER Names in the request, see distinguished_name
  x509::Bytes staple{};                        // an OCSP response as it is to be sent; empty: none
  int tickets = 0;                             // 0: no resumption of any kind

  bool operator==(const ServerSetup&) const = default;
};

// Any client certificate is taken: what it is worth is the caller's to judge. It must outlive its
// connections.
class ServerContext {
 public:
  // Throws Error where OpenSSL can't serve what is asked: a certificate that it can't parse
  // or would re-encode, an unknown version, cipher or group.
  ServerContext(const Library& library, const ServerSetup& setup);

  x509::SslHandle connection() const;

 private:
  std::unique_ptr<x509::Bytes> staple_;  // at a fixed address: OpenSSL keeps a pointer to it
  x509::SslContextHandle context_;
};

// How much a client puts up with.
enum class Tolerance {
  current,  // TLS 1.2 and 1.3, security level 2
  all,      // TLS 1.0 up, level 0, every cipher and group, small DH too
};

struct ClientSetup {
  Tolerance tolerance = Tolerance::current;
  // What narrows it down; empty: all that the tolerance allows.
  std::vector<std::string> versions{};       // "1.0" "1.1" "1.2" "1.3"
  std::string ciphers{};                     // OpenSSL's string, for TLS 1.2 and below
  std::string signature_algorithms{};        // OpenSSL's list
  std::optional<x509::Identity> identity{};  // shown when a certificate is asked for

  bool operator==(const ClientSetup&) const = default;
};

// A client that believes every certificate: nothing is verified during the handshake. It asks for
// a stapled OCSP response and never resumes. It must outlive its connections.
class ClientContext {
 public:
  ClientContext(const Library& library, const ClientSetup& setup);

  // `sni` empty: none is sent, nor for an IP address (RFC 6066 3). `most_chain` bounds the
  // Certificate message, in octets.
  x509::SslHandle connection(const std::string& sni, std::size_t most_chain = 1048576) const;

 private:
  x509::SslContextHandle context_;
};

// Whether a name can be sent as SNI: there is one, and it is no IP address (RFC 6066 3).
bool may_be_sni(const std::string& name);

// The DER of a Name from "CN=Partner CA, O=Example": one attribute an RDN in the text's order, a
// comma within a value written "\,". Throws Error when a type is unknown or a value is
// missing.
x509::Bytes distinguished_name(std::string_view text);

}  // namespace badmx::tls
