#include "server/smtp/deviations.h"

#include <fmt/format.h>

#include <string_view>

namespace badmx::server {
namespace {

struct TlsKey {
  std::string_view key;
  bool (*deviates)(const TlsBehaviour&);
  // In a handshake that was begun.
  bool (*is_met)(const TlsBehaviour&, const ConnectionRecord&);
};

bool certificates_went_out(const ConnectionRecord& record) {
  return !record.certificates_sent.empty();
}

// The request goes out in the flight of the certificates (RFC 8446 4.3.2, RFC 5246 7.4.4), and the
// names in it.
bool was_requested(const TlsBehaviour& tls, const ConnectionRecord& record) {
  return tls.client_certificate != ClientCertificate::none && certificates_went_out(record);
}

constexpr TlsKey tls_keys[] = {
    {"tls.versions", [](const TlsBehaviour& tls) { return !tls.versions.empty(); },
     [](const TlsBehaviour&, const ConnectionRecord&) { return true; }},
    // They are for TLS 1.2 and below.
    {"tls.ciphers", [](const TlsBehaviour& tls) { return !tls.ciphers.empty(); },
     [](const TlsBehaviour&, const ConnectionRecord& record) {
       return record.tls_version != "TLSv1.3";
     }},
    {"tls.groups", [](const TlsBehaviour& tls) { return !tls.groups.empty(); },
     [](const TlsBehaviour&, const ConnectionRecord&) { return true; }},
    {"tls.client_certificate",
     [](const TlsBehaviour& tls) { return tls.client_certificate != ClientCertificate::none; },
     was_requested},
    {"tls.client_ca_names", [](const TlsBehaviour& tls) { return !tls.client_ca_names.empty(); },
     was_requested},
    // RFC 6066 8: only who asks gets one.
    {"tls.staple", [](const TlsBehaviour& tls) { return !tls.staple.empty(); },
     [](const TlsBehaviour&, const ConnectionRecord& record) {
       return record.client_hello && record.client_hello->status_request &&
              certificates_went_out(record);
     }},
    {"tls.tickets", [](const TlsBehaviour& tls) { return tls.tickets > 0; },
     [](const TlsBehaviour&, const ConnectionRecord& record) { return record.handshake_done; }},
};

}  // namespace

std::vector<std::string> deviations(const Conversation& conversation) {
  std::vector<std::string> keys;
  if (conversation.capabilities) keys.emplace_back("capabilities");
  if (!conversation.offer_starttls) keys.emplace_back("offer_starttls");
  for (const TlsKey& row : tls_keys) {
    if (row.deviates(conversation.tls)) keys.emplace_back(row.key);
  }
  for (const auto& entry : conversation.on) {
    keys.push_back(reaction_key(net::Layer::clear, entry.first));
  }
  for (const auto& entry : conversation.on_tls) {
    keys.push_back(reaction_key(net::Layer::tls, entry.first));
  }
  return keys;
}

std::string reaction_key(net::Layer layer, smtp::Point point) {
  return fmt::format("{}.{}", layer == net::Layer::tls ? "on-tls" : "on", smtp::name(point));
}

std::string identity_key(std::size_t place, std::size_t of) {
  return of == 1 ? "identity" : fmt::format("identity[{}]", place + 1);
}

std::vector<std::string> met_by_handshake(const TlsBehaviour& tls, const ConnectionRecord& record) {
  std::vector<std::string> keys;
  for (const TlsKey& row : tls_keys) {
    if (row.deviates(tls) && row.is_met(tls, record)) keys.emplace_back(row.key);
  }
  return keys;
}

}  // namespace badmx::server
