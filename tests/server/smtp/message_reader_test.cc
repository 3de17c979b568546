#include "server/smtp/message_reader.h"

#include <gtest/gtest.h>

#include <string>

namespace badmx::server {
namespace {

using State = MessageReader::State;

TEST(MessageReader, UnstuffsDotsAndEndsAtTheLoneOne) {
  MessageReader reader(1000);
  EXPECT_EQ(reader.add("Subject: dots"), State::more);
  EXPECT_EQ(reader.add(""), State::more);
  EXPECT_EQ(reader.add(".."), State::more);
  EXPECT_EQ(reader.add("..hidden"), State::more);
  EXPECT_EQ(reader.add("a.b"), State::more);
  EXPECT_EQ(reader.add("."), State::ended);
  EXPECT_EQ(reader.fate(), MessageFate::whole);
  EXPECT_EQ(reader.take_text(), "Subject: dots\r\n\r\n.\r\n.hidden\r\na.b\r\n");
}

TEST(MessageReader, TakesAMessageOfExactlyTheLimit) {
  MessageReader reader(5);
  reader.add("abc");
  EXPECT_EQ(reader.add("."), State::ended);
  EXPECT_EQ(reader.fate(), MessageFate::whole);
}

TEST(MessageReader, ReadsALongerOneToItsEndWithoutKeepingIt) {
  MessageReader reader(4);
  EXPECT_EQ(reader.add("abc"), State::more);
  EXPECT_EQ(reader.add("x"), State::more);
  EXPECT_EQ(reader.add("."), State::ended);
  EXPECT_EQ(reader.fate(), MessageFate::too_long);
  EXPECT_EQ(reader.take_text(), "");
}

}  // namespace
}  // namespace badmx::server
