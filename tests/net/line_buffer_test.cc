#include "net/line_buffer.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace badmx::net {
namespace {

using Found = LineBuffer::Found;

TEST(LineBuffer, GivesLinesWithoutTheirEnd) {
  LineBuffer buffer(20);
  std::string line;
  EXPECT_EQ(buffer.take_line(line), Found::none);
  buffer.append("220 a\r\n250-b\n\r\nx\r\r\npart");
  std::vector<std::string> lines;
  while (buffer.take_line(line) == Found::line) {
    lines.push_back(line);
  }
  EXPECT_THAT(lines, testing::ElementsAre("220 a", "250-b", "", "x\r"));
  EXPECT_EQ(buffer.rest(), "part");
  buffer.append("ial\r");
  EXPECT_EQ(buffer.take_line(line), Found::none);
  buffer.append("\n");
  EXPECT_EQ(buffer.take_line(line), Found::line);
  EXPECT_EQ(line, "partial");
  EXPECT_EQ(buffer.rest(), "");
}

TEST(LineBuffer, CountsTheLineWithoutItsEnd) {
  LineBuffer buffer(4);
  std::string line;
  buffer.append("abcd\r\nabcde\n");
  EXPECT_EQ(buffer.take_line(line), Found::line);
  EXPECT_EQ(line, "abcd");
  EXPECT_EQ(buffer.take_line(line), Found::too_long);
  EXPECT_EQ(line, "abcd");
}

TEST(LineBuffer, DoesNotWaitForTheEndOfALineThatIsTooLong) {
  LineBuffer buffer(4);
  std::string line;
  buffer.append("abcd");
  EXPECT_EQ(buffer.take_line(line), Found::none);
  buffer.append("\r");  // may still be the end's beginning
  EXPECT_EQ(buffer.take_line(line), Found::none);
  buffer.append("e");
  EXPECT_EQ(buffer.take_line(line), Found::too_long);
}

TEST(LineBuffer, TakesAnyNumberOfOctets) {
  LineBuffer buffer(10);
  buffer.append("ab\ncd\n");
  EXPECT_EQ(buffer.take(1), "a");
  EXPECT_EQ(buffer.take(3), "b\nc");
  std::string line;
  EXPECT_EQ(buffer.take_line(line), Found::line);
  EXPECT_EQ(line, "d");
  EXPECT_EQ(buffer.take(9), "");
}

}  // namespace
}  // namespace badmx::net
