#include "checker/report/text_wrap.h"

#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

TEST(Layout, CountsColumnsAsATerminalDoes) {
  EXPECT_EQ(columns(""), 0U);
  EXPECT_EQ(columns("abc"), 3U);
  EXPECT_EQ(columns("M\xc3\xbcller"), 6U);
  EXPECT_EQ(columns("\xe6\xbc\xa2\xe5\xad\x97"), 4U);  // two wide characters
  EXPECT_EQ(columns("e\xcc\x81"), 1U);                 // a combining accent
}

TEST(Layout, ClipsBetweenCharacters) {
  EXPECT_EQ(clipped("short", 10), "short");
  EXPECT_EQ(clipped("0123456789", 8), "01234...");
  EXPECT_EQ(clipped("\xe6\xbc\xa2\xe6\xbc\xa2\xe6\xbc\xa2", 5), "\xe6\xbc\xa2...");
  EXPECT_EQ(clipped("abcdef", 2), "..");
}

TEST(Layout, PadsToAWidth) {
  EXPECT_EQ(padded("ab", 4), "ab  ");
  EXPECT_EQ(padded("abcdef", 4), "abcdef");
}

TEST(Layout, WrapsWordsUnderTheirFirstLine) {
  EXPECT_EQ(wrapped("one two three", 14, "- "), "- one two\n  three\n");
  EXPECT_EQ(wrapped("", 20, "key "), "key\n");
  EXPECT_EQ(wrapped("  many   blanks ", 40, ""), "many blanks\n");
}

TEST(Layout, BreaksAWordThatFitsOnNoLine) {
  EXPECT_EQ(wrapped("a 0123456789abcdefghij b", 10, ""), "a\n0123456789\nabcdefghij\nb\n");
}

}  // namespace
}  // namespace badmx::checker
