#include "checker/observation_json.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <string>

namespace badmx::checker {
namespace {

using Json = nlohmann::ordered_json;

// Every member with a value that isn't its default.
Observation everything() {
  Observation seen;
  seen.source = Source::transcript;
  seen.origin = "paste.txt";
  seen.target.host = "mx.example.test";
  seen.target.address = "192.0.2.1";
  seen.target.port = 2525;
  seen.target.tls = smtp::TlsMode::implicit;
  seen.target.sni = "sni.example.test";
  seen.target.ehlo = "me.example.test";
  seen.moment = x509::Moment{std::chrono::seconds{1795563554}};

  Attempt attempt;
  attempt.probe = Probe::permissive;
  attempt.sni = "sni.example.test";
  attempt.reached = smtp::Point::handshake;
  attempt.layer = net::Layer::tls;
  attempt.stop = Stop::alert;
  attempt.error = "Connection refused";
  attempt.tls_errors.push_back({.code = 0x0A00010B, .reason = "wrong version", .detail = "more"});
  attempt.plaintext_bytes = 300;
  attempt.plaintext = std::string("421 \x1b[31m\xff\0 end", 15);
  attempt.transcript.push_back({.speaker = net::Speaker::client,
                                .layer = net::Layer::clear,
                                .text = "EHLO \x80",
                                .at = std::chrono::microseconds{123}});
  attempt.greeting = {.code = 220, .lines = {"mx", "second"}};
  attempt.ehlo = {.code = 250, .lines = {"STARTTLS"}};
  attempt.starttls = {.code = 454, .lines = {"4.7.0 no"}};
  attempt.ehlo_tls = {.code = 250, .lines = {"SIZE"}};
  attempt.plaintext_after_starttls = "250 injected\r\n";
  attempt.handshake_done = true;
  attempt.tls = {.version = "TLSv1.3",
                 .cipher = "TLS_AES_256_GCM_SHA384",
                 .group = "X25519",
                 .signature_algorithm = "ed25519",
                 .alpn = "smtp",
                 .resumed = true};
  attempt.alerts.push_back({.direction = tls::Direction::sent, .level = 1, .number = 112});
  attempt.certificate_seen = true;
  attempt.chain = {{0x30, 0x00}, {0xff, 0x00, 0x01}};
  attempt.client_certificate_requested = true;
  attempt.client_certificate_required = true;
  attempt.requested_ca_names = {{0x30, 0x01, 0x00}};
  attempt.staple = {0x01};
  attempt.connected = std::chrono::microseconds{1};
  attempt.handshake_took = std::chrono::microseconds{2};
  attempt.took = std::chrono::microseconds{3};
  seen.attempts = {attempt, Attempt{}};

  seen.pasted.start_time = seen.moment;
  seen.pasted.host = "mx.example.test";
  seen.pasted.name = "name.example.test";
  seen.pasted.certificates.push_back({.position = 1,
                                      .subject = "CN=a",
                                      .issuer = "CN=b",
                                      .not_before = seen.moment,
                                      .not_after = std::nullopt,
                                      .key = "EC",
                                      .signature = "RSA-SHA256"});
  seen.pasted.errors.push_back({.depth = 1, .code = 20, .text = "unable"});
  seen.pasted.verify_return_code = 21;
  seen.pasted.no_peer_certificate = true;
  seen.pasted.staple = PrintedStaple{.sent = true,
                                     .response = "successful (0x0)",
                                     .status = "revoked",
                                     .revoked_at = x509::Moment{std::chrono::seconds{1}},
                                     .this_update = x509::Moment{std::chrono::seconds{2}},
                                     .next_update = x509::Moment{std::chrono::seconds{3}}};
  seen.pasted.starttls_not_found = true;
  seen.pasted.octets_read = 88;
  seen.pasted.gaps = {"certificate 1 is cut"};
  seen.pasted.secrets = {"TLS master key"};
  return seen;
}

TEST(ObservationJson, ComesBackAsItWas) {
  EXPECT_EQ(read_observation(observation_json(everything())), everything());
  EXPECT_EQ(read_observation(observation_json(Observation{})), Observation{});
}

TEST(ObservationJson, ShowsAPeersWordsEscapedWithTheOctetsBeside) {
  const std::string text = observation_json(everything());
  EXPECT_EQ(text.find('\x1b'), std::string::npos);
  EXPECT_EQ(text.find('\xff'), std::string::npos);
  const Json json = Json::parse(text);
  const Json& attempt = json.at("attempts").at(0);
  EXPECT_EQ(attempt.at("plaintext").at("text"), "421 \\x1b[31m\\xff\\x00 end");
  EXPECT_EQ(attempt.at("plaintext").at("base64"), "NDIxIBtbMzFt/wAgZW5k");
  EXPECT_EQ(attempt.at("greeting").at("lines").at(0), "mx");
  EXPECT_EQ(attempt.at("chain").at(1), "/wAB");
  EXPECT_EQ(json.at("schema"), "badmx-observation/2");
}

TEST(ObservationJson, RefusesEachMemberThatIsMissing) {
  const Json whole = Json::parse(observation_json(everything()));
  std::size_t removed = 0;
  const auto refuses_without = [&](const Json::json_pointer& object) {
    for (const auto& member : whole.at(object).items()) {
      // Added later: what was saved before has them not, and is still read.
      if (member.key() == "fetched" || member.key() == "obeyed_from_before_tls" ||
          member.key() == "printed_staple" || member.key() == "octets_read") {
        continue;
      }
      Json less = whole;
      less.at(object).erase(member.key());
      EXPECT_FALSE(read_observation(less.dump())) << object.to_string() << "/" << member.key();
      ++removed;
    }
  };
  for (const char* const object :
       {"", "/target", "/attempts/0", "/attempts/0/tls", "/attempts/0/alerts/0",
        "/attempts/0/tls_errors/0", "/attempts/0/transcript/0", "/attempts/0/greeting", "/pasted",
        "/pasted/certificates/0", "/pasted/errors/0"}) {
    refuses_without(Json::json_pointer(object));
  }
  EXPECT_GT(removed, 75U);  // so many members there are
}

TEST(ObservationJson, RefusesValuesOfTheWrongTypeOrRange) {
  struct Case {
    const char* pointer;
    Json value;
  };
  const Case cases[] = {
      {"/schema", "badmx-observation/3"},
      {"/source", "guess"},
      {"/moment", "now"},
      {"/moment", 253402300800},
      {"/moment", 1.5},
      {"/target/port", 65536},
      {"/target/port", -1},
      {"/target/tls", "maybe"},
      {"/attempts", Json::object()},
      {"/attempts/0/stop", "tired"},
      {"/attempts/0/reached", 3},
      {"/attempts/0/handshake_done", "yes"},
      {"/attempts/0/chain/0", "not base64!"},
      {"/attempts/0/chain/0", 7},
      {"/attempts/0/plaintext", {{"text", "only shown"}}},
      {"/attempts/0/alerts/0/number", 99999999999},
      {"/pasted/gaps", "one"},
      {"/pasted/verify_return_code", "0"},
  };
  for (const Case& one : cases) {
    Json json = Json::parse(observation_json(everything()));
    json.at(Json::json_pointer(one.pointer)) = one.value;
    EXPECT_FALSE(read_observation(json.dump())) << one.pointer << " = " << one.value;
  }
}

TEST(ObservationJson, RefusesWhatIsNoJsonOrNestsTooDeeply) {
  EXPECT_FALSE(read_observation(""));
  EXPECT_FALSE(read_observation("{"));
  EXPECT_FALSE(read_observation("[]"));
  EXPECT_FALSE(read_observation("null"));
  EXPECT_FALSE(read_observation(observation_json(Observation{}) + "x"));
  EXPECT_FALSE(read_observation(std::string(1000000, '[')));
  EXPECT_FALSE(read_observation(std::string("{\"schema\": \"\0\"}", 15)));
}

TEST(ObservationJson, RefusesMoreAttemptsThanAnyoneMakes) {
  Observation seen;
  seen.attempts.resize(101);
  EXPECT_FALSE(read_observation(observation_json(seen)));
}

TEST(ObservationJson, EscapesWhatIsShownUnescapedLater) {
  Json json = Json::parse(observation_json(everything()));
  json["attempts"][0]["error"] = "\x1b[31mred";
  json["pasted"]["gaps"][0] = "\x1b[31mred";
  const auto seen = read_observation(json.dump());
  ASSERT_TRUE(seen);
  EXPECT_EQ(seen->attempts[0].error, "\\x1b[31mred");
  EXPECT_EQ(seen->pasted.gaps[0], "\\x1b[31mred");
}

}  // namespace
}  // namespace badmx::checker
