#include "net/tls/groups.h"

#include "net/tls/client_hello.h"
#include "tests/net/tls/memory_wire.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <array>
#include <cstdint>
#include <utility>
#include <vector>

namespace badmx::tls {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

std::vector<std::string> known(std::vector<std::string_view> names) {
  return known_groups(Library(), names);
}

TEST(KnownGroups, LeavesOutWhatNoLibraryKnows) {
  EXPECT_THAT(known({"P-999", "P-256", "no-such-curve", "X25519"}), ElementsAre("P-256", "X25519"));
  EXPECT_THAT(known({"P-999"}), IsEmpty());
  EXPECT_THAT(known({""}), IsEmpty());
  EXPECT_THAT(known({"P-256:X25519"}), IsEmpty());  // a list is no name
}

TEST(KnownGroups, LeavesNothingInTheErrorQueue) {
  known({"P-999"});
  EXPECT_THAT(x509::drain_errors(), IsEmpty());
}

TEST(KnownGroups, BeginWithThoseOfACurrentSender) {
  EXPECT_THAT(current_groups(), ElementsAre("X25519", "P-256", "X448", "P-521", "P-384"));
  ASSERT_GT(all_groups().size(), current_groups().size());
  EXPECT_TRUE(std::ranges::equal(current_groups(), all_groups().first(current_groups().size())));
}

// What the tolerant client offers is what is known, neither less nor in another order: numbers of
// RFC 8446 4.2.7, RFC 8422 5.1.1, RFC 7027 2.
TEST(KnownGroups, AreWhatTheTolerantClientOffers) {
  const std::array<std::pair<std::string_view, std::uint16_t>, 14> numbers{{{"X25519", 29},
                                                                            {"P-256", 23},
                                                                            {"X448", 30},
                                                                            {"P-521", 25},
                                                                            {"P-384", 24},
                                                                            {"ffdhe2048", 256},
                                                                            {"ffdhe3072", 257},
                                                                            {"ffdhe4096", 258},
                                                                            {"secp256k1", 22},
                                                                            {"brainpoolP256r1", 26},
                                                                            {"brainpoolP384r1", 27},
                                                                            {"brainpoolP512r1", 28},
                                                                            {"P-224", 21},
                                                                            {"P-192", 19}}};
  const Library library;
  std::vector<std::uint16_t> expected;
  for (const auto& [name, number] : numbers) {
    if (!known_groups(library, {&name, 1}).empty()) expected.push_back(number);
  }
  ClientSetup setup;
  setup.tolerance = Tolerance::all;
  const ClientContext context(library, setup);
  Channel client(context.connection("mx.example.test"), Channel::Role::client);
  client.handshake();
  EXPECT_EQ(read_client_hello(client.take_output()).hello.groups, expected);
}

TEST(KnownGroups, AreWhatAServerMayName) {
  ServerSetup setup;
  setup.groups = {"P-256", "P-999"};
  try {
    const Library library;
    const ServerContext context(library, setup);
    ADD_FAILURE() << "it was made";
  } catch (const x509::Error& error) {
    EXPECT_THAT(error.what(), HasSubstr("no group \"P-999\""));
  }
}

}  // namespace
}  // namespace badmx::tls
