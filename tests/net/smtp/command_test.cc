#include "net/smtp/command.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <optional>

namespace badmx::smtp {
namespace {

struct CommandCase {
  std::string line;
  Command command;
};

TEST(Command, IsReadFromItsLine) {
  const CommandCase rows[] = {
      {"EHLO client.example", {Point::ehlo, "EHLO", "client.example"}},
      {"ehlo client.example", {Point::ehlo, "EHLO", "client.example"}},
      {"HeLo  a ", {Point::helo, "HELO", "a"}},
      {"STARTTLS", {Point::starttls, "STARTTLS", ""}},
      {"AUTH PLAIN AGEAYg==", {Point::auth, "AUTH", "PLAIN AGEAYg=="}},
      {"MAIL FROM:<a@b> SIZE=1", {Point::mail, "MAIL", "FROM:<a@b> SIZE=1"}},
      {"rcpt to:<c@d>", {Point::rcpt, "RCPT", "to:<c@d>"}},
      {"DATA", {Point::data, "DATA", ""}},
      {"RSET", {Point::rset, "RSET", ""}},
      {"NOOP\tx", {Point::noop, "NOOP", "x"}},
      {"QUIT ", {Point::quit, "QUIT", ""}},
      {"VRFY x", {Point::unknown, "VRFY", "x"}},
      {"", {Point::unknown, "", ""}},
      {"   ", {Point::unknown, "", ""}},
      {"EHLOX", {Point::unknown, "EHLOX", ""}},
      {std::string("QUIT\0", 5), {Point::unknown, std::string("QUIT\0", 5), ""}},
      {std::string("NOOP \0a", 7), {Point::noop, "NOOP", std::string("\0a", 2)}},
      {std::string(100, 'a') + " b", {Point::unknown, std::string(32, 'A'), "b"}},
  };
  for (const CommandCase& row : rows) {
    EXPECT_EQ(parse_command(row.line), row.command) << row.line;
  }
}

struct PathCase {
  const char* argument;
  std::optional<std::string> address;
};

TEST(Path, IsTheAddressBehindTheKeyword) {
  const PathCase rows[] = {
      {"FROM:<a@b>", "a@b"},       {"from: <a@b> SIZE=10", "a@b"},       {"FROM:<>", ""},
      {"FROM:a@b SIZE=10", "a@b"}, {"FROM:<@relay.example:a@b>", "a@b"}, {"TO:<a@b>", std::nullopt},
      {"FROM:", std::nullopt},     {"FROM:<a@b", std::nullopt},          {"FROM:a>b", std::nullopt},
      {"", std::nullopt},
  };
  for (const PathCase& row : rows) {
    EXPECT_EQ(path(row.argument, "FROM:"), row.address) << row.argument;
  }
}

}  // namespace
}  // namespace badmx::smtp
