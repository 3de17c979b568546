#include "checker/probe/tls_notes.h"

#include <algorithm>

namespace badmx::checker {
namespace {

constexpr int fatal = 2;
constexpr int handshake_failure = 40;
constexpr int bad_certificate = 42;
constexpr int alert_certificate_required = 116;

// A server that asked for a certificate and then ends it says so with 116 in TLS 1.3, on the first
// read after the handshake, and with 40 or 42 during the handshake before (RFC 5246 7.4.6).
bool ended_for_want_of_certificate(const tls::Channel& channel) {
  const auto says_so = [](const tls::AlertSeen& alert) {
    return alert.direction == tls::Direction::received &&
           (alert.number == alert_certificate_required || alert.number == handshake_failure ||
            alert.number == bad_certificate);
  };
  return channel.client_certificate_requested() &&
         std::any_of(channel.alerts().begin(), channel.alerts().end(), says_so);
}

}  // namespace

void note_tls(Attempt& attempt, const tls::Channel& channel, std::size_t most_certificates) {
  attempt.tls = channel.negotiated();
  attempt.alerts = channel.alerts();
  attempt.certificate_seen = channel.certificate_message_seen();
  attempt.chain = channel.peer_certificates();
  attempt.client_certificate_requested = channel.client_certificate_requested();
  attempt.client_certificate_required = ended_for_want_of_certificate(channel);
  attempt.requested_ca_names = channel.requested_ca_names();
  attempt.staple = channel.staple();
  if (attempt.chain.size() > most_certificates) {
    attempt.chain.resize(most_certificates);
    attempt.stop = Stop::limit_exceeded;
  }
}

Stop stop_of_failed(const tls::Channel& channel) {
  if (channel.chain_too_long()) {
    return Stop::limit_exceeded;
  }
  const auto ends_it = [](const tls::AlertSeen& alert) {
    return alert.direction == tls::Direction::received && alert.level == fatal;
  };
  const bool told = std::any_of(channel.alerts().begin(), channel.alerts().end(), ends_it);
  return told ? Stop::alert : Stop::tls_failed;
}

}  // namespace badmx::checker
