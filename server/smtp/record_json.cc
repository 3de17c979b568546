#include "server/smtp/record_json.h"

#include "x509/printable.h"

#include <fmt/chrono.h>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <chrono>

namespace badmx::server {
namespace {

using Json = nlohmann::ordered_json;

std::string rfc3339_milliseconds(std::chrono::system_clock::time_point moment) {
  const auto milliseconds =
      std::chrono::floor<std::chrono::milliseconds>(moment.time_since_epoch());
  const auto seconds = std::chrono::floor<std::chrono::seconds>(milliseconds);
  const std::time_t whole = seconds.count();
  return fmt::format("{:%Y-%m-%dT%H:%M:%S}.{:03}Z", fmt::gmtime(whole),
                     (milliseconds - seconds).count());
}

template <typename Number, typename Name>
Json names(const std::vector<Number>& numbers, Name name) {
  Json all = Json::array();
  for (const Number number : numbers) all.push_back(name(number));
  return all;
}

Json hello_json(const tls::ClientHello& hello) {
  Json json;
  json["versions"] = names(hello.versions, tls::version_name);
  json["ciphers"] =
      names(hello.ciphers, [](std::uint16_t cipher) { return fmt::format("0x{:04x}", cipher); });
  json["groups"] = names(hello.groups, tls::group_name);
  json["signature_algorithms"] = names(hello.signature_algorithms, tls::signature_algorithm_name);
  json["sni"] = hello.sni ? Json(x509::printable(*hello.sni)) : Json(nullptr);
  json["alpn"] = Json::array();
  for (const std::string& protocol : hello.alpn) json["alpn"].push_back(x509::printable(protocol));
  json["status_request"] = hello.status_request;
  return json;
}

Json tls_json(const ConnectionRecord& record) {
  Json json;
  json["version"] = record.tls_version;
  json["cipher"] = record.cipher;
  json["group"] = record.group;
  json["alpn"] = x509::printable(record.alpn);
  json["resumed"] = record.resumed;
  json["client_certificates"] = record.client_certificates;
  return json;
}

Json alerts_json(const std::vector<tls::AlertSeen>& alerts) {
  Json all = Json::array();
  for (const tls::AlertSeen& alert : alerts) {
    Json json;
    json["direction"] = alert.direction == tls::Direction::sent ? "sent" : "received";
    json["level"] = alert.level;
    json["number"] = alert.number;
    json["name"] = tls::alert_name(alert.number);
    all.push_back(std::move(json));
  }
  return all;
}

Json commands_json(const std::vector<CommandRecord>& commands) {
  Json all = Json::array();
  for (const CommandRecord& command : commands) {
    Json json;
    json["line"] = x509::printable(command.line);
    json["layer"] = net::name(command.layer);
    json["answer"] = x509::printable(command.answer);
    json["at_us"] = command.at.count();
    all.push_back(std::move(json));
  }
  return all;
}

}  // namespace

std::string record_json(const ConnectionRecord& record) {
  Json json;
  json["number"] = record.number;
  json["scenario"] = x509::printable(record.scenario);
  json["peer"] = record.peer;
  json["conversation"] = record.conversation + 1;
  json["met"] = record.met;
  json["started"] = rfc3339_milliseconds(record.started);
  json["lasted_us"] = record.lasted.count();
  json["client_hello"] = record.client_hello ? hello_json(*record.client_hello) : Json(nullptr);
  json["tls"] = record.handshake_done ? tls_json(record) : Json(nullptr);
  json["certificates_sent"] = record.certificates_sent;
  json["alerts"] = alerts_json(record.alerts);
  json["commands"] = commands_json(record.commands);
  json["commands_unrecorded"] = record.commands_unrecorded;
  json["discarded_in_clear"] = record.discarded_in_clear;
  json["delivered"] = name(record.delivered);
  json["messages"] = record.messages;
  json["auth"] = name(record.auth);
  json["reached"] = smtp::name(record.reached);
  json["end"] = name(record.end);
  json["error"] = x509::printable(record.error);
  return json.dump();
}

}  // namespace badmx::server
