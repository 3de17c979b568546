// From the answer to STARTTLS, or the first byte, to the end of the TLS handshake.
#include "checker/facts/attempt_facts.h"
#include "checker/rules/tables.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

constexpr int alert_decrypt_error = 51;
constexpr int alert_protocol_version = 70;

bool says(const Attempt& attempt, std::initializer_list<std::string_view> parts) {
  return std::ranges::any_of(attempt.tls_errors, [parts](const x509::ErrorLine& line) {
    return std::ranges::any_of(parts, [&line](std::string_view part) {
      return line.reason.find(part) != std::string::npos;
    });
  });
}

bool has_alert(const Attempt& attempt, tls::Direction direction, int number) {
  return std::ranges::any_of(attempt.alerts, [direction, number](const tls::AlertSeen& alert) {
    return alert.direction == direction && alert.number == number;
  });
}

bool is_old(std::string_view version) {
  return version == "SSLv3" || version == "TLSv1" || version == "TLSv1.1";
}

// The version in which a permissive attempt got through, where a current sender doesn't.
std::string old_version(const Facts& facts) {
  for (const Attempt& attempt : facts.observation.attempts) {
    if (attempt.probe == Probe::permissive && attempt.handshake_done &&
        is_old(attempt.tls.version)) {
      return attempt.tls.version;
    }
  }
  return "";
}

bool no_shared_version(const Facts& facts, const Attempt& attempt) {
  return !old_version(facts).empty() ||
         has_alert(attempt, tls::Direction::received, alert_protocol_version) ||
         says(attempt, {"legacy sigalg", "unsupported protocol", "no protocols available",
                        "alert protocol version"});
}

bool has_wrong_key(const Attempt& attempt) {
  return attempt.certificate_seen &&
         (says(attempt, {"bad signature"}) ||
          has_alert(attempt, tls::Direction::sent, alert_decrypt_error));
}

// The one code that says why the first handshake failed; empty when it didn't, or wasn't reached.
std::string_view failure(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->reached != smtp::Point::handshake || attempt->handshake_done ||
      attempt->client_certificate_required) {
    return "";
  }
  switch (attempt->stop) {
    case Stop::not_tls:
      return facts.observation.target.tls == smtp::TlsMode::implicit ? "plaintext-on-tls-port"
                                                                     : "starttls-plaintext-reply";
    case Stop::timed_out:
      return "handshake-timeout";
    case Stop::closed:
    case Stop::reset:
      return old_version(facts).empty() ? "handshake-closed" : "tls-version-not-shared";
    case Stop::alert:
      return no_shared_version(facts, *attempt) ? "tls-version-not-shared" : "handshake-alert";
    case Stop::tls_failed:
      if (has_wrong_key(*attempt)) return "private-key-mismatch";
      return no_shared_version(facts, *attempt) ? "tls-version-not-shared" : "handshake-failed";
    default:
      return "";
  }
}

std::vector<Finding> found_when(const Facts& facts, std::string_view code,
                                std::vector<Evidence> evidence) {
  if (failure(facts) != code) return {};
  return {make_finding(code, point_at(smtp::Point::handshake), std::move(evidence))};
}

std::vector<Evidence> how(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  return attempt == nullptr ? std::vector<Evidence>{} : stop_evidence(*attempt);
}

std::vector<Evidence> plaintext(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->plaintext.empty()) return {};
  return {{"bytes", x509::printable(attempt->plaintext, 256)}};
}

std::vector<Finding> plaintext_reply(const Facts& facts) {
  return found_when(facts, "starttls-plaintext-reply", plaintext(facts));
}

std::vector<Finding> plaintext_port(const Facts& facts) {
  return found_when(facts, "plaintext-on-tls-port", plaintext(facts));
}

std::vector<Finding> closed(const Facts& facts) {
  return found_when(facts, "handshake-closed", how(facts));
}

std::vector<Finding> tls_timed_out(const Facts& facts) {
  return found_when(facts, "handshake-timeout", how(facts));
}

