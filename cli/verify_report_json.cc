#include "cli/verify_report.h"
#include "fixtures/proof/delivery.h"
#include "x509/printable.h"

#include <nlohmann/json.hpp>

namespace badmx::cli {

std::string verify_json(const fixtures::VerifyResult& result) {
  using Json = nlohmann::ordered_json;
  Json all = Json::array();
  for (const auto& each : result.scenarios) {
    Json findings = Json::array();
    for (const checker::Finding& finding : each.from_the_wire.findings) {
      findings.push_back(finding.code);
    }
    Json differences = Json::array();
    for (const std::string& difference : each.differences) {
      differences.push_back(x509::printable(difference));
    }
    Json one{{"scenario", each.scenario},
             {"outcome", name(each.outcome)},
             {"findings", std::move(findings)},
             {"differences", std::move(differences)}};
    for (const auto& [channel, delivery] : each.deliveries) {
      one["messages"][client::name(channel)] = client::text(delivery.end);
    }
    if (!each.skipped_because.empty()) one["skipped_because"] = each.skipped_because;
    all.push_back(std::move(one));
  }
  return Json{{"schema", "badmx-verify/2"},
              {"passed", result.passed()},
              {"took_ms", result.took.count()},
              {"scenarios", std::move(all)}}
             .dump(2) +
         "\n";
}

}  // namespace badmx::cli
