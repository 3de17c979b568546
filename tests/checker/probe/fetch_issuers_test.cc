#include "checker/probe/fetch_issuers.h"

#include "checker/diagnose/mended_chain.h"
#include "tests/checker/file_server.h"
#include "tests/checker/test_diagnosis.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using testing::ca;
using testing::CertificateRecipe;
using testing::criteria_for;
using ::testing::ElementsAre;
using ::testing::HasSubstr;
using testing::healthy_pki;
using ::testing::IsEmpty;
using testing::observation_of;
using testing::outcomes;
using testing::short_text;
using testing::TestPki;

std::string text_of(const x509::Bytes& bytes) { return std::string(x509::as_text(bytes)); }

// A leaf whose issuer isn't sent and should be at the URL.
TestPki pki_with(const std::string& url) {
  TestPki pki = healthy_pki();
  CertificateRecipe leaf;
  leaf.info_access = "caIssuers;URI:" + url;
  pki.issue("leaf", leaf, "intermediate");
  return pki;
}

struct Fetching {
  Observation observation;
  Criteria criteria;
  Diagnosis diagnosis;
};

Fetching fetched(Observation observation, Criteria criteria, const HttpLimits& limits = {}) {
  fetch_issuers(observation, criteria, limits);
  Diagnosis diagnosis = diagnose(observation, criteria);
  return {std::move(observation), std::move(criteria), std::move(diagnosis)};
}

