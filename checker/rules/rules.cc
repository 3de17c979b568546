#include "checker/rules/rules.h"

#include "checker/rules/tables.h"

#include <algorithm>
#include <array>
#include <unordered_map>

namespace badmx::checker {
namespace {

std::vector<Rule> all_rules() {
  std::vector<Rule> all;
  for (const auto table :
       {input_rules(), connect_rules(), smtp_rules(), handshake_rules(), connection_rules(),
        certificate_rules(), compliance_rules(), leaf_compliance_rules(), revocation_rules(),
        staple_rules(), chain_rules(), issuer_rules(), fetched_rules(), order_rules(), name_rules(),
        policy_rules()}) {
    all.insert(all.end(), table.begin(), table.end());
  }
  return all;
}

}  // namespace

std::string_view name(FindingLayer layer) {
  switch (layer) {
    case FindingLayer::input:
      return "input";
    case FindingLayer::connect:
      return "connect";
    case FindingLayer::smtp:
      return "smtp";
    case FindingLayer::handshake:
      return "handshake";
    case FindingLayer::session:
      return "session";
    case FindingLayer::certificate:
      return "certificate";
    case FindingLayer::chain:
      return "chain";
    case FindingLayer::name:
      return "name";
    case FindingLayer::policy:
      return "policy";
  }
  return "";
}

Outcome outcome(const Rule& rule, Policy policy, Profile profile) {
  const bool broken = (profile == Profile::rfc5280 &&
                       (rule.breaks == Breaks::rfc5280 || rule.breaks == Breaks::both)) ||
                      (profile == Profile::webpki &&
                       (rule.breaks == Breaks::webpki || rule.breaks == Breaks::both));
  const bool verifies = policy == Policy::verify_ca || policy == Policy::verify;
  return broken && verifies ? Outcome::refuse : rule.effects[policy];
}

Severity severity(const Rule& rule, Profile profile) {
  for (const Policy policy : all_policies) {
    const Outcome made = outcome(rule, policy, profile);
    if (made == Outcome::refuse || made == Outcome::deliver_cleartext) return Severity::error;
  }
  return rule.outlook == Outlook::matters ? Severity::warning : Severity::note;
}

std::span<const Rule> rules() {
  static const std::vector<Rule> all = all_rules();
  return all;
}

const Rule* find_rule(std::string_view code) {
  static const std::unordered_map<std::string_view, const Rule*> by_code = [] {
    std::unordered_map<std::string_view, const Rule*> map;
    for (const Rule& rule : rules()) map.emplace(rule.code, &rule);
    return map;
  }();
  const auto it = by_code.find(code);
  return it == by_code.end() ? nullptr : it->second;
}

}  // namespace badmx::checker
