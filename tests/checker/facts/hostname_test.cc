#include "checker/facts/hostname.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>

namespace badmx::checker {
namespace {

using namespace std::string_literals;

struct Case {
  std::string presented;
  std::string dns;
  bool covered;
};

class HostnameMatch : public ::testing::TestWithParam<Case> {};

TEST_P(HostnameMatch, FollowsRfc9525) {
  EXPECT_EQ(covers(GetParam().presented, GetParam().dns), GetParam().covered)
      << GetParam().presented << " for " << GetParam().dns;
}

INSTANTIATE_TEST_SUITE_P(
    Exact, HostnameMatch,
    ::testing::Values(Case{"mx.example.test", "mx.example.test", true},
                      Case{"MX.Example.TEST", "mx.example.test", true},
                      Case{"example.test", "mx.example.test", false},
                      Case{"mx.example.test", "example.test", false},
                      Case{"mx.example.test.", "mx.example.test", false},
                      Case{"mx.example.test\0.evil.test"s, "mx.example.test", false},
                      Case{"", "mx.example.test", false}, Case{"mx..test", "mx..test", false},
                      Case{"mx_1.example.test", "mx_1.example.test", true}));

INSTANTIATE_TEST_SUITE_P(Wildcard, HostnameMatch,
                         ::testing::Values(Case{"*.example.test", "mx.example.test", true},
                                           Case{"*.example.test", "a.mx.example.test", false},
                                           Case{"*.example.test", "example.test", false},
                                           Case{"*.example.test", ".example.test", false},
                                           Case{"m*.example.test", "mx.example.test", false},
                                           Case{"*x.example.test", "mx.example.test", false},
                                           Case{"mx.*.test", "mx.example.test", false},
                                           Case{"*.*.test", "mx.example.test", false},
                                           Case{"*", "mx", false},
                                           Case{"*.test", "example.test", false}));

TEST(ReferenceName, IsLowerCasedAndLosesItsTrailingDot) {
  EXPECT_EQ(read_reference("MX.Example.Test.")->dns, "mx.example.test");
}

TEST(ReferenceName, InUnicodeBecomesALabels) {
  EXPECT_EQ(read_reference("bücher.example.test")->dns, "xn--bcher-kva.example.test");
}

TEST(ReferenceName, OfAnAddressIsItsOctets) {
  EXPECT_EQ(read_reference("192.0.2.1")->ip, (x509::Bytes{192, 0, 2, 1}));
  EXPECT_EQ(read_reference("[2001:db8::1]")->ip.size(), 16U);
  EXPECT_TRUE(read_reference("192.0.2.1")->dns.empty());
}

TEST(ReferenceName, ThatNoDnsHasIsNone) {
  for (const std::string& text : {""s, " "s, "a b.test"s, "*.example.test"s, "mx\0x.test"s, "."s}) {
    EXPECT_FALSE(read_reference(text).has_value()) << text;
  }
}

TEST(Subtree, HoldsItsBaseAndAllBelow) {
  EXPECT_TRUE(within("example.test", "example.test"));
  EXPECT_TRUE(within("a.b.example.test", "Example.test"));
  EXPECT_FALSE(within("badexample.test", "example.test"));
  EXPECT_FALSE(within("test", "example.test"));
  EXPECT_TRUE(within("anything.at.all", ""));
}

TEST(Subtree, WithALeadingDotLeavesOutItsBase) {
  EXPECT_FALSE(within("example.test", ".example.test"));
  EXPECT_TRUE(within("mx.example.test", ".example.test"));
}

}  // namespace
}  // namespace badmx::checker
