// The goldens are rewritten, to be read before they are kept, by
//   BADMX_REWRITE_GOLDEN=1 ./checker_tests --gtest_filter='ReportText.*Golden*'
#include "checker/report/report_text.h"

#include "checker/report/text_wrap.h"
#include "tests/checker/example_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <iterator>
#include <string>

namespace badmx::checker {
namespace {

using testing::HasSubstr;
using testing::Not;

void expect_golden(const std::string& name, const std::string& text) {
  const auto file = std::filesystem::path(BADMX_SOURCE_DIR) / "tests/golden" / name;
  if (std::getenv("BADMX_REWRITE_GOLDEN") != nullptr) std::ofstream(file) << text;
  std::ifstream in(file);
  const std::string golden{std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
  EXPECT_EQ(text, golden);
}

void expect_fits(const std::string& text, std::size_t width) {
  std::string_view rest = text;
  while (!rest.empty()) {
    const std::size_t end = rest.find('\n');
    ASSERT_NE(end, std::string_view::npos) << "the last line isn't ended";
    const std::string_view line = rest.substr(0, end);
    EXPECT_LE(columns(line), width) << line;
    EXPECT_FALSE(line.ends_with(' ')) << "'" << line << "'";
    rest.remove_prefix(end + 1);
  }
}

Observation wire() {
  Observation seen;
  seen.target.address = "192.0.2.1";
  Attempt attempt;
  attempt.sni = "mx.example.test";
  attempt.reached = smtp::Point::quit;
  attempt.layer = net::Layer::tls;
  attempt.transcript = {{.speaker = net::Speaker::server,
                         .layer = net::Layer::clear,
                         .text = "220 mx.example.test \x1b[31mESMTP",
                         .at = {}},
                        {.speaker = net::Speaker::client,
                         .layer = net::Layer::tls,
                         .text = "EHLO badmx.invalid",
                         .at = {}}};
  attempt.handshake_done = true;
  attempt.tls.version = "TLSv1.3";
  attempt.tls.cipher = "TLS_AES_256_GCM_SHA384";
  attempt.tls.group = "X25519";
  attempt.alerts = {{.direction = tls::Direction::received, .level = 2, .number = 116}};
  attempt.certificate_seen = true;
  attempt.client_certificate_requested = true;
  attempt.requested_ca_names = {{0x30, 0x00}, {0x01}};
  attempt.took = std::chrono::microseconds{12345};
  seen.attempts.push_back(std::move(attempt));
  return seen;
}

TEST(ReportText, OfABrokenChainMatchesItsGolden) {
  expect_golden("report_broken.txt", report_text(examples::broken_diagnosis(), TextOptions{}));
}

TEST(ReportText, OfAHealthyServerMatchesItsGolden) {
  const Observation seen = wire();
  expect_golden("report_healthy_verbose.txt",
                report_text(examples::healthy_diagnosis(), &seen,
                            {.colour = Colour::off, .detail = Detail::verbose, .width = 80}));
}

TEST(ReportText, NeverExceedsItsWidthNorPassesAnEscapeOn) {
  Observation seen = wire();
  seen.attempts[0].transcript[0].text = std::string(3000, '\x1b');
  seen.attempts[0].plaintext_bytes = 9;
  seen.attempts[0].plaintext = "\x1b[31m\xff\xfe";
  seen.attempts[0].error = std::string(300, 'e');
  for (const Diagnosis& diagnosis : {examples::healthy_diagnosis(), examples::broken_diagnosis(),
                                     examples::hostile_diagnosis(), Diagnosis{}}) {
    for (const std::size_t width : {std::size_t{80}, std::size_t{60}, std::size_t{132}}) {
      const std::string text = report_text(
          diagnosis, &seen, {.colour = Colour::off, .detail = Detail::verbose, .width = width});
      expect_fits(text, width);
      for (const char c : text) {
        ASSERT_TRUE(c == '\n' || static_cast<unsigned char>(c) >= 0x20) << static_cast<int>(c);
      }
    }
  }
}

TEST(ReportText, ColoursOnlyWhenItIsTold) {
  const Diagnosis diagnosis = examples::broken_diagnosis();
  const std::string plain = report_text(diagnosis, TextOptions{});
  std::string coloured =
      report_text(diagnosis, {.colour = Colour::on, .detail = Detail::normal, .width = 80});
  EXPECT_THAT(plain, Not(HasSubstr("\x1b")));
  EXPECT_THAT(coloured, HasSubstr("\x1b[31merror"));
  // Without its colours it is the same.
  for (std::size_t at = 0; (at = coloured.find('\x1b')) != std::string::npos;) {
    coloured.erase(at, coloured.find('m', at) + 1 - at);
  }
  std::string trimmed;
  for (std::size_t at = 0; at < coloured.size();) {
    const std::size_t end = coloured.find('\n', at);
    std::string line = coloured.substr(at, end - at);
    while (line.ends_with(' ')) line.pop_back();
    trimmed += line + "\n";
    at = end + 1;
  }
  EXPECT_EQ(trimmed, plain);
}

TEST(ReportText, ShowsTheWireOnlyWhenVerbose) {
  const Observation seen = wire();
  const Diagnosis diagnosis = examples::healthy_diagnosis();
  EXPECT_THAT(report_text(diagnosis, &seen, TextOptions{}), Not(HasSubstr("On the wire")));
  const std::string verbose = report_text(
      diagnosis, &seen, {.colour = Colour::off, .detail = Detail::verbose, .width = 80});
  EXPECT_THAT(verbose, HasSubstr("S: 220 mx.example.test \\x1b[31mESMTP"));
  EXPECT_THAT(verbose, HasSubstr("*C: EHLO badmx.invalid"));
  EXPECT_THAT(verbose, HasSubstr("certificate_required (116)"));
  EXPECT_THAT(verbose, HasSubstr("(a name that can't be read)"));
}

}  // namespace
}  // namespace badmx::checker
