#include "checker/paste/printed_lines.h"

#include "checker/paste/printed_name.h"
#include "checker/paste/transcript_text.h"
#include "x509/printable.h"

#include <array>
#include <charconv>
#include <optional>
#include <utility>

namespace badmx::checker {

std::string short_printable(std::string_view text) { return x509::printable(text, 256); }

bool take_certificate_line(std::string_view line, PrintedCertificate& printed) {
  if (const auto issuer = after(line, "i:")) {
    if (printed.issuer.empty()) printed.issuer = printed_name(*issuer);
    return true;
  }
  if (const auto algorithms = after(line, "a:PKEY:")) {
    const std::size_t semicolon = algorithms->find(';');
    printed.key = short_printable(algorithms->substr(0, semicolon));
    if (semicolon != std::string_view::npos) {
      const auto signature = after(algorithms->substr(semicolon), "; sigalg:");
      if (signature) printed.signature = short_printable(*signature);
    }
    return true;
  }
  if (const auto validity = after(line, "v:NotBefore:")) {
    const std::size_t semicolon = validity->find(';');
    printed.not_before = printed_time(validity->substr(0, semicolon));
    if (semicolon != std::string_view::npos) {
      const auto until = after(validity->substr(semicolon), "; NotAfter:");
      if (until) printed.not_after = printed_time(*until);
    }
    return true;
  }
  return false;
}

void take_staple_line(std::string_view line, PrintedStaple& staple) {
  if (const auto response = value_of(line, "OCSP Response Status")) {
    staple.response = short_printable(*response);
  } else if (const auto status = value_of(line, "Cert Status")) {
    if (staple.status.empty()) staple.status = short_printable(*status);
  }
  const std::array<std::pair<std::string_view, std::optional<x509::Moment>*>, 3> times{
      {{"Revocation Time", &staple.revoked_at},
       {"This Update", &staple.this_update},
       {"Next Update", &staple.next_update}}};
  for (const auto& [key, into] : times) {
    const auto value = value_of(line, key);
    if (value && !*into) *into = printed_time(*value);
  }
}

std::string_view secret_in(std::string_view line) {
  const auto has_value = [&](std::string_view key) {
    const auto value = value_of(line, key);
    return value && !value->empty() && *value != "None";
  };
  if (has_value("Master-Key")) return "TLS master key";
  if (has_value("Resumption PSK")) return "TLS resumption key";
  if (line.starts_with("TLS session ticket:")) return "TLS session ticket";
  for (const std::string_view label :
       {"CLIENT_RANDOM ", "CLIENT_HANDSHAKE_TRAFFIC_SECRET ", "SERVER_HANDSHAKE_TRAFFIC_SECRET ",
        "CLIENT_TRAFFIC_SECRET_", "SERVER_TRAFFIC_SECRET_", "EXPORTER_SECRET "}) {
    if (line.starts_with(label)) return "TLS key log";
  }
  if (line.starts_with("AUTH PLAIN ") || line.starts_with("AUTH LOGIN ")) {
    return "SMTP password";
  }
  return {};
}

x509::ErrorLine read_error_line(const std::vector<std::string_view>& parts) {
  x509::ErrorLine error;
  const std::string_view code = parts[0];
  std::from_chars(code.data(), code.data() + code.size(), error.code, 16);
  error.reason = short_printable(parts[3]);
  if (parts.size() > 6) error.detail = short_printable(parts[6]);
  return error;
}

std::optional<int> alert_in(const x509::ErrorLine& error) {
  constexpr std::string_view before = "alert number ";
  const std::size_t at = error.detail.find(before);
  if (at == std::string::npos) return std::nullopt;
  const auto number = leading_number(std::string_view(error.detail).substr(at + before.size()));
  return number && *number < 256 ? std::optional(static_cast<int>(*number)) : std::nullopt;
}

}  // namespace badmx::checker
