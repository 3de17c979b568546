#include "cli/list_json.h"

#include "certgen/defects.h"
#include "checker/rules/rules.h"
#include "checker/sender_policy.h"
#include "checker/senders/senders.h"
#include "server/smtp/actions.h"

#include <nlohmann/json.hpp>

namespace badmx::cli {
namespace {

using Json = nlohmann::ordered_json;

Json row_json(const checker::Rule& rule) {
  Json effects = Json::object();
  for (const checker::Policy policy : checker::all_policies) {
    effects[std::string(checker::name(policy))] = checker::name(rule.effects[policy]);
  }
  return {{"code", rule.code},
          {"layer", checker::name(rule.layer)},
          {"severity", checker::name(checker::severity(rule))},
          {"fix_at", checker::name(rule.fix_at)},
          {"effects", std::move(effects)},
          {"title", rule.title},
          {"explanation", rule.explanation},
          {"remedy", rule.remedy},
          {"reference", rule.reference},
          {"tlsrpt", rule.tlsrpt}};
}

Json row_json(const certgen::Defect& defect) {
  return {{"name", defect.name},
          {"argument", defect.argument},
          {"summary", defect.summary},
          {"reference", defect.reference}};
}

Json row_json(const server::ActionInfo& action) {
  return {{"name", action.name},
          {"argument", action.argument},
          {"summary", action.summary},
          {"reference", action.reference}};
}

Json row_json(checker::Policy policy) {
  return {{"name", checker::name(policy)}, {"summary", checker::summary(policy)}};
}

Json row_json(const checker::SenderLine& line) {
  return {{"sender", line.sender},   {"versions", line.versions}, {"pattern", line.pattern},
          {"meaning", line.meaning}, {"codes", line.codes},       {"policies", line.policies},
          {"tlsrpt", line.tlsrpt}};
}

template <typename Rows>
std::string array_of(const Rows& rows) {
  Json all = Json::array();
  for (const auto& each : rows) all.push_back(row_json(each));
  return all.dump(2) + "\n";
}

}  // namespace

std::string table_json(std::string_view table) {
  if (table == "findings") return array_of(checker::rules());
  if (table == "defects") return array_of(certgen::defects());
  if (table == "actions") return array_of(server::actions());
  if (table == "policies") return array_of(checker::all_policies);
  return array_of(checker::sender_lines());
}

}  // namespace badmx::cli
