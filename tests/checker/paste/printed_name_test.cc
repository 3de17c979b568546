#include "checker/paste/printed_name.h"

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>

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

TEST(PrintedName, ReadAsANameIsTheOneThatWasPrinted) {
  const char* const printed[] = {
      "/C=GB/O=Lab/CN=Lab Root",
      "C = GB, O = \"Lab, Inc\", CN = x",
      "CN = a + OU = b, O = c",
      "jurisdictionC = GB, businessCategory = Private Organization, CN = x",
      "emailAddress = a@b.example",
      "1.2.3.4 = x, CN = y",
  };
  for (const char* const one : printed) {
    const x509::Name name = read_printed_name(printed_name(one));
    std::string known = printed_name(one);
    // x509::text() has names for the commonest types only.
    for (const auto& [type, oid] : {std::pair{"jurisdictionC", "1.3.6.1.4.1.311.60.2.1.3"},
                                    std::pair{"businessCategory", "2.5.4.15"}}) {
      if (const std::size_t at = known.find(type); at != std::string::npos) {
        known.replace(at, std::string_view(type).size(), oid);
      }
    }
    EXPECT_EQ(x509::text(name), known) << one;
    EXPECT_EQ(read_printed_name(one), name) << one;
  }
  EXPECT_EQ(x509::text(read_printed_name("nobodyKnows = x, CN = y")), "CN=y");
  EXPECT_TRUE(read_printed_name("nothing here").rdns.empty());
}

TEST(PrintedName, IsBounded) {
  EXPECT_LT(printed_name("CN = " + std::string(100000, 'x')).size(), 400U);
  EXPECT_LT(printed_name(std::string(100000, '/')).size(), 400U);
}

}  // namespace
}  // namespace badmx::checker
