#include "checker/observation_json.h"

#include "checker/observation_names.h"
#include "x509/bytes.h"
#include "x509/printable.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <limits>

namespace badmx::checker {
namespace {

using Json = nlohmann::ordered_json;

template <typename Table, typename Enumerator>
std::string_view name_of(const Table& table, Enumerator value) {
  return std::ranges::find(table, value, &Named<Enumerator>::value)->name;
}

constexpr std::size_t unbounded = std::numeric_limits<std::size_t>::max();

Json peer_text(const std::string& text) {
  const std::string safe = x509::printable(text, unbounded);
  if (safe == text) return safe;
  return {{"text", safe}, {"base64", x509::base64(x509::as_bytes(text))}};
}

Json list(const std::vector<x509::Bytes>& all) {
  Json json = Json::array();
  for (const x509::Bytes& bytes : all) json.push_back(x509::base64(bytes));
  return json;
}

Json list(const std::vector<std::string>& all) {
  Json json = Json::array();
  for (const std::string& text : all) json.push_back(peer_text(text));
  return json;
}

Json moment(const std::optional<x509::Moment>& value) {
  if (!value) return nullptr;
  return value->time_since_epoch().count();
}

Json reply(const ReplySeen& seen) { return {{"code", seen.code}, {"lines", list(seen.lines)}}; }

Json target(const Target& dialled) {
  return {{"host", peer_text(dialled.host)},
          {"address", peer_text(dialled.address)},
          {"port", dialled.port},
          {"tls", smtp::name(dialled.tls)},
          {"sni", peer_text(dialled.sni)},
          {"ehlo", peer_text(dialled.ehlo)}};
}

Json transcript(const net::Transcript& lines) {
  Json json = Json::array();
  for (const net::Line& line : lines) {
    json.push_back({{"speaker", name_of(speakers, line.speaker)},
                    {"layer", name_of(layers, line.layer)},
                    {"at_us", line.at.count()},
                    {"text", peer_text(line.text)}});
  }
  return json;
}

Json attempt_json(const Attempt& made) {
  Json errors = Json::array();
  for (const x509::ErrorLine& error : made.tls_errors) {
    errors.push_back({{"code", error.code},
                      {"reason", peer_text(error.reason)},
                      {"detail", peer_text(error.detail)}});
  }
  Json alerts = Json::array();
  for (const tls::AlertSeen& alert : made.alerts) {
    alerts.push_back({{"direction", name_of(directions, alert.direction)},
                      {"level", alert.level},
                      {"number", alert.number}});
  }
  return {{"probe", name_of(probe_names, made.probe)},
          {"sni", peer_text(made.sni)},
          {"reached", smtp::name(made.reached)},
          {"layer", name_of(layers, made.layer)},
          {"stop", name_of(stops, made.stop)},
          {"error", peer_text(made.error)},
          {"tls_errors", errors},
          {"plaintext_bytes", made.plaintext_bytes},
          {"plaintext", peer_text(made.plaintext)},
          {"transcript", transcript(made.transcript)},
          {"greeting", reply(made.greeting)},
          {"ehlo", reply(made.ehlo)},
          {"starttls", reply(made.starttls)},
          {"ehlo_tls", reply(made.ehlo_tls)},
          {"plaintext_after_starttls", peer_text(made.plaintext_after_starttls)},
          {"handshake_done", made.handshake_done},
          {"tls",
           {{"version", peer_text(made.tls.version)},
            {"cipher", peer_text(made.tls.cipher)},
            {"group", peer_text(made.tls.group)},
            {"signature_algorithm", peer_text(made.tls.signature_algorithm)},
            {"alpn", peer_text(made.tls.alpn)},
            {"resumed", made.tls.resumed}}},
          {"alerts", alerts},
          {"certificate_seen", made.certificate_seen},
          {"chain", list(made.chain)},
          {"client_certificate_requested", made.client_certificate_requested},
          {"client_certificate_required", made.client_certificate_required},
          {"requested_ca_names", list(made.requested_ca_names)},
          {"obeyed_from_before_tls", made.obeyed_from_before_tls},
          {"staple", x509::base64(made.staple)},
          {"connected_us", made.connected.count()},
          {"handshake_took_us", made.handshake_took.count()},
          {"took_us", made.took.count()}};
}

Json printed_staple(const std::optional<PrintedStaple>& staple) {
  if (!staple) return nullptr;
  return {{"sent", staple->sent},
          {"response", peer_text(staple->response)},
          {"status", peer_text(staple->status)},
          {"revoked_at", moment(staple->revoked_at)},
          {"this_update", moment(staple->this_update)},
          {"next_update", moment(staple->next_update)}};
}

Json pasted(const Pasted& text) {
  Json certificates = Json::array();
  for (const PrintedCertificate& printed : text.certificates) {
    certificates.push_back({{"position", printed.position},
                            {"subject", peer_text(printed.subject)},
                            {"issuer", peer_text(printed.issuer)},
                            {"not_before", moment(printed.not_before)},
                            {"not_after", moment(printed.not_after)},
                            {"key", peer_text(printed.key)},
                            {"signature", peer_text(printed.signature)}});
  }
  Json errors = Json::array();
  for (const PrintedError& error : text.errors) {
    errors.push_back(
        {{"depth", error.depth}, {"code", error.code}, {"text", peer_text(error.text)}});
  }
  return {{"start_time", moment(text.start_time)},
          {"host", peer_text(text.host)},
          {"name", peer_text(text.name)},
          {"certificates", certificates},
          {"errors", errors},
          {"verify_return_code",
           text.verify_return_code ? Json(*text.verify_return_code) : Json(nullptr)},
          {"printed_staple", printed_staple(text.staple)},
          {"no_peer_certificate", text.no_peer_certificate},
          {"starttls_not_found", text.starttls_not_found},
          {"octets_read", text.octets_read},
          {"gaps", list(text.gaps)},
          {"secrets", list(text.secrets)}};
}

Json fetched(const std::vector<Fetched>& all) {
  Json json = Json::array();
  for (const Fetched& one : all) {
    json.push_back({{"url", peer_text(one.url)},
                    {"error", peer_text(one.error)},
                    {"certificates", list(one.certificates)}});
  }
  return json;
}

}  // namespace

std::string observation_json(const Observation& observation) {
  Json attempts = Json::array();
  for (const Attempt& made : observation.attempts) attempts.push_back(attempt_json(made));
  const Json json = {{"schema", observation_schema},
                     {"source", name_of(sources, observation.source)},
                     {"origin", peer_text(observation.origin)},
                     {"target", target(observation.target)},
                     {"moment", observation.moment.time_since_epoch().count()},
                     {"attempts", attempts},
                     {"pasted", pasted(observation.pasted)},
                     {"fetched", fetched(observation.fetched)}};
  return json.dump(2) + "\n";
}

}  // namespace badmx::checker
