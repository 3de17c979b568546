// Many servers in one engine: ports, names, threads, and the end.
#include "server/smtp/server.h"

#include "tests/server/smtp/live_server.h"
#include "tests/server/smtp/test_client.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <atomic>
#include <fcntl.h>
#include <memory>
#include <set>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <vector>

namespace badmx::server {
namespace {

using smtp::Point;
using smtp::TlsMode;
using ::testing::Each;
using testing::ec_identity;
using ::testing::ElementsAre;
using ::testing::Field;
using ::testing::HasSubstr;
using testing::honest_conversation;
using testing::listener;
using testing::patience;
using testing::rsa_identity;
using ::testing::SizeIs;
using ::testing::StartsWith;
using testing::TestClient;

Listener named(std::string scenario, const Conversation& conversation,
               TlsMode mode = TlsMode::starttls) {
  Listener named = listener(conversation, mode);
  named.scenario = std::move(scenario);
  return named;
}

TEST(Server, GivesEachListenerAPortOfItsOwn) {
  const Server server({named("a", honest_conversation()), named("b", honest_conversation())});
  EXPECT_NE(server.port(0), 0);
  EXPECT_NE(server.port(0), server.port(1));
  TestClient(server.port(1)).reply();
  EXPECT_THAT(server.wait_for_records("b", 1, patience),
              ElementsAre(Field(&ConnectionRecord::scenario, "b")));
  EXPECT_THAT(server.wait_for_records("a", 0, patience), SizeIs(0));
  EXPECT_THROW(server.port(2), std::out_of_range);
}

TEST(Server, ListensOnSeveralAddressesWithOnePort) {
  Listener both = listener(honest_conversation());
  both.addresses = {"127.0.0.1", "::1", "127.0.0.2"};
  const Server server({both});
  for (const std::string& address : both.addresses) {
    EXPECT_THAT(TestClient(server.port(0), address).reply(), StartsWith("220 "));
  }
  const auto records = server.wait_for_records("", 3, patience);
  ASSERT_THAT(records, SizeIs(3));
  EXPECT_THAT(records[1].peer, StartsWith("[::1]:"));
}

TEST(Server, ServesOnePortOnAnAddressEach) {
  Listener first = named("first", honest_conversation());
  first.addresses = {"127.1.0.1"};
  const Server held({first});
  Listener second = named("second", honest_conversation());
  second.addresses = {"127.1.0.2"};
  second.port = held.port(0);
  const Server server({second});
  EXPECT_EQ(server.port(0), held.port(0));
  TestClient(server.port(0), "127.1.0.2").reply();
  EXPECT_THAT(server.wait_for_records("second", 1, patience), SizeIs(1));
}

TEST(Server, NamesTheAddressAndPortItCannotListenOn) {
  const Server server({listener(honest_conversation())});
  Listener again = listener(honest_conversation());
  again.port = server.port(0);
  try {
    const Server second({again});
    FAIL() << "two servers on one port";
  } catch (const std::system_error& problem) {
    EXPECT_EQ(problem.code(), std::errc::address_in_use);
    EXPECT_THAT(problem.what(), HasSubstr("127.0.0.1:" + std::to_string(server.port(0))));
  }
  again.addresses = {"nowhere"};
  EXPECT_THROW(Server({again}), std::system_error);
  again.addresses = {};
  EXPECT_THROW(Server({again}), std::invalid_argument);
}

std::vector<Listener> sharing(TlsMode mode) {
  Listener first = named("first", honest_conversation(), mode);
  Conversation other = honest_conversation();
  other.identities.front().identity = rsa_identity();
  other.tls.versions = {"1.2"};
  other.on_tls[Point::mail].reply = {"550 5.7.1 no"};
  Listener second = named("second", other, mode);
  second.sni = "MX.second.test";
  Conversation dead = honest_conversation();
  dead.on[Point::handshake].then = "alert:40";
  Listener third = named("third", dead, mode);
  third.sni = "mx.third.test";
  return {first, second, third};
}

TEST(Server, TellsServersOnOnePortApartByTheNameInTheClientHello) {
  const Server server(sharing(TlsMode::starttls));
  EXPECT_EQ(server.port(0), server.port(1));
  EXPECT_EQ(server.port(0), server.port(2));
  struct Row {
    const char* name;
    const char* scenario;
    const char* version;
  };
  const Row rows[] = {{"mx.second.test", "second", "TLSv1.2"},
                      {"mx.third.test", "third", ""},
                      {"mx.unknown.test", "first", "TLSv1.3"},
                      {"", "first", "TLSv1.3"}};
  std::size_t ended = 0;
  for (const Row& row : rows) {
    SCOPED_TRACE(row.name);
    {
      TestClient client(server.port(0));
      client.reply();
      client.criteria_for("EHLO me");
      client.criteria_for("STARTTLS");
      client.start_tls(row.name);
    }
    const auto records = server.wait_for_records("", ++ended, patience);
    ASSERT_THAT(records, SizeIs(ended));
    EXPECT_EQ(records.back().scenario, row.scenario);
    EXPECT_EQ(records.back().tls_version, row.version);
  }
}

TEST(Server, GoesOnAsTheServerThatWasNamed) {
  const Server server(sharing(TlsMode::implicit));
  TestClient client(server.port(0));
  ASSERT_TRUE(client.start_tls("mx.second.test"));
  EXPECT_THAT(client.channel().peer_certificates(), ElementsAre(rsa_identity().chain.front()));
  client.reply();
  client.criteria_for("EHLO me");
  EXPECT_EQ(client.criteria_for("MAIL FROM:<>"), "550 5.7.1 no\r\n");
}

TEST(Server, RefusesToShareWhatDeviatesTooEarly) {
  std::vector<Listener> listeners = sharing(TlsMode::starttls);
  listeners[1].behaviour.connections.front().offer_starttls = false;
  try {
    const Server server(listeners);
    FAIL() << "shared";
  } catch (const std::invalid_argument& problem) {
    EXPECT_THAT(problem.what(), HasSubstr("second"));
  }
  listeners = sharing(TlsMode::starttls);
  listeners[1].behaviour.mode = TlsMode::implicit;
  EXPECT_THROW(Server{listeners}, std::invalid_argument);
}

TEST(Server, RecordsConnectionsThatAreOpenWhenItStops) {
  std::vector<ConnectionRecord> seen;
  Options options;
  options.threads = 2;
  options.on_record = [&](const ConnectionRecord& record) { seen.push_back(record); };
  std::vector<std::unique_ptr<TestClient>> clients;
  const auto start = std::chrono::steady_clock::now();
  {
    Conversation silent = honest_conversation();
    silent.on[Point::ehlo].then = "silence";
    Conversation slow = honest_conversation();
    slow.on[Point::ehlo].delay = std::chrono::milliseconds(60000);
    const Server server(
        {named("idle", honest_conversation()), named("silent", silent), named("slow", slow)},
        options);
    for (std::size_t place = 0; place < 3; ++place) {
      clients.push_back(std::make_unique<TestClient>(server.port(place)));
      clients.back()->reply();
      clients.back()->send("EHLO me\r\n");
    }
    clients[0]->reply();
    clients[1]->reply();
  }
  EXPECT_LT(std::chrono::steady_clock::now() - start, std::chrono::seconds(5));
  EXPECT_THAT(seen, SizeIs(3));
  EXPECT_THAT(seen, Each(Field(&ConnectionRecord::end, End::stopped)));
  EXPECT_EQ(clients[0]->rest(), "");
}

TEST(Server, StopsAtOnceWithManyConnectionsInTheHandshake) {
  std::vector<std::unique_ptr<TestClient>> clients;
  Options options;
  options.threads = 2;
  Server server({named("it", honest_conversation(), TlsMode::implicit)}, options);
  for (int made = 0; made < 50; ++made) {
    clients.push_back(std::make_unique<TestClient>(server.port(0)));
  }
  const Server moved = std::move(server);
  EXPECT_THAT(moved.records(), SizeIs(0));
}

TEST(Server, ClosesConnectionsBeyondItsLimit) {
  Options options;
  options.limits.connections = 1;
  const Server server({listener(honest_conversation())}, options);
  TestClient first(server.port(0));
  EXPECT_THAT(first.reply(), StartsWith("220 "));
  EXPECT_EQ(TestClient(server.port(0)).reply(), "");
  first.leave();
  server.wait_for_records("", 1, patience);
  // The place is free once the record is there, or soon after.
  std::string greeting;
  for (int tries = 0; tries < 200 && greeting.empty(); ++tries) {
    greeting = TestClient(server.port(0)).reply();
    if (greeting.empty()) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  EXPECT_THAT(greeting, StartsWith("220 "));
}

TEST(Server, WaitsForFreeDescriptorsAndGoesOn) {
  const Server server({listener(honest_conversation())});
  // Once somebody was greeted, and as long as he stays, the server opens and closes nothing by
  // itself.
  TestClient first(server.port(0));
  ASSERT_THAT(first.reply(), StartsWith("220 "));
  rlimit before{};
  ASSERT_EQ(::getrlimit(RLIMIT_NOFILE, &before), 0);
  const int next_free = ::open("/dev/null", O_RDONLY | O_CLOEXEC);
  ASSERT_GE(next_free, 0);
  ::close(next_free);
  rlimit tight = before;
  tight.rlim_cur =
      static_cast<rlim_t>(next_free) + 1;  // for the client's end, not for the server's
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &tight), 0);
  TestClient client(server.port(0));
  std::this_thread::sleep_for(std::chrono::milliseconds(60));
  EXPECT_THAT(server.records(), SizeIs(0));
  ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &before), 0);
  EXPECT_THAT(client.reply(), StartsWith("220 "));
}

