#include "x509/printable.h"

#include <gtest/gtest.h>

namespace badmx::x509 {
namespace {

TEST(Printable, LeavesOrdinaryTextAlone) {
  EXPECT_EQ(printable("220 mx.example.test ESMTP"), "220 mx.example.test ESMTP");
  EXPECT_EQ(printable("Größe 漢字 \\"), "Größe 漢字 \\");
}

TEST(Printable, EscapesWhatATerminalWouldObey) {
  EXPECT_EQ(printable("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printable("a\r\nb\tc"), "a\\x0d\\x0ab\\x09c");
  EXPECT_EQ(printable(std::string_view("a\0b", 3)), "a\\x00b");
  EXPECT_EQ(printable("\x7f"), "\\x7f");
  EXPECT_EQ(printable("\xc2\x9b"
                      "31m"),
            "\\u{9b}31m");  // the one-character CSI
}

TEST(Printable, EscapesWhatReordersOrHidesText) {
  EXPECT_EQ(printable("\xe2\x80\xae"
                      "tset"),
            "\\u{202e}tset");
  EXPECT_EQ(printable("pay\xe2\x80\x8bpal"), "pay\\u{200b}pal");
  EXPECT_EQ(printable("\xef\xbb\xbfx"), "\\u{feff}x");
}

TEST(Printable, EscapesOctetsThatAreNoUtf8) {
  EXPECT_EQ(printable("\xff\xfe"), "\\xff\\xfe");
  EXPECT_EQ(printable("\xc0\xaf"), "\\xc0\\xaf");           // overlong
  EXPECT_EQ(printable("\xed\xa0\x80"), "\\xed\\xa0\\x80");  // a surrogate
  EXPECT_EQ(printable("\xe6\xbc"), "\\xe6\\xbc");           // cut
}

TEST(Printable, CutsLongTextAtACharacter) {
  EXPECT_EQ(printable("abcdef", 3), "abc…");
  EXPECT_EQ(printable("aöö", 4), "aö…");
  EXPECT_EQ(printable("ab\x1b", 4), "ab…");
  EXPECT_EQ(printable("abc", 3), "abc");
}

}  // namespace
}  // namespace badmx::x509
