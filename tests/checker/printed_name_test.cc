#include "checker/printed_name.h"

#include <gtest/gtest.h>

#include <string>

namespace badmx::checker {
namespace {

struct Case {
  const char* printed;
  const char* read;
};

TEST(PrintedName, IsTheSameInAllStylesOfOpenssl) {
  const Case cases[] = {
      {"/C=GB/O=Lab/CN=Lab Root", "C=GB, O=Lab, CN=Lab Root"},
      {"C = GB, O = Lab, CN = Lab Root", "C=GB, O=Lab, CN=Lab Root"},
      {"C=GB, O=Lab, CN=Lab Root", "C=GB, O=Lab, CN=Lab Root"},
      {"C=GB,O=Lab,CN=Lab Root", "C=GB, O=Lab, CN=Lab Root"},
  };
  for (const Case& one : cases) EXPECT_EQ(printed_name(one.printed), one.read) << one.printed;
}

TEST(PrintedName, KeepsSeparatorsThatAreWithinAValue) {
  const Case cases[] = {
      {"C = GB, O = \"Lab, Inc\", CN = x", "C=GB, O=Lab, Inc, CN=x"},
      {"O = \"A, CN = b\", CN = c", "O=A, CN = b, CN=c"},
      {"/C=GB/O=Sales/Support/CN=x", "C=GB, O=Sales/Support, CN=x"},
      {"O = A \\\"quoted\\\" name", "O=A \"quoted\" name"},
      {"CN = a + OU = b, O = c", "CN=a + OU=b, O=c"},
      {"1.2.3.4 = x, CN = y", "1.2.3.4=x, CN=y"},
  };
  for (const Case& one : cases) EXPECT_EQ(printed_name(one.printed), one.read) << one.printed;
}

TEST(PrintedName, UndoesTheEscapesOfBothStyles) {
  EXPECT_EQ(printed_name("CN = M\\C3\\BCller"), "CN=M\xc3\xbcller");
  EXPECT_EQ(printed_name("/CN=M\\xC3\\xBCller"), "CN=M\xc3\xbcller");
  // What comes out of an escape is a peer's octet, and escaped again where it could do harm.
  EXPECT_EQ(printed_name("CN = a\\1Bb"), "CN=a\\x1bb");
}

TEST(PrintedName, LeavesWhatIsNoNameAsItIs) {
  EXPECT_EQ(printed_name(""), "");
  EXPECT_EQ(printed_name("nothing here"), "nothing here");
  EXPECT_EQ(printed_name("\x1b[31mred"), "\\x1b[31mred");
  EXPECT_EQ(printed_name("CN = \"never closed"), "CN=never closed");
  EXPECT_EQ(printed_name("CN = ends in \\"), "CN=ends in \\");
}

TEST(PrintedName, IsBounded) {
  EXPECT_LT(printed_name("CN = " + std::string(100000, 'x')).size(), 400U);
  EXPECT_LT(printed_name(std::string(100000, '/')).size(), 400U);
}

}  // namespace
}  // namespace badmx::checker