TEST(Server, ServesManyClientsOnTwoThreads) {
  constexpr std::size_t clients = 8;
  constexpr std::size_t sessions = 10;
  std::atomic<int> inside{0};
  std::atomic<bool> overlapped{false};
  std::size_t told = 0;
  Options options;
  options.threads = 2;
  options.on_record = [&](const ConnectionRecord&) {
    if (inside.fetch_add(1) != 0) overlapped = true;
    ++told;
    inside.fetch_sub(1);
  };
  std::vector<std::string> names;
  {
    const Server server({listener(honest_conversation())}, options);
    std::vector<std::thread> threads;
    std::atomic<int> good{0};
    for (std::size_t made = 0; made < clients; ++made) {
      threads.emplace_back([&] {
        for (std::size_t session = 0; session < sessions; ++session) {
          TestClient client(server.port(0));
          client.reply();
          client.criteria_for("EHLO me");
          client.criteria_for("STARTTLS");
          if (!client.start_tls("mx.example.test")) continue;
          client.criteria_for("EHLO me");
          if (client.criteria_for("QUIT").starts_with("221 ")) ++good;
        }
      });
    }
    for (std::thread& thread : threads) thread.join();
    EXPECT_EQ(good, static_cast<int>(clients * sessions));
    const auto records = server.wait_for_records("it", clients * sessions, patience);
    EXPECT_THAT(records, SizeIs(clients * sessions));
    EXPECT_THAT(records, Each(Field(&ConnectionRecord::end, End::quit)));
    std::set<std::uint64_t> numbers;
    for (const ConnectionRecord& record : records) numbers.insert(record.number);
    EXPECT_EQ(numbers.size(), clients * sessions);
  }
  EXPECT_EQ(told, clients * sessions);
  EXPECT_FALSE(overlapped);
}

}  // namespace
}  // namespace badmx::server
