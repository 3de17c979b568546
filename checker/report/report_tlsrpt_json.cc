#include "checker/report/report_tlsrpt.h"
#include "checker/rules/rules.h"
#include "x509/printable.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>

namespace badmx::checker {
namespace {

using Json = nlohmann::ordered_json;

bool verifying_senders_refuse(const Diagnosis& diagnosis) {
  return std::ranges::any_of(diagnosis.verdicts, [](const Verdict& verdict) {
    return verdict.policy == Policy::verify && verdict.outcome != Outcome::deliver;
  });
}

std::string greeting_host(const Observation& observation) {
  if (observation.attempts.empty()) return "";
  const ReplySeen& ehlo = observation.attempts.front().ehlo;
  const std::string line = ehlo.lines.empty() ? std::string() : ehlo.lines.front();
  return x509::printable(line.substr(0, line.find(' ')), 255);
}

// As it was dialled; of a file the name that it was judged by.
std::string host_of(const TlsrptTarget& target) {
  const std::string& dialled = target.observation->target.host;
  const auto& names = target.diagnosis->grounds.names;
  return x509::printable(dialled.empty() && !names.empty() ? names.front() : dialled, 255);
}

// What isn't known is left out: all but the type and the count are optional (RFC 8460 4.4).
Json failures(const TlsrptTarget& target) {
  Json details = Json::array();
  for (const Finding& finding : target.diagnosis->findings) {
    const Rule* rule = find_rule(finding.code);
    if (rule == nullptr || rule->tlsrpt.empty() || finding.severity != Severity::error) continue;
    Json detail = {{"result-type", rule->tlsrpt}};
    const auto say = [&detail](const char* key, const std::string& value) {
      if (!value.empty()) detail[key] = value;
    };
    say("receiving-mx-hostname", host_of(target));
    say("receiving-mx-helo", greeting_host(*target.observation));
    say("receiving-ip", x509::printable(target.observation->target.address, 64));
    detail["failed-session-count"] = 1;
    say("additional-information", std::string(rule->title));
    say("failure-reason-code", finding.code);
    details.push_back(std::move(detail));
  }
  return details;
}

}  // namespace

std::string report_tlsrpt(std::span<const TlsrptTarget> targets, const std::string& domain) {
  Json policies = Json::array();
  x509::Moment first = x509::Moment::max();
  x509::Moment last = x509::Moment::min();
  for (const TlsrptTarget& target : targets) {
    const bool failed = verifying_senders_refuse(*target.diagnosis);
    const std::string host = host_of(target);
    first = std::min(first, target.diagnosis->grounds.moment);
    last = std::max(last, target.diagnosis->grounds.moment);
    policies.push_back({{"policy",
                         {{"policy-type", "no-policy-found"},
                          {"policy-domain", domain.empty() ? host : domain},
                          {"mx-host", Json::array({host})}}},
                        {"summary",
                         {{"total-successful-session-count", failed ? 0 : 1},
                          {"total-failure-session-count", failed ? 1 : 0}}},
                        {"failure-details", failed ? failures(target) : Json::array()}});
  }
  const Json report = {
      {"organization-name", "badmx"},
      {"date-range",
       {{"start-datetime", x509::rfc3339(first)}, {"end-datetime", x509::rfc3339(last)}}},
      {"contact-info", "postmaster@badmx.invalid"},
      {"report-id", fmt::format("{}_badmx", x509::rfc3339(first))},
      {"policies", policies}};
  return report.dump(2) + "\n";
}

}  // namespace badmx::checker
