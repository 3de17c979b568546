#include "server/smtp/actions.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <set>
#include <string>

namespace badmx::server {
namespace {

using smtp::Point;
using ::testing::HasSubstr;
using ::testing::Optional;

TEST(Actions, AreNamedOnceAndExplained) {
  std::set<std::string_view> names;
  for (const ActionInfo& action : actions()) {
    SCOPED_TRACE(std::string(action.name));
    EXPECT_TRUE(names.insert(action.name).second);
    EXPECT_TRUE(action.summary.ends_with('.'));
    EXPECT_FALSE(action.reference.empty());
    EXPECT_EQ(find_action(action.name), &action);
  }
  EXPECT_TRUE(names.contains("close"));
}

TEST(Actions, TakeTheirArgumentAndNoOther) {
  EXPECT_EQ(action_fault("close", Point::mail), std::nullopt);
  EXPECT_EQ(action_fault("alert:40", Point::handshake), std::nullopt);
  EXPECT_EQ(action_fault("alert:0", Point::handshake), std::nullopt);
  EXPECT_EQ(action_fault("alert:255", Point::handshake), std::nullopt);
  EXPECT_THAT(action_fault("close:now", Point::mail), Optional(HasSubstr("takes no argument")));
  for (const char* wrong :
       {"alert", "alert:", "alert:256", "alert:-1", "alert:4x", "alert:forty"}) {
    const auto fault = action_fault(wrong, Point::handshake);
    EXPECT_THAT(fault, Optional(HasSubstr('"' + std::string(wrong) + '"')));  // what was found
    EXPECT_THAT(fault, Optional(HasSubstr("\"alert:\""))) << wrong;           // and what is allowed
    EXPECT_THAT(fault, Optional(HasSubstr("0 to 255"))) << wrong;
  }
  EXPECT_THAT(action_fault("explode", Point::mail), Optional(HasSubstr("\"explode\"")));
  EXPECT_THAT(action_fault("", Point::mail), Optional(HasSubstr("no action")));
}

// Whatever a row's argument is, none at all and one of nonsense are refused in its own words.
TEST(Actions, RefuseAnArgumentInTheWordsOfTheirRow) {
  for (const ActionInfo& action : actions()) {
    const Point point = action.points.empty() ? Point::mail : action.points.front();
    const std::string name(action.name);
    SCOPED_TRACE(name);
    if (action.argument.empty()) {
      EXPECT_EQ(action_fault(name, point), std::nullopt);
      EXPECT_THAT(action_fault(name + ":40", point), Optional(HasSubstr("takes no argument")));
      EXPECT_THAT(action_fault(name + ":", point), Optional(HasSubstr('"' + name + ":\"")));
    } else {
      for (const std::string& wrong : {name, name + ":", name + ":?!"}) {
        EXPECT_THAT(action_fault(wrong, point), Optional(HasSubstr(std::string(action.argument))));
      }
    }
  }
}

TEST(Actions, StandOnlyWhereTheyMakeSense) {
  EXPECT_THAT(action_fault("plaintext-after-220", Point::mail), Optional(HasSubstr("\"mail\"")));
  EXPECT_EQ(action_fault("plaintext-after-220", Point::starttls), std::nullopt);
  EXPECT_EQ(action_fault("reset-after-server-hello", Point::handshake), std::nullopt);
  EXPECT_THAT(action_fault("reset-after-server-hello", Point::starttls),
              Optional(HasSubstr("it does at: handshake")));
}

}  // namespace
}  // namespace badmx::server
