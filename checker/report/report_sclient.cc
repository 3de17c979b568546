#include "checker/report/report_sclient.h"

#include "x509/certificate.h"
#include "x509/pem.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>
#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

constexpr std::string_view ruled_line = "---\n";

// One place of the chain as sent: its bytes, or what a transcript printed of it.
struct Place {
  const x509::Bytes* der = nullptr;
  std::optional<x509::Certificate> certificate;
  const PrintedCertificate* printed = nullptr;

  std::string subject() const {
    if (certificate) return x509::text(certificate->subject);
    return printed != nullptr ? x509::printable(printed->subject) : "(can't be read)";
  }
  std::string issuer() const {
    if (certificate) return x509::text(certificate->issuer);
    return printed != nullptr ? x509::printable(printed->issuer) : "(can't be read)";
  }
};

// Printed ones stand at their positions, the others fill what is left, in order.
std::vector<Place> places(const Attempt& attempt, const Pasted& pasted) {
  std::vector<Place> all;
  std::size_t next = 0;
  const auto printed_at = [&pasted](std::size_t position) -> const PrintedCertificate* {
    for (const PrintedCertificate& printed : pasted.certificates) {
      if (printed.position >= 0 && static_cast<std::size_t>(printed.position) == position) {
        return &printed;
      }
    }
    return nullptr;
  };
  std::size_t count = attempt.chain.size() + pasted.certificates.size();
  for (const PrintedCertificate& printed : pasted.certificates) {
    const auto position = static_cast<std::size_t>(std::max(printed.position, 0));
    count = std::max(count, std::min<std::size_t>(position, 1000) + 1);
  }
  for (std::size_t position = 0; position < count; ++position) {
    Place place;
    place.printed = printed_at(position);
    if (place.printed == nullptr) {
      if (next == attempt.chain.size()) continue;
      place.der = &attempt.chain[next++];
      place.certificate = x509::read_certificate(*place.der);
    }
    all.push_back(std::move(place));
  }
  return all;
}

std::string public_key_text(const x509::Certificate& certificate) {
  const x509::PublicKey& key = certificate.key;
  if (!key.curve.empty()) return fmt::format("{}, {}", key.algorithm, key.curve);
  return key.bits == 0 ? key.algorithm : fmt::format("{}, {} (bit)", key.algorithm, key.bits);
}

std::string moment_text(const std::optional<x509::Moment>& value) {
  return value ? x509::text(*value) : "?";
}

void write_verification(const Diagnosis& diagnosis, const std::vector<Place>& chain,
                        std::string& all) {
  for (const Complaint& complaint : diagnosis.openssl) {
    const auto depth = static_cast<std::size_t>(std::max(complaint.depth, 0));
    all += fmt::format("depth={} {}\nverify error:num={}:{}\n", complaint.depth,
                       depth < diagnosis.path.size() ? diagnosis.path[depth].subject
                       : depth < chain.size()        ? chain[depth].subject()
                                                     : "",
                       complaint.code, complaint.text);
  }
}

void write_chain(const std::vector<Place>& chain, std::string& all) {
  all += fmt::format("{}Certificate chain\n", ruled_line);
  for (std::size_t i = 0; i < chain.size(); ++i) {
    const Place& place = chain[i];
    all += fmt::format("{:2} s:{}\n   i:{}\n", i, place.subject(), place.issuer());
    if (place.certificate) {
      all += fmt::format("   a:PKEY: {}; sigalg: {}\n",
                         x509::printable(public_key_text(*place.certificate)),
                         x509::printable(place.certificate->signature_algorithm.name));
      all += fmt::format("   v:NotBefore: {}; NotAfter: {}\n",
                         moment_text(place.certificate->not_before),
                         moment_text(place.certificate->not_after));
    }
    if (place.der != nullptr) all += x509::pem("CERTIFICATE", *place.der);
  }
  all += fmt::format("{}Server certificate\nsubject={}\nissuer={}\n", ruled_line,
                     chain.front().subject(), chain.front().issuer());
}

void write_client_certificate(const Attempt& attempt, std::string& all) {
  all += ruled_line;
  if (!attempt.requested_ca_names.empty()) {
    all += "Acceptable client certificate CA names\n";
    for (const x509::Bytes& der : attempt.requested_ca_names) {
      const auto name = x509::read_name(der);
      all += fmt::format("{}\n", name ? x509::text(*name) : "(a name that can't be read)");
    }
  } else {
    all += "No client certificate CA names sent\n";
  }
  if (attempt.client_certificate_requested) {
    all += attempt.client_certificate_required ? "A client certificate is demanded\n"
                                               : "A client certificate is asked for\n";
  }
}

void write_agreed(const Attempt& attempt, std::string& all) {
  const tls::Negotiated& agreed = attempt.tls;
  const auto part = [&all](std::string_view key, const std::string& value) {
    if (!value.empty()) all += fmt::format("{}: {}\n", key, x509::printable(value, 256));
  };
  part("Peer signature type", agreed.signature_algorithm);
  part("Server Temp Key", agreed.group);
  all += ruled_line;
  const bool none = agreed.cipher.empty();
  all +=
      fmt::format("New, {}, Cipher is {}\n", none ? "(NONE)" : x509::printable(agreed.version, 64),
                  none ? "(NONE)" : x509::printable(agreed.cipher, 64));
  all += agreed.alpn.empty() ? "No ALPN negotiated\n"
                             : fmt::format("ALPN protocol: {}\n", x509::printable(agreed.alpn, 64));
}

void write_end(const Attempt& attempt, const Diagnosis& diagnosis, std::string& all) {
  for (const tls::AlertSeen& alert : attempt.alerts) {
    all +=
        fmt::format("SSL alert number {} ({}), {}\n", alert.number, tls::alert_name(alert.number),
                    alert.direction == tls::Direction::sent ? "sent" : "received");
  }
  for (const x509::ErrorLine& error : attempt.tls_errors) {
    all += fmt::format("error:{:08X}:{}:{}\n", error.code, x509::printable(error.reason, 256),
                       x509::printable(error.detail, 256));
  }
  if (!diagnosis.openssl_skipped.empty()) {
    all += "Verify return code: none (nothing was verified)\n";
  } else if (diagnosis.openssl.empty()) {
    all += "Verify return code: 0 (ok)\n";
  } else {
    all += fmt::format("Verify return code: {} ({})\n", diagnosis.openssl.back().code,
                       diagnosis.openssl.back().text);
  }
  all += ruled_line;
}

}  // namespace

std::string report_sclient(const Observation& observation, const Diagnosis& diagnosis) {
  // The first with a certificate; without any, the first is what a sender meets.
  const auto found = std::ranges::find_if(observation.attempts, &Attempt::certificate_seen);
  const Attempt none;
  const Attempt& attempt = found != observation.attempts.end() ? *found
                           : observation.attempts.empty()      ? none
                                                               : observation.attempts.front();
  const std::vector<Place> chain = places(attempt, observation.pasted);
  std::string all;
  write_verification(diagnosis, chain, all);
  if (attempt.reached != smtp::Point::connect || attempt.stop != Stop::unreachable) {
    all += "CONNECTED\n";
  }
  if (chain.empty()) {
    all += fmt::format("{}no peer certificate available\n", ruled_line);
  } else {
    write_chain(chain, all);
  }
  write_client_certificate(attempt, all);
  write_agreed(attempt, all);
  write_end(attempt, diagnosis, all);
  return all;
}

}  // namespace badmx::checker