std::vector<Finding> version(const Facts& facts) {
  auto evidence = how(facts);
  std::string spoken = old_version(facts);
  // s_client offers old versions too, and then breaks off by itself.
  const Attempt* attempt = first_attempt(facts);
  if (spoken.empty() && attempt != nullptr && is_old(attempt->tls.version)) {
    spoken = attempt->tls.version;
  }
  if (!spoken.empty()) evidence.push_back({"speaks", spoken});
  return found_when(facts, "tls-version-not-shared", std::move(evidence));
}

std::vector<Finding> alert(const Facts& facts) {
  auto evidence = how(facts);
  const Attempt* attempt = first_attempt(facts);
  if (attempt != nullptr) {
    for (const tls::AlertSeen& seen : attempt->alerts) {
      if (seen.direction != tls::Direction::received) continue;
      evidence.push_back(
          {"alert", fmt::format("{} ({})", tls::alert_name(seen.number), seen.number)});
    }
  }
  return found_when(facts, "handshake-alert", std::move(evidence));
}

std::vector<Finding> key(const Facts& facts) {
  return found_when(facts, "private-key-mismatch", how(facts));
}

std::vector<Finding> other(const Facts& facts) {
  return found_when(facts, "handshake-failed", how(facts));
}

std::vector<Evidence> requested_names(const Attempt& attempt) {
  if (attempt.requested_ca_names.empty()) return {};
  return {{"ca-names", fmt::format("{}", attempt.requested_ca_names.size())}};
}

std::vector<Finding> client_certificate_required(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || !attempt->client_certificate_required) return {};
  auto evidence = stop_evidence(*attempt);
  for (Evidence& more : requested_names(*attempt)) evidence.push_back(std::move(more));
  return {make_finding("client-certificate-required", point_at(smtp::Point::handshake),
                       std::move(evidence))};
}

std::vector<Finding> certificate_requested(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->client_certificate_required) return {};
  const auto requests = [](const Attempt& any) { return any.client_certificate_requested; };
  const auto asking = std::ranges::find_if(facts.observation.attempts, requests);
  if (asking == facts.observation.attempts.end()) return {};
  return {make_finding("client-certificate-requested", point_at(smtp::Point::handshake),
                       requested_names(*asking))};
}

constexpr std::array<std::string_view, 3> how_evidence{"stopped", "error", "openssl"};
constexpr std::array<std::string_view, 1> plaintext_evidence{"bytes"};
constexpr std::array<std::string_view, 4> version_evidence{"stopped", "error", "openssl", "speaks"};
constexpr std::array<std::string_view, 4> alert_evidence{"stopped", "error", "openssl", "alert"};
constexpr std::array<std::string_view, 4> required_evidence{"stopped", "error", "openssl",
                                                            "ca-names"};
constexpr std::array<std::string_view, 1> requested_evidence{"ca-names"};
constexpr std::array required_explains{Consequence{"connection-lost-under-tls", Reach::anywhere}};

