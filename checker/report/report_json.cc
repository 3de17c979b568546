#include "checker/report/report_json.h"

#include "checker/diagnose/server_software.h"
#include "checker/rules/rules.h"
#include "checker/senders/sender_profiles.h"
#include "x509/certificate.h"
#include "x509/printable.h"

#include <nlohmann/json.hpp>

#include <limits>

namespace badmx::checker {
namespace {

using Json = nlohmann::ordered_json;

// Printable once more: whoever made the value, what goes out is valid UTF-8 and harmless.
std::string harmless(std::string_view text) {
  return x509::printable(text, std::numeric_limits<std::size_t>::max());
}

Json printable_list(const std::vector<std::string>& all) {
  Json json = Json::array();
  for (const std::string& text : all) json.push_back(harmless(text));
  return json;
}

Json rfc3339_or_null(const std::optional<x509::Moment>& value) {
  return value ? Json(x509::rfc3339(*value)) : Json(nullptr);
}

Json findings(const std::vector<Finding>& all, std::string_view product) {
  Json json = Json::array();
  for (const Finding& finding : all) {
    Json evidence = Json::array();
    for (const Evidence& seen : finding.evidence) {
      evidence.push_back({{"name", harmless(seen.name)}, {"value", harmless(seen.value)}});
    }
    const Rule* const rule = find_rule(finding.code);
    const Rule unknown;
    const Rule& row = rule == nullptr ? unknown : *rule;
    json.push_back({{"code", harmless(finding.code)},
                    {"severity", name(finding.severity)},
                    {"fix_at", name(finding.fix_at)},
                    {"where", text(finding.where)},
                    {"attempt", finding.attempt},
                    {"evidence", std::move(evidence)},
                    {"because_of", printable_list(finding.because_of)},
                    {"title", row.title},
                    {"explanation", row.explanation},
                    {"remedy", row.remedy},
                    {"remedy_with_product", product_remedy(product, finding)},
                    {"reference", row.reference},
                    {"tlsrpt", row.tlsrpt}});
  }
  return json;
}

Json chain(const std::vector<ChainMember>& all) {
  Json json = Json::array();
  for (const ChainMember& member : all) {
    json.push_back({{"index", member.index},
                    {"subject", harmless(member.subject)},
                    {"issuer", harmless(member.issuer)},
                    {"sha256", member.sha256},
                    {"not_before", rfc3339_or_null(member.not_before)},
                    {"not_after", rfc3339_or_null(member.not_after)},
                    {"names", printable_list(member.names)},
                    {"key", harmless(member.key)},
                    {"signature", harmless(member.signature)},
                    {"on_path", member.on_path}});
  }
  return json;
}

Json path(const Diagnosis& diagnosis) {
  Json json = Json::array();
  for (const Step& step : diagnosis.path) {
    json.push_back({{"certificate", text(step.certificate)},
                    {"subject", harmless(step.subject)},
                    {"issuer", harmless(step.issuer)},
                    {"trusted", step.trusted}});
  }
  return json;
}

Json openssl(const Diagnosis& diagnosis) {
  Json complaints = Json::array();
  for (const Complaint& complaint : diagnosis.openssl) {
    complaints.push_back(
        {{"depth", complaint.depth}, {"code", complaint.code}, {"text", harmless(complaint.text)}});
  }
  return {{"asked", diagnosis.openssl_skipped.empty()}, {"complaints", std::move(complaints)}};
}

Json verdicts_json(const std::vector<Verdict>& verdicts) {
  Json json = Json::object();
  for (const Verdict& verdict : verdicts) {
    json[std::string(name(verdict.policy))] = {{"outcome", name(verdict.outcome)},
                                               {"decided_by", harmless(verdict.decided_by)}};
  }
  return json;
}

Json bounce(const std::vector<BounceLine>& lines) {
  Json json = Json::array();
  for (const BounceLine& line : lines) {
    json.push_back({{"sender", harmless(line.sender)},
                    {"says", harmless(line.says)},
                    {"codes", printable_list(line.codes)},
                    {"explained_by", printable_list(line.explained_by)}});
  }
  return json;
}

Json messages(const std::vector<MessageEnd>& ends) {
  Json json = Json::array();
  for (const MessageEnd& message : ends) {
    json.push_back({{"channel", message.channel},
                    {"accepted", message.accepted},
                    {"end", harmless(message.end)}});
  }
  return json;
}

Json senders(const Diagnosis& diagnosis) {
  Json json = Json::array();
  for (const SenderVerdict& verdict : sender_verdicts(diagnosis)) {
    json.push_back({{"sender", verdict.profile->sender},
                    {"setting", verdict.profile->setting},
                    {"outcome", name(verdict.outcome)},
                    {"decided_by", harmless(verdict.decided_by)},
                    {"says", verdict.says}});
  }
  return json;
}

// Appends the diagnosis' members to `json`.
void add_diagnosis(const Diagnosis& diagnosis, Json& json) {
  const Grounds& by = diagnosis.grounds;
  json["answer"] = harmless(answer(diagnosis));
  json["grounds"] = {{"moment", x509::rfc3339(by.moment)}, {"names", printable_list(by.names)},
                     {"trust", harmless(by.trust)},        {"intermediates", by.intermediates},
                     {"source", harmless(by.source)},      {"origin", harmless(by.origin)},
                     {"software", harmless(by.software)}};
  json["findings"] = findings(diagnosis.findings, by.software);
  json["consequences"] = findings(diagnosis.consequences, by.software);
  Json open = Json::array();
  for (const Undecided& one : diagnosis.undecided) {
    open.push_back(
        {{"between", printable_list(one.between)}, {"decided_by", harmless(one.decided_by)}});
  }
  json["undecided"] = std::move(open);
  json["verdicts"] = verdicts_json(diagnosis.verdicts);
  if (!diagnosis.stores.empty()) {
    Json stores = Json::object();
    for (const StoreVerdicts& store : diagnosis.stores) {
      stores[harmless(store.store)] = verdicts_json(store.verdicts);
    }
    json["stores"] = std::move(stores);
  }
  json["senders"] = senders(diagnosis);
  if (!diagnosis.bounce.empty()) json["bounce"] = bounce(diagnosis.bounce);
  if (!diagnosis.messages.empty()) json["messages"] = messages(diagnosis.messages);
  json["chain"] = chain(diagnosis.chain);
  json["path"] = path(diagnosis);
  json["path_trusted"] = diagnosis.path_trusted;
  json["openssl"] = openssl(diagnosis);
}

Json target_json(const TargetReport& report) {
  Json json = {{"target", harmless(report.target)}};
  if (report.diagnosis) {
    add_diagnosis(*report.diagnosis, json);
  } else {
    json["error"] = harmless(report.error);
  }
  return json;
}

std::string dumped(const Json& json) { return json.dump(2) + "\n"; }

}  // namespace

std::string report_json(const Diagnosis& diagnosis) {
  Json json = {{"schema", diagnosis_schema}};
  add_diagnosis(diagnosis, json);
  return dumped(json);
}

std::string report_json(std::span<const TargetReport> reports) {
  Json results = Json::array();
  for (const TargetReport& report : reports) results.push_back(target_json(report));
  return dumped({{"schema", report_schema}, {"results", std::move(results)}});
}

std::string report_json_line(const TargetReport& report) {
  return target_json(report).dump() + "\n";
}

std::optional<std::string> target_of_line(std::string_view line) {
  const Json json = Json::parse(line, nullptr, false);
  if (!json.is_object() || !json.contains("target") || !json["target"].is_string()) {
    return std::nullopt;
  }
  return json["target"].get<std::string>();
}

}  // namespace badmx::checker