TEST(FetchIssuers, WhatSignsAndReachesTrustIsAMissingIntermediate) {
  FileServer files;
  const TestPki pki = pki_with(files.url("/intermediate.der"));
  files.put("/intermediate.der", text_of(pki["intermediate"]));
  const Fetching result = fetched(observation_of({pki["leaf"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(short_text(result.diagnosis.findings), ElementsAre("intermediate-missing: sent[0]"));
  EXPECT_THAT(result.diagnosis.undecided, IsEmpty());
  EXPECT_EQ(outcomes(result.diagnosis), "ddrr");
  const auto mended = mended_chain(result.observation, result.criteria);
  ASSERT_TRUE(mended);
  EXPECT_THAT(*mended, ElementsAre(pki["leaf"], pki["intermediate"]));
}

TEST(FetchIssuers, TakesPemToo) {
  FileServer files;
  const TestPki pki = pki_with(files.url("/ca.pem"));
  files.put("/ca.pem", x509::pem("CERTIFICATE", pki["intermediate"]));
  EXPECT_THAT(
      short_text(
          fetched(observation_of({pki["leaf"]}), criteria_for({pki["root"]})).diagnosis.findings),
      ElementsAre("intermediate-missing: sent[0]"));
}

TEST(FetchIssuers, WhatEndsInAPrivateRootIsAnUntrustedRoot) {
  FileServer files;
  TestPki pki;
  CertificateRecipe above = ca("Private CA", "intermediate");
  above.info_access = "caIssuers;URI:" + files.url("/root.der");
  CertificateRecipe leaf;
  leaf.info_access = "caIssuers;URI:" + files.url("/intermediate.der");
  pki.issue("root", ca("Private Root", "root"), "root");
  pki.issue("intermediate", above, "root");
  pki.issue("leaf", leaf, "intermediate");
  files.put("/intermediate.der", text_of(pki["intermediate"]));
  files.put("/root.der", text_of(pki["root"]));
  const Fetching result =
      fetched(observation_of({pki["leaf"]}), criteria_for({healthy_pki()["root"]}));
  EXPECT_THAT(short_text(result.diagnosis.findings), ElementsAre("root-not-trusted: given[1]"));
  EXPECT_FALSE(mended_chain(result.observation, result.criteria));
}

TEST(FetchIssuers, WhatDoesNotSignLeavesTheIssuerUnknownAndIsNoted) {
  FileServer files;
  const TestPki pki = pki_with(files.url("/other.der"));
  files.put("/other.der", text_of(pki["root"]));
  const Diagnosis diagnosis =
      fetched(observation_of({pki["leaf"]}), criteria_for({pki["root"]})).diagnosis;
  EXPECT_THAT(short_text(diagnosis.findings),
              ElementsAre("issuer-unknown: sent[0]", "issuer-url-broken: sent[0]"));
  EXPECT_THAT(diagnosis.findings[1].evidence[1].value, HasSubstr("Lab Root"));
}

struct BadAnswer {
  std::string what;
  std::string whole;  // empty: none in time
  std::string error;
};

TEST(FetchIssuers, BadAnswersAreWordsAndNoMore) {
  const std::string head = "HTTP/1.1 200 OK\r\n\r\n";
  const std::vector<BadAnswer> answers{
      {"a missing file", "HTTP/1.1 404 Not Found\r\n\r\n", "it answers 404"},
      {"a redirection", "HTTP/1.1 301 Moved\r\nLocation: http://127.0.0.1/\r\n\r\n",
       "it answers 301"},
      {"another protocol", "220 mx.example.test ESMTP\r\n", "it speaks no HTTP"},
      {"silence", "", "it didn't answer in time"},
      {"too much", head + std::string(70000, 'x'), "its answer is too long"},
      {"a page", head + "<html>Welcome</html>", "no certificate is in the answer"},
      {"nothing", head, "no certificate is in the answer"},
      {"a cut head", "HTTP/1.1 200 OK\r\nContent-", "it closed the connection"},
  };
  for (const BadAnswer& bad : answers) {
    FileServer files;
    const TestPki pki = pki_with(files.url("/x"));
    files.answer("/x", bad.whole);
    HttpLimits limits;
    limits.total = std::chrono::milliseconds(bad.whole.empty() ? 100 : 10000);
    const Fetching result =
        fetched(observation_of({pki["leaf"]}), criteria_for({pki["root"]}), limits);
    ASSERT_EQ(result.observation.fetched.size(), 1U) << bad.what;
    EXPECT_EQ(result.observation.fetched[0].error, bad.error) << bad.what;
    EXPECT_THAT(short_text(result.diagnosis.findings),
                ElementsAre("issuer-unknown: sent[0]", "issuer-url-broken: sent[0]"))
        << bad.what;
  }
}

TEST(FetchIssuers, AsksNobodyWhereThePathIsWhole) {
  FileServer files;
  const TestPki pki = pki_with(files.url("/intermediate.der"));
  const Fetching result =
      fetched(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_THAT(result.observation.fetched, IsEmpty());
  EXPECT_THAT(result.diagnosis.findings, IsEmpty());
}

TEST(FetchIssuers, AsksNoOtherScheme) {
  const TestPki pki = pki_with("ldap://127.0.0.1/cn=ca?cACertificate");
  const Fetching result = fetched(observation_of({pki["leaf"]}), criteria_for({pki["root"]}));
  ASSERT_EQ(result.observation.fetched.size(), 1U);
  EXPECT_EQ(result.observation.fetched[0].error, "only http: URLs are asked");
}

TEST(HttpUrl, IsReadOrRefused) {
  EXPECT_EQ(read_http_url("http://ca.example/a.cer"),
            (HttpUrl{.host = "ca.example", .port = 80, .path = "/a.cer"}));
  EXPECT_EQ(read_http_url("HTTP://ca.example:8080?x=1#part"),
            (HttpUrl{.host = "ca.example", .port = 8080, .path = "/?x=1"}));
  EXPECT_EQ(read_http_url("http://[::1]:81/"), (HttpUrl{.host = "::1", .port = 81, .path = "/"}));
  for (const char* refused :
       {"", "https://ca.example/", "http://", "http://ca.example:0/", "http://ca.example:99999/",
        "http://user@ca.example/", "http://ca.example/a b", "http://ca.example/\r\nX: y",
        "http://[::1/", "ftp://ca.example/"}) {
    EXPECT_FALSE(read_http_url(refused)) << refused;
  }
}

}  // namespace
}  // namespace badmx::checker
