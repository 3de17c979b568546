#include "cli/gateway.h"
#include "server/smtp/record_json.h"
#include "x509/printable.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace badmx::cli {
namespace {

using Json = nlohmann::ordered_json;

constexpr std::size_t most_log_lines = 200;
constexpr std::size_t longest_log_line = 2000;

constexpr std::string_view any_policy = "any";

std::string safe(const Json& json) {
  return json.is_string() ? x509::printable(json.get<std::string>(), longest_log_line)
                          : std::string();
}

std::optional<GatewayMode> read_mode(const Json& json) {
  const std::string promised = safe(json.value("policy", Json()));
  GatewayMode mode{.name = safe(json.value("name", Json())),
                   .summary = safe(json.value("summary", Json())),
                   .is_open = promised == any_policy};
  const auto policy =
      mode.is_open ? std::optional(checker::Policy::verify) : checker::policy_from(promised);
  if (!policy || mode.name.empty()) return std::nullopt;
  mode.policy = *policy;
  return mode;
}

Json cell_json(const fixtures::GatewayCell& cell) {
  Json records = Json::array();
  for (const server::ConnectionRecord& record : cell.records) {
    records.push_back(Json::parse(server::record_json(record)));
  }
  return {{"scenario", cell.scenario},
          {"outcome", fixtures::name(cell.outcome)},
          {"in_clear", fixtures::name(cell.clear)},
          {"sender_says", fixtures::name(cell.says.word)},
          {"demanded", checker::name(cell.demanded.outcome)},
          {"message", client::text(cell.demanded.end)},
          {"mark", fixtures::name(cell.mark)},
          {"reason", fixtures::reason(cell)},
          {"log", cell.says.log},
          {"connections", records}};
}

}  // namespace

std::string_view promise(const GatewayMode& mode) {
  return mode.is_open ? any_policy : checker::name(mode.policy);
}

std::optional<AdapterDescription> read_description(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || !json.contains("modes") || !json["modes"].is_array()) {
    return std::nullopt;
  }
  AdapterDescription description{.version = safe(json.value("version", Json())),
                                 .missing = safe(json.value("missing", Json()))};
  for (const Json& each : json["modes"]) {
    auto mode = each.is_object() ? read_mode(each) : std::nullopt;
    if (!mode) return std::nullopt;
    description.modes.push_back(std::move(*mode));
  }
  return description;
}

std::string descriptions_json(const std::vector<AdapterDescription>& adapters) {
  Json all = Json::array();
  for (const AdapterDescription& adapter : adapters) {
    Json modes = Json::array();
    for (const GatewayMode& mode : adapter.modes) {
      modes.push_back({{"name", mode.name}, {"policy", promise(mode)}, {"summary", mode.summary}});
    }
    all.push_back({{"name", adapter.name},
                   {"version", adapter.version},
                   {"missing", adapter.missing},
                   {"modes", modes}});
  }
  return all.dump(2) + "\n";
}

std::string request_json(const GatewayRequest& request) {
  Json endpoints = Json::array();
  for (const GatewayEndpoint& each : request.endpoints) {
    endpoints.push_back({{"scenario", each.scenario},
                         {"host", each.host},
                         {"port", each.port},
                         {"tls", smtp::name(each.tls)},
                         {"name", each.name},
                         {"recipient", each.recipient},
                         {"trust", each.trust},
                         {"keys", each.keys}});
  }
  const Json json = {{"mode", request.mode.name},
                     {"policy", checker::name(request.mode.policy)},
                     {"scratch", request.scratch.string()},
                     {"trust", request.trust.string()},
                     {"sender", request.sender},
                     {"settings", request.settings.empty() ? Json() : Json(request.settings)},
                     {"submit", request.submit.empty() ? Json() : Json(request.submit)},
                     {"deadline", request.deadline},
                     {"endpoints", endpoints}};
  return json.dump() + "\n";
}

std::optional<GatewayAnswer> read_answer(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object()) return std::nullopt;
  GatewayAnswer answer{.done = json.value("done", Json()) == true};
  answer.scenario = safe(json.value("scenario", Json()));
  answer.says.word = fixtures::sender_word_from(safe(json.value("verdict", Json())));
  const Json log = json.value("log", Json::array());
  for (const Json& each : log.is_array() ? log : Json::array()) {
    if (answer.says.log.size() < most_log_lines) answer.says.log.push_back(safe(each));
  }
  answer.waits = json.value("waits", Json()) == true;
  if (answer.scenario.empty() && !answer.done && !answer.waits) return std::nullopt;
  return answer;
}

std::string gateway_json(const std::vector<GatewayResult>& results) {
  Json adapters = Json::array();
  for (const GatewayResult& result : results) {
    Json modes = Json::array();
    for (const ModeResult& mode : result.modes) {
      Json cells = Json::array();
      for (const fixtures::GatewayCell& cell : mode.cells) cells.push_back(cell_json(cell));
      modes.push_back({{"name", mode.mode.name},
                       {"policy", checker::name(mode.mode.policy)},
                       {"summary", mode.mode.summary},
                       {"failure", mode.failure},
                       {"seconds", mode.seconds},
                       {"cells", cells}});
    }
    adapters.push_back({{"name", result.adapter.name},
                        {"version", result.adapter.version},
                        {"missing", result.adapter.missing},
                        {"modes", modes}});
  }
  return Json{{"schema", "badmx-gateway/2"}, {"adapters", adapters}}.dump(2) + "\n";
}

std::optional<std::map<std::string, std::string>> read_outcomes(std::string_view text) {
  const Json json = Json::parse(text, nullptr, false);
  if (!json.is_object() || json.value("schema", "") != "badmx-gateway/2") return std::nullopt;
  std::map<std::string, std::string> outcomes;
  try {
    for (const Json& adapter : json.at("adapters")) {
      for (const Json& mode : adapter.at("modes")) {
        for (const Json& cell : mode.at("cells")) {
          outcomes[fmt::format("{}/{}/{}", safe(adapter.at("name")), safe(mode.at("name")),
                               safe(cell.at("scenario")))] = safe(cell.at("outcome"));
        }
      }
    }
  } catch (const Json::exception&) {
    return std::nullopt;
  }
  return outcomes;
}

}  // namespace badmx::cli
