#include "server/actions.h"

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
    EXPECT_THAT(action_fault(wrong, Point::handshake), Optional(HasSubstr("0 to 255"))) << wrong;
  }
  EXPECT_THAT(action_fault("explode", Point::mail), Optional(HasSubstr("\"explode\"")));
  EXPECT_THAT(action_fault("", Point::mail), Optional(HasSubstr("no action")));
}

TEST(Actions, StandOnlyWhereTheyMakeSense) {
  EXPECT_THAT(action_fault("plaintext-after-220", Point::mail), Optional(HasSubstr("\"mail\"")));
  EXPECT_EQ(action_fault("plaintext-after-220", Point::starttls), std::nullopt);
  EXPECT_EQ(action_fault("reset-after-server-hello", Point::handshake), std::nullopt);
  EXPECT_NE(action_fault("reset-after-server-hello", Point::starttls), std::nullopt);
}

}  // namespace
}  // namespace badmx::server
