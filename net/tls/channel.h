// One TLS connection as a pure machine over memory: bytes in, bytes out, no socket.
#pragma once

#include "x509/bytes.h"
#include "x509/error.h"
#include "x509/handle.h"

#include <cstdint>
#include <memory>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::tls {

enum class Direction { sent, received };

struct AlertSeen {
  Direction direction = Direction::received;
  int level = 2;   // 1 warning, 2 fatal
  int number = 0;  // AlertDescription (RFC 8446 6)

  bool operator==(const AlertSeen&) const = default;
};

// "handshake_failure"; the number where it has no name.
std::string alert_name(int number);

enum class Progress {
  done,         // it is as asked
  needs_input,  // feed() more, after output has been sent
  closed,       // the peer's close_notify or end of stream was met
  failed,       // see errors() and alerts(); output may hold an alert to send
};

// What was agreed on, as text, empty where there was none.
struct Negotiated {
  std::string version{};              // "TLSv1.3"
  std::string cipher{};               // "TLS_AES_256_GCM_SHA384"
  std::string group{};                // "X25519"
  std::string signature_algorithm{};  // of the server's signature: "ecdsa_secp256r1_sha256"
  std::string alpn{};
  bool resumed = false;

  bool operator==(const Negotiated&) const = default;
};

class Channel {
 public:
  enum class Role { client, server };

  // `ssl` must be fresh; the channel installs its own memory BIOs and message callback.
  Channel(x509::SslHandle ssl, Role role);
  ~Channel();
  Channel(Channel&&) noexcept;
  Channel& operator=(Channel&&) noexcept;

  // Bytes the peer sent, and the end of its stream.
  void feed(x509::ByteView from_peer);
  void feed_end();

  Progress handshake();
  // Appends what can be decrypted now, at most 16 KiB a call; `done` when there was something.
  Progress read(x509::Bytes& into);
  Progress write(x509::ByteView plain);
  // Queues a close_notify.
  void close();

  bool has_output() const;
  // What is to be sent to the peer, given once.
  x509::Bytes take_output();

  const std::vector<AlertSeen>& alerts() const;
  // Client: the certificates of the Certificate message exactly as received, even when
  // OpenSSL couldn't parse them; bounded by the context's max_cert_list.
  const std::vector<x509::Bytes>& peer_certificates() const;
  bool certificate_message_seen() const;
  // Whether it failed over a message longer than max_cert_list.
  bool chain_too_long() const;
  // Client: the names of CAs in the server's CertificateRequest, DER each; nothing: not asked for.
  bool client_certificate_requested() const;
  const std::vector<x509::Bytes>& requested_ca_names() const;
  // Client: the stapled OCSP response, empty when none came.
  x509::Bytes staple() const;
  Negotiated negotiated() const;
  // Why it failed.
  const std::vector<x509::ErrorLine>& errors() const;
  SSL* native() const;

 private:
  struct State;
  struct MemoryBio;
  std::unique_ptr<State> state_;
};

}  // namespace badmx::tls
