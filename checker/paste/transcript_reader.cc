#include "checker/paste/transcript_reader.h"

#include "checker/paste/pasted_command.h"
#include "checker/paste/transcript_scan.h"
#include "checker/paste/transcript_text.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <string>
#include <utility>

namespace badmx::checker {
namespace {

// errno as Linux numbers it; a transcript from elsewhere says what it says.
constexpr int broken_pipe = 32;
constexpr int connection_reset = 104;
constexpr int errno_timed_out = 110;

bool has_reason(const Scan& seen, std::string_view part) {
  return std::ranges::any_of(seen.tls_errors, [part](const x509::ErrorLine& error) {
    return error.reason.find(part) != std::string::npos;
  });
}

// s_client itself broke off, under -verify_return_error: the certificates tell why.
bool client_refused(const Scan& seen) { return has_reason(seen, "certificate verify failed"); }

bool ended_early(const Scan& seen) {
  return has_reason(seen, "unexpected eof") || has_reason(seen, "ssl handshake failure");
}

// Neither side shows a certificate with these (RFC 5246 A.5, RFC 4279).
bool is_anonymous(std::string_view cipher) {
  return cipher.starts_with("ADH-") || cipher.starts_with("AECDH-") ||
         cipher.find("PSK") != std::string_view::npos;
}

bool handshake_done(const Scan& seen) {
  if (seen.brief) return true;
  if (seen.cipher.empty() || client_refused(seen)) return false;
  if (seen.went_on) return true;
  // The ServerHello has the cipher; the certificate comes behind it.
  if (seen.no_peer_certificate && !is_anonymous(seen.cipher)) return false;
  if (seen.tls_errors.empty()) return true;
  // TLS 1.3 tells of a missing client certificate when the client has long finished; up to 1.2 an
  // alert ends the handshake although a cipher was agreed on.
  if (!seen.alerts.empty()) return seen.version == "TLSv1.3";
  return ended_early(seen);
}

Stop stop_of_failure(const Scan& seen) {
  if (!seen.alerts.empty()) return Stop::alert;
  if (has_reason(seen, "wrong version number") || has_reason(seen, "unknown protocol") ||
      has_reason(seen, "http request") || has_reason(seen, "packet length too long")) {
    return Stop::not_tls;
  }
  if (seen.broken_off == connection_reset) return Stop::reset;
  if (seen.broken_off == errno_timed_out) return Stop::timed_out;
  if (ended_early(seen) || seen.broken_off == broken_pipe || seen.broken_off == 0) {
    return Stop::closed;
  }
  return seen.tls_errors.empty() ? Stop::unknown : Stop::tls_failed;
}

// Where it ended and why; the certificates are in `attempt` already.
void judge_progress(const Scan& seen, Attempt& attempt) {
  attempt.reached = smtp::Point::handshake;
  attempt.handshake_done = handshake_done(seen);
  if (!seen.connect_error.empty()) {
    attempt.reached = smtp::Point::connect;
    attempt.stop = Stop::unreachable;
    attempt.error = seen.connect_error;
    return;
  }
  const bool asked = seen.client_certificate_requested;
  const bool wanted = std::ranges::any_of(seen.alerts, [asked](int alert) {
    return alert == 116 || (asked && (alert == 40 || alert == 42));
  });
  attempt.client_certificate_requested = asked || wanted;
  attempt.client_certificate_required = wanted;
  if (attempt.handshake_done) {
    attempt.layer = net::Layer::tls;
    attempt.stop = seen.alerts.empty() ? Stop::finished : Stop::alert;
    if (!seen.alerts.empty()) attempt.reached = smtp::Point::ehlo;
  } else if (client_refused(seen)) {
    attempt.stop = Stop::unknown;
  } else if (seen.starttls_not_found && !attempt.certificate_seen) {
    // It sent its ClientHello into the SMTP dialogue all the same: what came back is no evidence,
    // and the line stands there for a refusing greeting or EHLO answer too.
    attempt.reached = smtp::Point::ehlo;
    attempt.stop = Stop::unknown;
  } else {
    attempt.stop = stop_of_failure(seen);
  }
}

std::string dial_command(const Pasted& pasted, const Target& target) {
  const std::string host =
      pasted.host.empty() ? "HOST:25" : fmt::format("{}:{}", pasted.host, target.port);
  const std::string_view starttls = target.tls == smtp::TlsMode::implicit ? "" : " -starttls smtp";
  return fmt::format("openssl s_client -connect {}{} -showcerts </dev/null", host, starttls);
}

void take_certificates(Scan& seen, Attempt& attempt, Observation& result) {
  Pasted& pasted = result.pasted;
  const std::string again = dial_command(pasted, result.target);
  std::vector<std::string> unseen;
  for (ScannedCertificate& certificate : seen.certificates) {
    const PrintedCertificate& printed = certificate.printed;
    if (certificate.der) {
      attempt.chain.push_back(std::move(*certificate.der));
      continue;
    }
    if (certificate.cut) {
      pasted.gaps.push_back(
          fmt::format("The PEM of certificate {} ({}) is cut short; run: {}", printed.position,
                      printed.subject.empty() ? "unnamed" : printed.subject, again));
    } else {
      unseen.push_back(std::to_string(printed.position));
    }
    pasted.certificates.push_back(printed);
  }
  if (!unseen.empty()) {
    pasted.gaps.push_back(
        fmt::format("Certificate{} {} {} named, but the PEM is not there; run: {}",
                    unseen.size() == 1 ? "" : "s", fmt::join(unseen, ", "),
                    unseen.size() == 1 ? "is" : "are", again));
  }
  if (seen.certificates.empty()) {
    pasted.gaps.push_back(fmt::format("There is no certificate in it; run: {}", again));
  }
  if (seen.too_many) pasted.gaps.emplace_back("There are more than 100 certificates in it.");
  attempt.certificate_seen = !attempt.chain.empty() || !pasted.certificates.empty();
}

// Where STARTTLS was looked for in an answer that never came.
void hint_at_silence(const Scan& seen, const Attempt& attempt, Pasted& pasted) {
  if (attempt.certificate_seen || seen.octets_read != 0 || !seen.starttls_not_found) return;
  pasted.gaps.emplace_back(
      "The server sent nothing at all: it may wait for TLS from the first byte, as on port 465.");
}

void take_command(const PastedText& text, const Scan& seen, Observation& result) {
  const auto command = find_command(text, seen.first_line, seen.end_line);
  if (!command) return;
  result.target.host = command->host;
  result.target.port = command->port;
  result.target.tls = command->tls;
  result.target.sni = command->server_name;
  result.pasted.host = command->host;
  result.pasted.name =
      command->verify_hostname.empty() ? command->server_name : command->verify_hostname;
}

// "X25519" of "X25519, 253 bits", "P-256" of "ECDH, P-256, 256 bits"; "DH, 2048 bits" stays.
std::string group_of(std::string_view temporary_key) {
  if (temporary_key.starts_with("DH,")) return std::string(temporary_key);
  if (temporary_key.starts_with("ECDH, ")) temporary_key.remove_prefix(6);
  return std::string(temporary_key.substr(0, temporary_key.find(',')));
}

tls::Negotiated agreed(const Scan& seen) {
  tls::Negotiated tls;
  tls.version = seen.version;
  tls.cipher = seen.cipher;
  tls.group = group_of(seen.group);
  tls.signature_algorithm = seen.signature_type;
  if (!seen.signature_digest.empty() && !seen.signature_type.empty()) {
    tls.signature_algorithm += " with " + seen.signature_digest;
  }
  tls.alpn = seen.alpn;
  return tls;
}

Observation read_session(const PastedText& text, Scan seen, std::string_view origin) {
  Observation result;
  result.source = Source::transcript;
  result.origin = x509::printable(origin, 512);
  take_command(text, seen, result);
  Attempt attempt;
  attempt.sni = result.target.sni;
  take_certificates(seen, attempt, result);
  judge_progress(seen, attempt);
  attempt.tls = agreed(seen);
  attempt.tls_errors = std::move(seen.tls_errors);
  for (const int number : seen.alerts) {
    attempt.alerts.push_back({.direction = tls::Direction::received, .level = 2, .number = number});
  }

  Pasted& pasted = result.pasted;
  hint_at_silence(seen, attempt, pasted);
  pasted.start_time = seen.start_time;
  pasted.errors = std::move(seen.errors);
  pasted.no_peer_certificate = seen.no_peer_certificate;
  pasted.starttls_not_found = seen.starttls_not_found;
  pasted.octets_read = static_cast<std::size_t>(std::max(0LL, seen.octets_read.value_or(0)));
  pasted.secrets = std::move(seen.secrets);
  pasted.staple = std::move(seen.staple);
  pasted.verify_return_code = seen.verify_return_code;
  if (seen.start_time) result.moment = *seen.start_time;
  result.attempts.push_back(std::move(attempt));
  return result;
}

}  // namespace

std::vector<Observation> read_transcripts(std::string_view text, std::string_view origin) {
  const PastedText cleaned = clean(text);
  std::vector<Scan> sessions = scan(cleaned);
  std::vector<Observation> all;
  for (Scan& session : sessions) {
    const std::string which = sessions.size() == 1 ? std::string(origin)
                                                   : fmt::format("{}, session {} of {}", origin,
                                                                 all.size() + 1, sessions.size());
    all.push_back(read_session(cleaned, std::move(session), which));
  }
  if (text.size() > longest_paste && !all.empty()) {
    all.back().pasted.gaps.emplace_back("Only the first 16 MiB of the text were read.");
  }
  return all;
}

}  // namespace badmx::checker
