#include "server/smtp/record_json.h"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include <chrono>
#include <string>

namespace badmx::server {
namespace {

using Json = nlohmann::json;

ConnectionRecord full_record() {
  ConnectionRecord record;
  record.number = 7;
  record.scenario = "expired-leaf";
  record.peer = "127.0.0.1:40312";
  record.conversation = 1;
  record.met = {"identity", "on-tls.rcpt"};
  record.started = std::chrono::sys_days(std::chrono::year(2026) / 11 / 24) +
                   std::chrono::hours(23) + std::chrono::milliseconds(45);
  record.lasted = std::chrono::microseconds(1234);
  tls::ClientHello hello;
  hello.versions = {0x0304, 0x0303};
  hello.ciphers = {0x1301};
  hello.groups = {29};
  hello.sni = "mx.example.test";
  record.client_hello = hello;
  record.handshake_done = true;
  record.tls_version = "TLSv1.3";
  record.cipher = "TLS_AES_256_GCM_SHA384";
  record.group = "X25519";
  record.certificates_sent = {"aa", "bb"};
  tls::AlertSeen alert;
  alert.direction = tls::Direction::received;
  alert.level = 2;
  alert.number = 48;
  record.alerts = {alert};
  CommandRecord command;
  command.line = "EHLO me";
  command.layer = net::Layer::tls;
  command.answer = "250-mx";
  command.at = std::chrono::microseconds(99);
  record.commands = {command};
  record.delivered = Delivered::under_tls;
  record.messages = 1;
  record.auth = Auth::in_clear;
  record.reached = smtp::Point::message;
  record.end = End::client_reset;
  return record;
}

TEST(RecordJson, HasEveryFieldUnderItsDocumentedName) {
  const std::string line = record_json(full_record());
  EXPECT_EQ(line.find('\n'), std::string::npos);
  const Json json = Json::parse(line);
  EXPECT_EQ(json.at("number"), 7);
  EXPECT_EQ(json.at("scenario"), "expired-leaf");
  EXPECT_EQ(json.at("peer"), "127.0.0.1:40312");
  EXPECT_EQ(json.at("conversation"), 2);
  EXPECT_EQ(json.at("met"), (Json{"identity", "on-tls.rcpt"}));
  EXPECT_EQ(json.at("started"), "2026-11-24T23:00:00.045Z");
  EXPECT_EQ(json.at("lasted_us"), 1234);
  EXPECT_EQ(json.at("client_hello").at("versions"), Json({"TLSv1.3", "TLSv1.2"}));
  EXPECT_EQ(json.at("client_hello").at("ciphers"), Json::array({"0x1301"}));
  EXPECT_EQ(json.at("client_hello").at("groups"), Json::array({"X25519"}));
  EXPECT_EQ(json.at("client_hello").at("sni"), "mx.example.test");
  EXPECT_EQ(json.at("client_hello").at("status_request"), false);
  EXPECT_EQ(json.at("tls").at("version"), "TLSv1.3");
  EXPECT_EQ(json.at("tls").at("cipher"), "TLS_AES_256_GCM_SHA384");
  EXPECT_EQ(json.at("tls").at("group"), "X25519");
  EXPECT_EQ(json.at("tls").at("resumed"), false);
  EXPECT_EQ(json.at("certificates_sent"), Json({"aa", "bb"}));
  EXPECT_EQ(json.at("alerts").at(0).at("direction"), "received");
  EXPECT_EQ(json.at("alerts").at(0).at("number"), 48);
  EXPECT_EQ(json.at("alerts").at(0).at("name"), "unknown_ca");
  EXPECT_EQ(json.at("commands").at(0).at("line"), "EHLO me");
  EXPECT_EQ(json.at("commands").at(0).at("layer"), "tls");
  EXPECT_EQ(json.at("commands").at(0).at("answer"), "250-mx");
  EXPECT_EQ(json.at("commands").at(0).at("at_us"), 99);
  EXPECT_EQ(json.at("delivered"), "under-tls");
  EXPECT_EQ(json.at("messages"), 1);
  EXPECT_EQ(json.at("auth"), "in-clear");
  EXPECT_EQ(json.at("reached"), "message");
  EXPECT_EQ(json.at("end"), "client-reset");
  EXPECT_EQ(json.at("error"), "");
}

TEST(RecordJson, SaysNullWhereThereWasNoTls) {
  const Json json = Json::parse(record_json(ConnectionRecord()));
  EXPECT_TRUE(json.at("client_hello").is_null());
  EXPECT_TRUE(json.at("tls").is_null());
}

TEST(RecordJson, EscapesWhatThePeerSent) {
  ConnectionRecord record = full_record();
  record.commands.front().line = std::string("EHLO \x1b[31m\xff\0\r", 13);
  record.client_hello->sni = "\xc3(";
  const std::string line = record_json(record);
  for (const char c : line) EXPECT_GE(static_cast<unsigned char>(c), 0x20);
  EXPECT_TRUE(Json::accept(line));
}

TEST(RecordNames, AreTheDocumentedOnes) {
  EXPECT_EQ(name(End::quit), "quit");
  EXPECT_EQ(name(End::client_closed), "client-closed");
  EXPECT_EQ(name(End::server_closed), "server-closed");
  EXPECT_EQ(name(End::handshake_failed), "handshake-failed");
  EXPECT_EQ(name(End::timed_out), "timed-out");
  EXPECT_EQ(name(End::limit_exceeded), "limit-exceeded");
  EXPECT_EQ(name(End::stopped), "stopped");
  EXPECT_EQ(name(Delivered::no), "no");
  EXPECT_EQ(name(Auth::none), "none");
}

}  // namespace
}  // namespace badmx::server