constexpr std::array handshake_rows{
    Rule{.code = "plaintext-on-tls-port",
         .layer = FindingLayer::handshake,
         .ends = Ends::yes,
         // Who dials implicit TLS has no dialogue in cleartext to fall back to.
         .effects = all_refuse,
         .reference = "RFC 8314 3.3",
         .tlsrpt = "validation-failure",
         .title = "This port should use implicit TLS (SMTPS) but speaks plaintext SMTP",
         .explanation = "The client began TLS at once, and the server answered with SMTP text.",
         .remedy = "Switch TLS wrapper mode on for this port, or use STARTTLS on 25 or 587.",
         .where = "handshake",
         .evidence = plaintext_evidence,
         .find = plaintext_port},
    Rule{.code = "starttls-plaintext-reply",
         .layer = FindingLayer::handshake,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 3207 4",
         .tlsrpt = "validation-failure",
         .title = "The server answers in plaintext instead of starting TLS",
         .explanation =
             "The server agreed to start TLS and then went on in plaintext: its TLS process "
             "died, or a proxy answers in its place.",
         .remedy = "Restart the TLS part of the server; look for a proxy that answers STARTTLS "
                   "itself.",
         .where = "handshake",
         .evidence = plaintext_evidence,
         .find = plaintext_reply},
    Rule{.code = "handshake-closed",
         .layer = FindingLayer::handshake,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 3207 4.1",
         .tlsrpt = "validation-failure",
         .title = "The server closes the connection when TLS should begin",
         .explanation = "It agreed to start TLS and then closed the connection: it has no usable "
                        "certificate, or something on the way kills TLS.",
         .remedy = "Look into the server's log at that second; check that key and certificate can "
                   "be read and belong together.",
         .where = "handshake",
         .evidence = how_evidence,
         .find = closed},
    Rule{.code = "handshake-timeout",
         .layer = FindingLayer::handshake,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 3207 4.1",
         .tlsrpt = "validation-failure",
         .title = "The server times out when TLS should begin",
         .explanation = "It agreed to start TLS and then sent nothing: a stuck process, or large "
                        "packets that are lost on the way.",
         .remedy = "Restart the stuck process; if only some senders see it, look for an MTU black "
                   "hole.",
         .where = "handshake",
         .evidence = how_evidence,
         .find = tls_timed_out},
    Rule{.code = "tls-version-not-shared",
         .layer = FindingLayer::handshake,
         .effects = no_tls,
         .reference = "RFC 8996 2",
         .tlsrpt = "validation-failure",
         .title = "The server speaks no TLS version that current senders use",
         .explanation = "Current senders use TLS 1.2 and 1.3; TLS 1.0 and 1.1 are withdrawn. The "
                        "library's own words for this rarely name the version.",
         .remedy = "Switch TLS 1.2 and 1.3 on.",
         .where = "handshake",
         .evidence = version_evidence,
         .find = version},
    Rule{.code = "handshake-alert",
         .layer = FindingLayer::handshake,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 8446 6.2",
         .tlsrpt = "validation-failure",
         .title = "The server ends the handshake with an alert",
         .explanation = "The alert says why: 40 no cipher or group in common, 80 an error inside "
                        "the server, 112 a name that it doesn't know.",
         .remedy =
             "Allow ECDHE with AES-GCM or ChaCha20 and a current group; check that there is a "
             "certificate for the key types that are offered.",
         .where = "handshake",
         .evidence = alert_evidence,
         .find = alert},
    Rule{.code = "private-key-mismatch",
         .layer = FindingLayer::handshake,
         .effects = no_tls,
         .reference = "RFC 8446 4.4.3",
         .tlsrpt = "validation-failure",
         .title = "The server's private key doesn't belong to its certificate",
         .explanation =
             "The handshake's signature isn't by the key in the certificate that was "
             "sent, so every client aborts the handshake, even one that verifies nothing.",
         .remedy = "Install the key that the certificate was made for, or get a certificate for "
                   "the key; both files must come from one renewal.",
         .where = "handshake",
         .evidence = how_evidence,
         .find = key},
    Rule{.code = "handshake-failed",
         .layer = FindingLayer::handshake,
         .effects = no_tls,
         .reference = "RFC 8446 4",
         .tlsrpt = "validation-failure",
         .title = "The TLS handshake fails",
         .explanation = "The client's TLS library refused what the server sent; its words are "
                        "in the evidence.",
         .remedy = "Update the server's TLS library and go back to its default settings.",
         .where = "handshake",
         .evidence = how_evidence,
         .find = other},
    Rule{.code = "client-certificate-required",
         .layer = FindingLayer::handshake,
         .effects = no_tls,
         .reference = "RFC 8446 4.3.2",
         .tlsrpt = "validation-failure",
         .title = "The server insists on a client certificate",
         .explanation =
             "Senders have none to show. With TLS 1.3 the handshake even succeeds on the "
             "sender's side and the connection breaks at the next command; a sender without "
             "demands (Postfix on its next attempt, Exim at once) then delivers in cleartext.",
         .remedy = "Set the server to request client certificates at most, never to require them, "
                   "where mail from anybody comes in.",
         .where = "handshake",
         .evidence = required_evidence,
         .consequences = required_explains,
         .find = client_certificate_required},
    Rule{.code = "client-certificate-requested",
         .layer = FindingLayer::handshake,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 8446 4.3.2",
         .title = "The server asks for a client certificate",
         .explanation =
             "It goes on without one, so this does no harm; a few gateways abort the handshake.",
         .remedy = "Switch the request off unless it is used.",
         .where = "handshake",
         .evidence = requested_evidence,
         .find = certificate_requested},
};

}  // namespace

std::span<const Rule> handshake_rules() { return handshake_rows; }

}  // namespace badmx::checker
