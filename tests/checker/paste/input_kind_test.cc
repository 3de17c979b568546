#include "checker/paste/input_kind.h"

#include "checker/host_port.h"
#include "checker/observation_json.h"
#include "tests/checker/example_certificates.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <stdexcept>
#include <string>

namespace badmx::checker {
namespace {

std::string error_of(std::string_view text) {
  try {
    parse_host_port(text);
  } catch (const std::invalid_argument& error) {
    return error.what();
  }
  return "(none)";
}

TEST(HostPort, IsReadInEveryForm) {
  struct Case {
    const char* text;
    HostPort read;
  };
  const Case cases[] = {
      {"mx.example.test", {"mx.example.test", std::nullopt}},
      {"mx.example.test:2525", {"mx.example.test", 2525}},
      {" mx.example.test:25\r\n", {"mx.example.test", 25}},
      {"mx.example.test.:25", {"mx.example.test.", 25}},
      {"192.0.2.1:65535", {"192.0.2.1", 65535}},
      {"[2001:db8::1]:25", {"2001:db8::1", 25}},
      {"[::1]", {"::1", std::nullopt}},
      {"::1", {"::1", std::nullopt}},
      {"2001:db8::25", {"2001:db8::25", std::nullopt}},
      {"fe80::1%eth0", {"fe80::1%eth0", std::nullopt}},
      {"b\xc3\xbc"
       "cher.test",
       {"b\xc3\xbc"
        "cher.test",
        std::nullopt}},
      {"_25._tcp.mx", {"_25._tcp.mx", std::nullopt}},
  };
  for (const Case& one : cases) EXPECT_EQ(parse_host_port(one.text), one.read) << one.text;
}

TEST(HostPort, SaysWhatIsWrongWithIt) {
  EXPECT_EQ(error_of(""), "an empty host name");
  EXPECT_EQ(error_of("mx:0"), "\"mx:0\" has no port between 1 and 65535 behind the \":\"");
  EXPECT_EQ(error_of("mx:65536"), "\"mx:65536\" has no port between 1 and 65535 behind the \":\"");
  EXPECT_EQ(error_of("mx:25x"), "\"mx:25x\" has no port between 1 and 65535 behind the \":\"");
  EXPECT_EQ(error_of("mx:"), "\"mx:\" has no port between 1 and 65535 behind the \":\"");
  EXPECT_EQ(error_of("[::1"), "\"[::1\" has a \"[\" without its \"]\"");
  EXPECT_EQ(error_of("[::1]25"), "\"[::1]25\" has something else than :PORT behind \"]\"");
  EXPECT_EQ(error_of("[mx]:25"), "\"[mx]:25\" has no IPv6 address between its brackets");
  for (const char* const text : {"two words", "a..b", ".a", "user@example.test"}) {
    EXPECT_THAT(error_of(text), testing::EndsWith("is no host name, nor HOST:PORT")) << text;
  }
  EXPECT_EQ(error_of("https://mx/"), "\"https://mx/\" is a URL; give its host alone");
  EXPECT_EQ(error_of("\x1b[31m"), "\"\\x1b[31m\" is no host name, nor HOST:PORT");
  EXPECT_FALSE(read_host_port(std::string(64, 'a')));
  EXPECT_FALSE(read_host_port(std::string(100000, 'a')));
}

TEST(HostList, TakesCommentsAndBlankLines) {
  EXPECT_THAT(read_host_list("# our MXs\n\nmx1.example.test  # first\r\nmx2.example.test:2525\n"),
              testing::ElementsAre(HostPort{"mx1.example.test", std::nullopt},
                                   HostPort{"mx2.example.test", 2525}));
}

TEST(HostList, NamesTheLineThatIsNone) {
  try {
    read_host_list("mx1.example.test\n\nnot a host\n");
    FAIL() << "was taken";
  } catch (const std::invalid_argument& error) {
    EXPECT_STREQ(error.what(), "line 3: \"not a host\" is no host name, nor HOST:PORT");
  }
}

TEST(Recognition, TellsWhatAContentIs) {
  struct Case {
    std::string content;
    InputKind kind;
  };
  const std::string leaf = examples::leaf_pem;
  const Case cases[] = {
      {"CONNECTED(00000003)\n---\nno peer certificate available\n", InputKind::transcript},
      {"Certificate chain\n 0 s:CN = a\n   i:CN = b\n" + leaf, InputKind::transcript},
      {"subject=CN = a\n\nissuer=CN = b\n\n" + leaf, InputKind::certificates},
      {leaf, InputKind::certificates},
      {observation_json(Observation{}), InputKind::observation},
      {"{\"schema\": \"something else\"}", InputKind::unknown},
      {"mx1.example.test\nmx2.example.test:25\n", InputKind::hosts},
      {"# only a comment\n", InputKind::unknown},
      {"Dear postmaster,\nyour mail was refused.\n", InputKind::unknown},
      {"", InputKind::unknown},
      {std::string(3, '\0'), InputKind::unknown},
  };
  for (const Case& one : cases) EXPECT_EQ(recognise(one.content), one.kind) << one.content;
}

}  // namespace
}  // namespace badmx::checker
