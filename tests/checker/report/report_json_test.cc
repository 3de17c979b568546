#include "checker/report/report_json.h"

#include "tests/checker/example_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using Json = nlohmann::ordered_json;

TEST(ReportJson, HasEveryPartOfTheSchema) {
  const Json json = Json::parse(report_json(examples::broken_diagnosis()));
  EXPECT_EQ(json.at("schema"), "badmx-diagnosis/2");
  EXPECT_EQ(json.at("grounds"), Json({{"moment", "2026-12-24T00:00:00Z"},
                                      {"names", {"mx.example.test"}},
                                      {"trust", "the system's 144 roots"},
                                      {"intermediates", 0},
                                      {"source", "live"},
                                      {"origin", "mx.example.test:25"},
                                      {"software", ""}}));
  const Json& finding = json.at("findings").at(0);
  EXPECT_EQ(finding.at("code"), "issuer-unknown");
  EXPECT_EQ(finding.at("severity"), "error");
  EXPECT_EQ(finding.at("fix_at"), "server");
  EXPECT_EQ(finding.at("where"), "sent[0]");
  EXPECT_EQ(finding.at("attempt"), 0);
  EXPECT_EQ(finding.at("evidence").at(0),
            Json({{"name", "issuer"}, {"value", "CN=Lab Intermediate"}}));
  EXPECT_EQ(finding.at("because_of"), Json::array());
  for (const char* const text : {"title", "explanation", "remedy", "reference"}) {
    EXPECT_FALSE(finding.at(text).get<std::string>().empty()) << text;
  }
  EXPECT_TRUE(finding.at("tlsrpt").is_string());
  EXPECT_EQ(finding.at("remedy_with_product"), "");
  EXPECT_EQ(json.at("senders").at(0).at("sender"), "Postfix");
  EXPECT_EQ(json.at("senders").at(3).at("decided_by"), "issuer-unknown");
  EXPECT_EQ(json.at("consequences").at(0).at("because_of"), Json({"issuer-unknown"}));
  EXPECT_EQ(json.at("undecided").at(0).at("between"),
            Json({"intermediate-missing", "root-not-trusted"}));
  EXPECT_TRUE(json.at("undecided").at(0).at("decided_by").is_string());
  EXPECT_EQ(json.at("verdicts"),
            Json({{"opportunistic", {{"outcome", "deliver"}, {"decided_by", ""}}},
                  {"encrypt", {{"outcome", "deliver"}, {"decided_by", ""}}},
                  {"verify-ca", {{"outcome", "refuse"}, {"decided_by", "issuer-unknown"}}},
                  {"verify", {{"outcome", "refuse"}, {"decided_by", "issuer-unknown"}}}}));
  EXPECT_EQ(json.at("chain").at(0), Json({{"index", 0},
                                          {"subject", "CN=mx.example.test"},
                                          {"issuer", "CN=Lab Intermediate"},
                                          {"sha256", "00ff"},
                                          {"not_before", "2026-11-24T00:00:00Z"},
                                          {"not_after", "2027-02-22T00:00:00Z"},
                                          {"names", {"mx.example.test", "mail.example.test"}},
                                          {"key", "EC P-256"},
                                          {"signature", "ecdsa-with-SHA256"},
                                          {"on_path", true}}));
  EXPECT_EQ(json.at("path").at(0), Json({{"certificate", "sent[0]"},
                                         {"subject", "CN=mx.example.test"},
                                         {"issuer", "CN=Lab Intermediate"},
                                         {"trusted", false}}));
  EXPECT_EQ(json.at("path_trusted"), false);
  EXPECT_EQ(json.at("openssl").at("asked"), true);
  EXPECT_EQ(json.at("openssl").at("complaints").at(1),
            Json({{"depth", 0}, {"code", 10}, {"text", "certificate has expired"}}));
}

TEST(ReportJson, SaysNullForADateThatIsNotKnown) {
  Diagnosis diagnosis = examples::healthy_diagnosis();
  diagnosis.chain[0].not_after = std::nullopt;
  EXPECT_TRUE(Json::parse(report_json(diagnosis)).at("chain").at(0).at("not_after").is_null());
}

TEST(ReportJson, PutsSeveralTargetsIntoResults) {
  const std::vector<TargetReport> reports = {
      {.target = "a.test", .diagnosis = examples::healthy_diagnosis(), .error = {}},
      {.target = "b.test", .diagnosis = std::nullopt, .error = "Name or service not known"}};
  const Json json = Json::parse(report_json(reports));
  EXPECT_EQ(json.at("schema"), "badmx-report/2");
  ASSERT_EQ(json.at("results").size(), 2U);
  EXPECT_EQ(json.at("results").at(0).at("target"), "a.test");
  EXPECT_EQ(json.at("results").at(0).at("findings"), Json::array());
  EXPECT_EQ(json.at("results").at(1),
            Json({{"target", "b.test"}, {"error", "Name or service not known"}}));
}

TEST(ReportJson, IsValidWhateverAPeerSaid) {
  const std::string text = report_json(examples::hostile_diagnosis());
  EXPECT_TRUE(Json::accept(text));
  for (const char c : text) {
    ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
  }
  EXPECT_EQ(text.find("\xe2\x80\xae"), std::string::npos) << "text may be reordered";
}

}  // namespace
}  // namespace badmx::checker
