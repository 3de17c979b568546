#include "checker/report/report_wire.h"

#include "checker/report/text_wrap.h"
#include "x509/certificate.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

namespace badmx::checker {
namespace {

constexpr std::size_t most_dialogue_lines = 200;
constexpr std::size_t most_ca_names = 20;

class Wire {
 public:
  explicit Wire(std::size_t width) : width_(width) {}

  std::string write(const Observation& observation) {
    const Target& target = observation.target;
    if (observation.source == Source::live) {
      line("dialled", fmt::format("{} port {}, {}, EHLO {}", target.address, target.port,
                                  smtp::name(target.tls), target.ehlo));
    }
    for (std::size_t i = 0; i < observation.attempts.size(); ++i) {
      attempt(observation.attempts[i], i + 1);
    }
    pasted(observation.pasted);
    return std::move(all_);
  }

 private:
  void line(std::string_view key, std::string_view value) {
    all_ += wrapped(x509::printable(value, 2048), width_, padded(fmt::format("  {}", key), 14));
  }

  void attempt(const Attempt& made, std::size_t number) {
    all_ += fmt::format("  attempt {}, {}\n", number, words(made.probe));
    line("  SNI", made.sni.empty() ? "none sent" : made.sni);
    line("  ended", fmt::format("at {} ({}): {}{}", smtp::name(made.reached),
                                made.layer == net::Layer::tls ? "under TLS" : "in cleartext",
                                words(made.stop), made.error.empty() ? "" : ": " + made.error));
    dialogue(made);
    tls(made);
    if (made.took.count() > 0) {
      line("  took", fmt::format("{:.1f} ms, the handshake {:.1f} ms",
                                 static_cast<double>(made.took.count()) / 1000,
                                 static_cast<double>(made.handshake_took.count()) / 1000));
    }
  }

  void dialogue(const Attempt& made) {
    std::size_t shown = 0;
    for (const net::Line& said : made.transcript) {
      if (++shown > most_dialogue_lines) {
        all_ +=
            fmt::format("    and {} lines more\n", made.transcript.size() - most_dialogue_lines);
        break;
      }
      const std::string_view mark = said.layer == net::Layer::tls ? "*" : " ";
      all_ +=
          clipped(fmt::format("   {}{}: {}", mark, said.speaker == net::Speaker::server ? "S" : "C",
                              x509::printable(said.text, 512)),
                  width_) +
          "\n";
    }
    if (!made.transcript.empty()) all_ += "    (* under TLS)\n";
    if (made.plaintext_bytes > 0) {
      line("  no TLS", fmt::format("{} bytes of plaintext came instead: \"{}\"",
                                   made.plaintext_bytes, made.plaintext));
    }
    if (!made.plaintext_after_starttls.empty()) {
      line("  behind 220", made.plaintext_after_starttls);
    }
  }

  void tls(const Attempt& made) {
    const tls::Negotiated& agreed = made.tls;
    if (!agreed.cipher.empty()) {
      std::string facts = fmt::format("{}, {}", agreed.version, agreed.cipher);
      for (const std::string& part : {agreed.group, agreed.signature_algorithm, agreed.alpn}) {
        if (!part.empty()) facts += ", " + part;
      }
      line("  TLS", facts + (made.handshake_done ? "" : " (the handshake wasn't finished)"));
    }
    for (const tls::AlertSeen& alert : made.alerts) {
      line("  alert", fmt::format("{} {} {} ({})",
                                  alert.direction == tls::Direction::sent ? "sent" : "received",
                                  alert.level == 1 ? "warning" : "fatal",
                                  tls::alert_name(alert.number), alert.number));
    }
    for (const x509::ErrorLine& error : made.tls_errors) {
      line("  OpenSSL", error.detail.empty() ? error.reason
                                             : fmt::format("{} ({})", error.reason, error.detail));
    }
    if (made.certificate_seen) {
      line("  chain",
           fmt::format("{} certificate{}", made.chain.size(), made.chain.size() == 1 ? "" : "s"));
    }
    if (!made.staple.empty()) line("  OCSP", fmt::format("{} bytes", made.staple.size()));
    client_certificate(made);
  }

  void client_certificate(const Attempt& made) {
    if (!made.client_certificate_requested) return;
    line("  client", made.client_certificate_required ? "a client certificate is demanded"
                                                      : "a client certificate is asked for");
    for (std::size_t i = 0; i < made.requested_ca_names.size() && i < most_ca_names; ++i) {
      const auto name = x509::read_name(made.requested_ca_names[i]);
      line("    from", name ? x509::text(*name) : "(a name that can't be read)");
    }
    if (made.requested_ca_names.size() > most_ca_names) {
      line("", fmt::format("and {} more", made.requested_ca_names.size() - most_ca_names));
    }
  }

  void pasted(const Pasted& text) {
    for (const PrintedError& error : text.errors) {
      line("it said",
           fmt::format("verify error {} at depth {}: {}", error.code, error.depth, error.text));
    }
    if (text.verify_return_code) {
      line("it said", fmt::format("Verify return code: {}", *text.verify_return_code));
    }
    for (const std::string& gap : text.gaps) line("gap", gap);
    for (const std::string& secret : text.secrets) line("dropped", secret);
  }

  std::size_t width_;
  std::string all_;
};

}  // namespace

std::string words(Stop stop) {
  switch (stop) {
    case Stop::finished:
      return "it was finished";
    case Stop::refused:
      return "the server refused";
    case Stop::not_offered:
      return "STARTTLS wasn't offered";
    case Stop::closed:
      return "the server closed the connection";
    case Stop::reset:
      return "the connection was reset";
    case Stop::timed_out:
      return "nothing came in time";
    case Stop::unreachable:
      return "no connection was made";
    case Stop::alert:
      return "the server sent a fatal alert";
    case Stop::tls_failed:
      return "the TLS library refused";
    case Stop::not_tls:
      return "what came was no TLS";
    case Stop::limit_exceeded:
      return "it was longer than is read";
    case Stop::malformed_reply:
      return "what came was no SMTP reply";
    case Stop::unknown:
      break;
  }
  return "why isn't known";
}

std::string wire_facts(const Observation& observation, std::size_t width) {
  return Wire(width).write(observation);
}

}  // namespace badmx::checker
