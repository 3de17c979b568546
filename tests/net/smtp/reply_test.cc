#include "net/smtp/reply.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace badmx::smtp {
namespace {

using testing::ElementsAre;
using testing::IsEmpty;

struct ReplyCase {
  const char* name;
  std::vector<std::string> lines;
  ReplyState state;
  Reply reply;
};

class Replies : public testing::TestWithParam<ReplyCase> {};

TEST_P(Replies, AreReadLineByLine) {
  ReplyParser parser;
  for (const std::string& line : GetParam().lines) {
    parser.take(line);
  }
  EXPECT_EQ(parser.state(), GetParam().state);
  EXPECT_EQ(parser.reply(), GetParam().reply);
}

INSTANTIATE_TEST_SUITE_P(
    Reply, Replies,
    testing::Values(
        ReplyCase{"One", {"220 mx ready"}, ReplyState::complete, {220, {"mx ready"}}},
        ReplyCase{"CodeAlone", {"250"}, ReplyState::complete, {250, {""}}},
        ReplyCase{"CodeAndSpace", {"250 "}, ReplyState::complete, {250, {""}}},
        ReplyCase{"Many",
                  {"250-mx", "250-SIZE 1", "250 STARTTLS"},
                  ReplyState::complete,
                  {250, {"mx", "SIZE 1", "STARTTLS"}}},
        ReplyCase{"Unfinished", {"250-mx"}, ReplyState::need_more, {250, {"mx"}}},
        ReplyCase{"NothingYet", {}, ReplyState::need_more, {0, {}}},
        ReplyCase{"EmptyContinuation", {"250-", "250 x"}, ReplyState::complete, {250, {"", "x"}}},
        ReplyCase{"LastCodeCounts", {"250-a", "550 b"}, ReplyState::complete, {550, {"a", "b"}}},
        ReplyCase{"NulInText",
                  {std::string("220 a\0b", 7)},
                  ReplyState::complete,
                  {220, {std::string("a\0b", 3)}}},
        ReplyCase{"Text", {"hello"}, ReplyState::malformed, {0, {}}},
        ReplyCase{"EmptyLine", {""}, ReplyState::malformed, {0, {}}},
        ReplyCase{"TwoDigits", {"22 x"}, ReplyState::malformed, {0, {}}},
        ReplyCase{"FourDigits", {"2200 x"}, ReplyState::malformed, {0, {}}},
        ReplyCase{"NoClass", {"100 x"}, ReplyState::malformed, {0, {}}},
        ReplyCase{"ClassTooHigh", {"600 x"}, ReplyState::malformed, {0, {}}},
        ReplyCase{"SpaceBefore", {" 220 x"}, ReplyState::malformed, {0, {}}},
        ReplyCase{"TextAmidst", {"250-a", "b"}, ReplyState::malformed, {250, {"a"}}},
        ReplyCase{"WhatFollowsIsNotTaken", {"220 a", "250 b"}, ReplyState::complete, {220, {"a"}}}),
    [](const testing::TestParamInfo<ReplyCase>& row) { return std::string(row.param.name); });

TEST(ReplyLimit, OfALine) {
  ReplyParser parser({.line = 10});
  EXPECT_EQ(parser.take("220-567890"), ReplyState::need_more);
  EXPECT_EQ(parser.take("220-5678901"), ReplyState::limit_exceeded);
  EXPECT_THAT(parser.reply().lines, ElementsAre("567890"));
}

TEST(ReplyLimit, OfTheWhole) {
  ReplyParser parser({.reply = 20});
  EXPECT_EQ(parser.take("220-567890"), ReplyState::need_more);
  EXPECT_EQ(parser.take("220-567890"), ReplyState::need_more);
  EXPECT_EQ(parser.take("220 "), ReplyState::limit_exceeded);
}

TEST(ReplyLimit, OfTheNumberOfLines) {
  ReplyParser parser;
  for (int i = 0; i < 256; ++i) {
    ASSERT_EQ(parser.take("250-x"), ReplyState::need_more);
  }
  EXPECT_EQ(parser.take("250 x"), ReplyState::limit_exceeded);
  EXPECT_EQ(parser.reply().lines.size(), 256U);
}

TEST(ReplyClass, IsTheFirstDigit) {
  EXPECT_EQ(reply_class(220), 2);
  EXPECT_EQ(reply_class(554), 5);
  EXPECT_EQ(reply_class(0), 0);
}

TEST(Offers, ComparesTheFirstWordWhateverItsCase) {
  const auto with = [](const std::string& line) { return Reply{250, {"STARTTLS", line}}; };
  EXPECT_TRUE(offers(with("STARTTLS"), "STARTTLS"));
  EXPECT_TRUE(offers(with("starttls"), "STARTTLS"));
  EXPECT_TRUE(offers(with("StartTLS now"), "STARTTLS"));
  EXPECT_FALSE(offers(with("XXXXXXXA"), "STARTTLS"));
  EXPECT_FALSE(offers(with("STARTTLSX"), "STARTTLS"));
  EXPECT_FALSE(offers(with("X STARTTLS"), "STARTTLS"));
  EXPECT_FALSE(offers(Reply{250, {"STARTTLS"}}, "STARTTLS"));  // that is the host's name
  EXPECT_FALSE(offers(Reply{}, "STARTTLS"));
}

}  // namespace
}  // namespace badmx::smtp
