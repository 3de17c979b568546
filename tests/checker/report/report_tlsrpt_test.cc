#include "checker/report/report_tlsrpt.h"

#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <set>
#include <string>

namespace badmx::checker {
namespace {

using Json = nlohmann::json;
using testing::criteria_for;
using testing::healthy_pki;
using testing::observation_of;
using testing::TestPki;

Json report(std::vector<x509::Bytes> chain, const Criteria& criteria) {
  Observation observation = observation_of(std::move(chain));
  observation.target.host = "mx.lab.test";
  observation.target.address = "192.0.2.25";
  const Diagnosis diagnosis = diagnose(observation, criteria);
  const TlsrptTarget target{.observation = &observation, .diagnosis = &diagnosis};
  return Json::parse(report_tlsrpt({&target, 1}, "lab.test"));
}

// The keys of RFC 8460 4.4's structure, and the kinds of their values.
void expect_structure(const Json& json) {
  EXPECT_TRUE(json.at("organization-name").is_string());
  EXPECT_TRUE(json.at("date-range").at("start-datetime").is_string());
  EXPECT_TRUE(json.at("date-range").at("end-datetime").is_string());
  EXPECT_TRUE(json.at("contact-info").is_string());
  EXPECT_TRUE(json.at("report-id").is_string());
  const std::set<std::string> types{"tlsa", "sts", "no-policy-found"};
  const std::set<std::string> details{
      "result-type",  "sending-mta-ip",       "receiving-mx-hostname",  "receiving-mx-helo",
      "receiving-ip", "failed-session-count", "additional-information", "failure-reason-code"};
  for (const Json& policy : json.at("policies")) {
    EXPECT_TRUE(types.contains(policy.at("policy").at("policy-type")));
    EXPECT_TRUE(policy.at("policy").at("policy-domain").is_string());
    EXPECT_TRUE(policy.at("summary").at("total-successful-session-count").is_number_unsigned());
    EXPECT_TRUE(policy.at("summary").at("total-failure-session-count").is_number_unsigned());
    for (const Json& detail : policy.at("failure-details")) {
      EXPECT_TRUE(detail.contains("result-type"));
      EXPECT_TRUE(detail.at("failed-session-count").is_number_unsigned());
      for (const auto& entry : detail.items()) EXPECT_TRUE(details.contains(entry.key()));
    }
  }
}

TEST(TlsrptReport, OfAFailureHasTheStructureOfRfc8460) {
  const TestPki pki = healthy_pki();
  Criteria criteria = criteria_for({pki["root"]});
  criteria.moment += std::chrono::days(200);
  const Json json = report({pki["leaf"], pki["intermediate"]}, criteria);
  expect_structure(json);
  const Json& policy = json.at("policies").at(0);
  EXPECT_EQ(policy.at("policy").at("policy-domain"), "lab.test");
  EXPECT_EQ(policy.at("summary").at("total-failure-session-count"), 1);
  EXPECT_EQ(policy.at("failure-details").at(0).at("result-type"), "certificate-expired");
  EXPECT_EQ(policy.at("failure-details").at(0).at("receiving-ip"), "192.0.2.25");
}

TEST(TlsrptReport, OfASoundServerCountsASuccess) {
  const TestPki pki = healthy_pki();
  const Json json = report({pki["leaf"], pki["intermediate"]}, criteria_for({pki["root"]}));
  expect_structure(json);
  EXPECT_EQ(json.at("policies").at(0).at("summary").at("total-successful-session-count"), 1);
  EXPECT_TRUE(json.at("policies").at(0).at("failure-details").empty());
}

}  // namespace
}  // namespace badmx::checker
