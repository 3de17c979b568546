#include "checker/observation_json.h"
#include "checker/observation_names.h"
#include "x509/bytes.h"
#include "x509/printable.h"

#include <nlohmann/json.hpp>

#include <algorithm>
#include <concepts>
#include <cstdint>
#include <stdexcept>
#include <utility>

namespace badmx::checker {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t longest_observation = std::size_t{64} << 20U;
constexpr std::size_t most_items = 100000;
constexpr std::size_t most_attempts = 100;
constexpr int deepest_nesting = 16;

// Thrown and caught in this file only: the text isn't an Observation.
struct NotAnObservation : std::runtime_error {
  NotAnObservation() : std::runtime_error("not an observation") {}
};

const Json& member(const Json& object, const char* key) {
  if (!object.is_object()) throw NotAnObservation();
  const auto found = object.find(key);
  if (found == object.end()) throw NotAnObservation();
  return *found;
}

const Json& items(const Json& object, const char* key, std::size_t most = most_items) {
  const Json& json = member(object, key);
  if (!json.is_array() || json.size() > most) throw NotAnObservation();
  return json;
}

template <std::integral Number>
Number to_number(const Json& json) {
  if (json.is_number_unsigned()) {
    const auto value = json.get<std::uint64_t>();
    if (std::in_range<Number>(value)) return static_cast<Number>(value);
  } else if (json.is_number_integer()) {
    const auto value = json.get<std::int64_t>();
    if (std::in_range<Number>(value)) return static_cast<Number>(value);
  }
  throw NotAnObservation();
}

template <std::integral Number>
Number number(const Json& object, const char* key) {
  return to_number<Number>(member(object, key));
}

bool flag(const Json& object, const char* key) {
  const Json& json = member(object, key);
  if (!json.is_boolean()) throw NotAnObservation();
  return json.get<bool>();
}

std::string_view plain(const Json& json) {
  if (!json.is_string()) throw NotAnObservation();
  return json.get_ref<const std::string&>();
}

x509::Bytes to_bytes(const Json& json) {
  auto bytes = x509::from_base64(plain(json));
  if (!bytes) throw NotAnObservation();
  return std::move(*bytes);
}

std::string to_text(const Json& json) {
  if (!json.is_object()) return std::string(plain(json));
  return std::string(x509::as_text(to_bytes(member(json, "base64"))));
}

std::string text_at(const Json& object, const char* key) { return to_text(member(object, key)); }

// For what this program wrote itself, and shows unescaped.
std::string safe_text(const Json& object, const char* key) {
  return x509::printable(text_at(object, key), 4096);
}

std::vector<x509::Bytes> byte_strings(const Json& object, const char* key) {
  std::vector<x509::Bytes> all;
  for (const Json& json : items(object, key)) all.push_back(to_bytes(json));
  return all;
}

std::vector<std::string> texts(const Json& object, const char* key) {
  std::vector<std::string> all;
  for (const Json& json : items(object, key)) all.push_back(to_text(json));
  return all;
}

std::vector<std::string> safe_texts(const Json& object, const char* key) {
  std::vector<std::string> all = texts(object, key);
  for (std::string& line : all) line = x509::printable(line, 4096);
  return all;
}

template <typename Table>
auto enumerator(const Table& table, const Json& object, const char* key) {
  const std::string_view wanted = plain(member(object, key));
  const auto found =
      std::ranges::find_if(table, [wanted](const auto& row) { return row.name == wanted; });
  if (found == table.end()) throw NotAnObservation();
  return found->value;
}

x509::Moment to_moment(const Json& json) {
  const auto seconds = to_number<std::int64_t>(json);
  // From the year 0 to 9999: what a certificate can say, and the calendar can print.
  if (seconds < -62167219200 || seconds > 253402300799) throw NotAnObservation();
  return x509::Moment{std::chrono::seconds{seconds}};
}

std::optional<x509::Moment> optional_moment(const Json& object, const char* key) {
  const Json& json = member(object, key);
  return json.is_null() ? std::nullopt : std::optional(to_moment(json));
}

std::chrono::microseconds microseconds_at(const Json& object, const char* key) {
  return std::chrono::microseconds{number<std::int64_t>(object, key)};
}

smtp::Point point(const Json& object, const char* key) {
  const auto found = smtp::point_from(plain(member(object, key)));
  if (!found) throw NotAnObservation();
  return *found;
}

ReplySeen to_reply(const Json& json) {
  return {.code = number<int>(json, "code"), .lines = texts(json, "lines")};
}

Target to_target(const Json& json) {
  Target dialled;
  dialled.host = safe_text(json, "host");
  dialled.address = safe_text(json, "address");
  dialled.port = number<std::uint16_t>(json, "port");
  const auto mode = smtp::tls_mode_from(plain(member(json, "tls")));
  if (!mode) throw NotAnObservation();
  dialled.tls = *mode;
  dialled.sni = safe_text(json, "sni");
  dialled.ehlo = safe_text(json, "ehlo");
  return dialled;
}

void read_dialogue(const Json& json, Attempt& made) {
  for (const Json& line : items(json, "transcript")) {
    made.transcript.push_back({.speaker = enumerator(speakers, line, "speaker"),
                               .layer = enumerator(layers, line, "layer"),
                               .text = text_at(line, "text"),
                               .at = microseconds_at(line, "at_us")});
  }
  made.greeting = to_reply(member(json, "greeting"));
  made.ehlo = to_reply(member(json, "ehlo"));
  made.starttls = to_reply(member(json, "starttls"));
  made.ehlo_tls = to_reply(member(json, "ehlo_tls"));
  made.plaintext_after_starttls = text_at(json, "plaintext_after_starttls");
}

void read_failure(const Json& json, Attempt& made) {
  made.reached = point(json, "reached");
  made.layer = enumerator(layers, json, "layer");
  made.stop = enumerator(stops, json, "stop");
  made.error = safe_text(json, "error");
  for (const Json& error : items(json, "tls_errors")) {
    made.tls_errors.push_back({.code = number<unsigned long>(error, "code"),
                               .reason = safe_text(error, "reason"),
                               .detail = safe_text(error, "detail")});
  }
  made.plaintext_bytes = number<std::size_t>(json, "plaintext_bytes");
  made.plaintext = text_at(json, "plaintext");
  for (const Json& alert : items(json, "alerts")) {
    made.alerts.push_back({.direction = enumerator(directions, alert, "direction"),
                           .level = number<int>(alert, "level"),
                           .number = number<int>(alert, "number")});
  }
}

Attempt to_attempt(const Json& json) {
  Attempt made;
  made.probe = enumerator(probe_names, json, "probe");
  made.sni = safe_text(json, "sni");
  read_failure(json, made);
  read_dialogue(json, made);
  made.handshake_done = flag(json, "handshake_done");
  const Json& tls = member(json, "tls");
  made.tls = {.version = safe_text(tls, "version"),
              .cipher = safe_text(tls, "cipher"),
              .group = safe_text(tls, "group"),
              .signature_algorithm = safe_text(tls, "signature_algorithm"),
              .alpn = safe_text(tls, "alpn"),
              .resumed = flag(tls, "resumed")};
  made.certificate_seen = flag(json, "certificate_seen");
  made.chain = byte_strings(json, "chain");
  made.client_certificate_requested = flag(json, "client_certificate_requested");
  made.client_certificate_required = flag(json, "client_certificate_required");
  // Added later: what was saved before has it not.
  made.obeyed_from_before_tls =
      json.contains("obeyed_from_before_tls") && flag(json, "obeyed_from_before_tls");
  made.requested_ca_names = byte_strings(json, "requested_ca_names");
  made.staple = to_bytes(member(json, "staple"));
  made.connected = microseconds_at(json, "connected_us");
  made.handshake_took = microseconds_at(json, "handshake_took_us");
  made.took = microseconds_at(json, "took_us");
  return made;
}

PrintedStaple to_staple(const Json& json) {
  return {.sent = flag(json, "sent"),
          .response = safe_text(json, "response"),
          .status = safe_text(json, "status"),
          .revoked_at = optional_moment(json, "revoked_at"),
          .this_update = optional_moment(json, "this_update"),
          .next_update = optional_moment(json, "next_update")};
}

Pasted to_pasted(const Json& json) {
  Pasted text;
  text.start_time = optional_moment(json, "start_time");
  text.host = safe_text(json, "host");
  text.name = safe_text(json, "name");
  for (const Json& printed : items(json, "certificates")) {
    text.certificates.push_back({.position = number<int>(printed, "position"),
                                 .subject = safe_text(printed, "subject"),
                                 .issuer = safe_text(printed, "issuer"),
                                 .not_before = optional_moment(printed, "not_before"),
                                 .not_after = optional_moment(printed, "not_after"),
                                 .key = safe_text(printed, "key"),
                                 .signature = safe_text(printed, "signature")});
  }
  for (const Json& error : items(json, "errors")) {
    text.errors.push_back({.depth = number<int>(error, "depth"),
                           .code = number<int>(error, "code"),
                           .text = safe_text(error, "text")});
  }
  if (!member(json, "verify_return_code").is_null()) {
    text.verify_return_code = number<int>(json, "verify_return_code");
  }
  // Added later.
  if (json.contains("printed_staple") && !json["printed_staple"].is_null()) {
    text.staple = to_staple(json["printed_staple"]);
  }
  if (json.contains("octets_read")) text.octets_read = number<std::size_t>(json, "octets_read");
  text.no_peer_certificate = flag(json, "no_peer_certificate");
  text.starttls_not_found = flag(json, "starttls_not_found");
  text.gaps = safe_texts(json, "gaps");
  text.secrets = safe_texts(json, "secrets");
  return text;
}

Observation to_observation(const Json& json) {
  if (plain(member(json, "schema")) != observation_schema) throw NotAnObservation();
  Observation seen;
  seen.source = enumerator(sources, json, "source");
  seen.origin = safe_text(json, "origin");
  seen.target = to_target(member(json, "target"));
  if (json.contains("fetched")) {
    for (const Json& one : items(json, "fetched")) {
      seen.fetched.push_back({.url = text_at(one, "url"),
                              .error = safe_text(one, "error"),
                              .certificates = byte_strings(one, "certificates")});
    }
  }
  seen.moment = to_moment(member(json, "moment"));
  for (const Json& made : items(json, "attempts", most_attempts)) {
    seen.attempts.push_back(to_attempt(made));
  }
  seen.pasted = to_pasted(member(json, "pasted"));
  return seen;
}

// Before parsing, so that no depth of nesting costs memory.
bool nests_too_deeply(std::string_view text) {
  int depth = 0;
  bool in_string = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char c = text[at];
    if (in_string) {
      if (c == '\\') ++at;
      if (c == '"') in_string = false;
    } else if (c == '"') {
      in_string = true;
    } else if (c == '{' || c == '[') {
      if (++depth > deepest_nesting) return true;
    } else if (c == '}' || c == ']') {
      --depth;
    }
  }
  return false;
}

}  // namespace

std::optional<Observation> read_observation(std::string_view text) {
  if (text.size() > longest_observation || nests_too_deeply(text)) return std::nullopt;
  const Json json = Json::parse(text, nullptr, false);
  if (json.is_discarded()) return std::nullopt;
  try {
    return to_observation(json);
  } catch (const NotAnObservation&) {
    return std::nullopt;
  }
}

}  // namespace badmx::checker
