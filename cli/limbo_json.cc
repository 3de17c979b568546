#include "checker/diagnose/diagnose.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/limbo.h"
#include "cli/options.h"
#include "x509/pem.h"
#include "x509/printable.h"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include <algorithm>
#include <utility>
#include <vector>

namespace badmx::cli {
namespace {

using Json = nlohmann::ordered_json;

std::vector<x509::Bytes> certificates(const Json& pems) {
  std::vector<x509::Bytes> all;
  for (const Json& pem : pems) {
    for (x509::PemBlock& block : x509::read_pem_blocks(pem.get<std::string>())) {
      all.push_back(std::move(block.der));
    }
  }
  return all;
}

checker::Observation observed(const Json& test) {
  checker::Attempt attempt;
  attempt.handshake_done = true;
  attempt.certificate_seen = true;
  attempt.chain = certificates(Json::array({test.at("peer_certificate")}));
  for (x509::Bytes& each : certificates(test.at("untrusted_intermediates"))) {
    attempt.chain.push_back(std::move(each));
  }
  checker::Observation observation;
  observation.source = checker::Source::pem;
  observation.attempts.push_back(std::move(attempt));
  return observation;
}

checker::Profile profile_of(const std::string& id) {
  if (id.starts_with("webpki::")) return checker::Profile::webpki;
  return id.starts_with("rfc5280::") || id.starts_with("crl::") ? checker::Profile::rfc5280
                                                                : checker::Profile::current;
}

checker::Purpose purpose_of(const Json& usages) {
  const auto has = [&usages](std::string_view word) {
    return std::ranges::any_of(usages, [word](const Json& usage) { return usage == word; });
  };
  if (has("serverAuth")) return checker::Purpose::server;
  return has("clientAuth") ? checker::Purpose::client : checker::Purpose::any;
}

checker::Criteria asked(const Json& test) {
  checker::Criteria criteria;
  criteria.trust = certificates(test.at("trusted_certs"));
  criteria.crls = certificates(test.value("crls", Json::array()));
  const Json& time = test.at("validation_time");
  criteria.moment =
      time.is_null() ? now() : read_moment(time.get<std::string>(), "validation_time").value();
  const Json name = test.value("expected_peer_name", Json());
  if (name.is_object() && name.at("kind") != "RFC822") {
    criteria.names = {name.at("value").get<std::string>()};
  }
  criteria.purpose = purpose_of(test.at("extended_key_usage"));
  criteria.profile = profile_of(test.at("id").get<std::string>());
  const Json depth = test.value("max_chain_depth", Json());
  if (depth.is_number_unsigned()) criteria.depth = depth.get<std::size_t>();
  return criteria;
}

Json judged(const Json& test) {
  const checker::Criteria criteria = asked(test);
  const checker::Diagnosis diagnosis = checker::diagnose(observed(test), criteria);
  const auto policy = criteria.names.empty() ? checker::Policy::verify_ca : checker::Policy::verify;
  const bool delivers =
      std::ranges::any_of(diagnosis.verdicts, [policy](const checker::Verdict& verdict) {
        return verdict.policy == policy && verdict.outcome == checker::Outcome::deliver;
      });
  std::string found;
  for (const checker::Finding& finding : diagnosis.findings) {
    found += fmt::format("{}{} at {}", found.empty() ? "" : ", ", finding.code,
                         checker::text(finding.where));
  }
  return {{"id", test.at("id")},
          {"actual_result", delivers ? "SUCCESS" : "FAILURE"},
          {"context", found}};
}

}  // namespace

std::string judge_limbo(std::string_view limbo) {
  try {
    const Json suite = Json::parse(limbo);
    if (suite.at("version") != 1) {
      throw Failure(exit_usage,
                    fmt::format("limbo: version {} of the suite isn't known, allowed is 1",
                                suite.at("version").dump()));
    }
    Json results = Json::array();
    for (const Json& test : suite.at("testcases")) results.push_back(judged(test));
    return Json{{"version", 1}, {"harness", "badmx"}, {"results", results}}.dump(2) + "\n";
  } catch (const Json::exception& error) {
    throw Failure(exit_usage, fmt::format("limbo: standard input is no limbo.json: {}",
                                          x509::printable(error.what(), 300)));
  }
}

}  // namespace badmx::cli
