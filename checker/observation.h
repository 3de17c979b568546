// What was seen of one address, nothing judged: a value that can be saved and diagnosed later.
#pragma once

#include "checker/probe_kind.h"
#include "checker/target.h"
#include "net/smtp/point.h"
#include "net/tls/channel.h"
#include "net/transcript.h"
#include "x509/bytes.h"
#include "x509/certificate.h"

#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

enum class Source { live, transcript, pem };

// Why an attempt went no further than it did.
enum class Stop {
  finished,     // QUIT was said and answered, or all that could be asked was
  refused,      // a reply of 4xx or 5xx, or of a class that doesn't fit
  not_offered,  // the EHLO answer has no STARTTLS
  closed,       // end of stream
  reset,
  timed_out,
  unreachable,      // no connection: `error` has the system's words
  alert,            // a fatal alert came
  tls_failed,       // our TLS library refused: `tls_errors`
  not_tls,          // bytes that are no TLS record came
  limit_exceeded,   // a line, reply, chain or the whole too long
  malformed_reply,  // no SMTP reply
  unknown,          // a transcript that doesn't say
};

// The parts of a reply that a rule reads; its text is a peer's, not yet escaped.
struct ReplySeen {
  int code = 0;                      // 0: none came
  std::vector<std::string> lines{};  // what stands behind the code and "-" or " "

  bool operator==(const ReplySeen&) const = default;
};

struct Attempt {
  Probe probe = Probe::ordinary;
  std::string sni{};  // what was sent; empty: none

  smtp::Point reached = smtp::Point::connect;  // where it stopped (the last Point begun)
  net::Layer layer = net::Layer::clear;        // of that Point
  Stop stop = Stop::finished;
  std::string error{};                        // the system's words, ours: safe to show
  std::vector<x509::ErrorLine> tls_errors{};  // OpenSSL's, when it failed
  std::size_t plaintext_bytes = 0;            // what came instead of TLS records, its length …
  std::string plaintext{};                    // … and its first 256 octets

  net::Transcript transcript{};
  ReplySeen greeting{};
  ReplySeen ehlo{};
  ReplySeen starttls{};
  ReplySeen ehlo_tls{};
  // Octets that came behind the 220's line before TLS began.
  std::string plaintext_after_starttls{};
  // Under TLS a reply came to the command that was sent in clear behind STARTTLS.
  bool obeyed_from_before_tls = false;

  bool handshake_done = false;
  tls::Negotiated tls{};
  std::vector<tls::AlertSeen> alerts{};
  bool certificate_seen = false;     // a Certificate message came, however empty
  std::vector<x509::Bytes> chain{};  // exactly as sent
  bool client_certificate_requested = false;
  bool client_certificate_required =
      false;  // it ended for want of one (alert 116, or 40/42 in 1.2)
  std::vector<x509::Bytes> requested_ca_names{};
  x509::Bytes staple{};

  std::chrono::microseconds connected{0};  // since the start of the attempt
  std::chrono::microseconds handshake_took{0};
  std::chrono::microseconds took{0};

  bool operator==(const Attempt&) const = default;
};

// A certificate as a transcript prints it, where its PEM isn't there.
struct PrintedCertificate {
  int position = 0;  // "0 s:…": of the chain as sent
  std::string subject{};
  std::string issuer{};
  std::optional<x509::Moment> not_before{};
  std::optional<x509::Moment> not_after{};
  std::string key{};        // "rsaEncryption, 2048 (bit)", as printed
  std::string signature{};  // "RSA-SHA256", as printed

  bool operator==(const PrintedCertificate&) const = default;
};

// "verify error:num=20:unable to get local issuer certificate", with the depth above it.
struct PrintedError {
  int depth = 0;
  int code = 0;
  std::string text{};

  bool operator==(const PrintedError&) const = default;
};

// What `-status` prints of the OCSP staple; its signature isn't in it.
struct PrintedStaple {
  bool sent = false;       // false: "OCSP response: no response sent"
  std::string response{};  // "successful (0x0)", as printed
  std::string status{};    // "good", "revoked", "unknown" of the first answer, as printed
  std::optional<x509::Moment> revoked_at{};
  std::optional<x509::Moment> this_update{};
  std::optional<x509::Moment> next_update{};

  bool operator==(const PrintedStaple&) const = default;
};

// What only a pasted text says.
struct Pasted {
  std::optional<x509::Moment> start_time{};  // "Start Time:" of the session
  std::string host{};                        // of -connect in a command line that was pasted too
  std::string name{};                        // of -servername or -verify_hostname
  std::vector<PrintedCertificate> certificates{};
  std::vector<PrintedError> errors{};
  std::optional<int> verify_return_code{};
  std::optional<PrintedStaple> staple{};  // nothing: -status wasn't given
  bool no_peer_certificate = false;       // "no peer certificate available"
  bool starttls_not_found = false;        // "Didn't find STARTTLS in server response"
  std::size_t octets_read = 0;         // of "SSL handshake has read"; 0 where it doesn't say, too
  std::vector<std::string> gaps{};     // what is missing, a sentence each: "certificate 1 is cut"
  std::vector<std::string> secrets{};  // kinds of secrets that were in it and were dropped

  bool operator==(const Pasted&) const = default;
};

// What came when a certificate's authorityInfoAccess was asked for its issuer (RFC 5280 4.2.2.1).
struct Fetched {
  std::string url{};    // as it stands in the certificate
  std::string error{};  // why nothing came, in our words or the system's: safe to show
  std::vector<x509::Bytes> certificates{};

  bool operator==(const Fetched&) const = default;
};

struct Observation {
  Source source = Source::live;
  std::string origin{};   // "127.0.0.1:2525", or the file's name
  Target target{};        // live: how it was dialled
  x509::Moment moment{};  // when
  std::vector<Attempt> attempts{};
  Pasted pasted{};
  std::vector<Fetched> fetched{};  // only when it was allowed

  bool operator==(const Observation&) const = default;
};

}  // namespace badmx::checker
