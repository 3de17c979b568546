#include "checker/diagnose/server_software.h"

#include "checker/rules/rules.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

Observation greeted_with(const std::string& greeting) {
  Observation seen;
  Attempt attempt;
  attempt.transcript = {{.speaker = net::Speaker::server, .text = greeting},
                        {.speaker = net::Speaker::client, .text = "EHLO esmtp postfix"},
                        {.speaker = net::Speaker::server, .text = "250 ESMTP Exim"}};
  seen.attempts = {attempt};
  return seen;
}

TEST(ServerSoftware, IsWhatTheGreetingSays) {
  struct Case {
    const char* greeting;
    const char* product;
  };
  const Case cases[] = {
      {"220 mx.example.test ESMTP Postfix (Debian/GNU)", "Postfix"},
      {"220 mx.example.test ESMTP Exim 4.96 Thu, 26 Nov 2026 10:00:00 +0000", "Exim"},
      {"220 mx.example.test ESMTP Sendmail 8.17.1; Thu, 26 Nov 2026", "sendmail"},
      {"220 mx.example.test Microsoft ESMTP MAIL Service ready at Thu, 26 Nov 2026", "Exchange"},
      {"220 postfix.example.test ESMTP", ""},
      {"", ""},
  };
  for (const Case& test : cases) {
    EXPECT_EQ(server_software(greeted_with(test.greeting)), test.product) << test.greeting;
  }
  EXPECT_EQ(server_software(Observation{}), "");
}

// Whoever is known can mend whatever is mended at the server by a setting.
TEST(ServerSoftware, EachProductHasARemedyForWhatIsMendedThere) {
  for (const std::string_view product : server_products()) {
    for (const std::string_view code :
         {"intermediate-missing", "certificate-expired", "starttls-not-offered",
          "tls-version-not-shared", "client-certificate-required"}) {
      ASSERT_NE(find_rule(code), nullptr) << code;
      const Finding finding{.code = std::string(code), .fix_at = FixAt::server};
      EXPECT_FALSE(product_remedy(product, finding).empty()) << product << ", " << code;
    }
    EXPECT_EQ(product_remedy(product, {.code = "connect-failed"}), "") << product;
  }
  EXPECT_EQ(product_remedy("", {.code = "certificate-expired"}), "");
  EXPECT_EQ(product_remedy("Postfix", {.code = "certificate-expired", .fix_at = FixAt::sender}),
            "");
  EXPECT_NE(product_remedy("Postfix", {.code = "intermediate-missing"}).find("nearest first"),
            std::string_view::npos);
}

TEST(ServerSoftware, MendsFindingsThatThereAre) {
  EXPECT_GT(product_mended_codes().size(), 20U);
  for (const std::string_view code : product_mended_codes()) {
    EXPECT_NE(find_rule(code), nullptr) << code;
    for (const std::string_view product : server_products()) {
      const Finding finding{.code = std::string(code), .fix_at = FixAt::server};
      EXPECT_FALSE(product_remedy(product, finding).empty()) << product << ", " << code;
    }
  }
}

}  // namespace
}  // namespace badmx::checker
