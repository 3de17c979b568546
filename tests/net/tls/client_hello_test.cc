#include "net/tls/client_hello.h"

#include "net/tls/channel.h"
#include "net/tls/context.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <array>

namespace badmx::tls {
namespace {

using testing::Contains;
using testing::ElementsAre;

// As OpenSSL sends it: one record.
x509::Bytes captured_hello() {
  const Library library;
  const ClientContext context(library, {});
  Channel client(context.connection("mx.example.test"), Channel::Role::client);
  constexpr std::array<unsigned char, 5> protocols = {4, 's', 'm', 't', 'p'};
  SSL_set_alpn_protos(client.native(), protocols.data(), protocols.size());
  client.handshake();
  return client.take_output();
}

// The same message in records of so many octets.
x509::Bytes in_records_of(std::size_t octets, const x509::Bytes& hello) {
  x509::Bytes records;
  for (std::size_t at = 5; at < hello.size(); at += octets) {
    const std::size_t length = std::min(octets, hello.size() - at);
    x509::append(records, x509::Bytes{22, 3, 1, static_cast<std::uint8_t>(length >> 8U),
                                      static_cast<std::uint8_t>(length & 0xffU)});
    x509::append(records, x509::ByteView(hello).subspan(at, length));
  }
  return records;
}

TEST(ClientHello, ReadsWhatOpenSslOffers) {
  const HelloReading reading = read_client_hello(captured_hello());
  ASSERT_EQ(reading.state, HelloState::complete);
  EXPECT_THAT(reading.hello.versions, ElementsAre(0x0304, 0x0303));
  EXPECT_THAT(reading.hello.ciphers, Contains(0x1301));
  EXPECT_THAT(reading.hello.groups, Contains(29));
  EXPECT_THAT(reading.hello.signature_algorithms, Contains(0x0403));
  EXPECT_EQ(reading.hello.sni, "mx.example.test");
  EXPECT_THAT(reading.hello.alpn, ElementsAre("smtp"));
  EXPECT_TRUE(reading.hello.status_request);
}

TEST(ClientHello, EveryPartOfItAsksForMore) {
  const x509::Bytes hello = captured_hello();
  for (std::size_t length = 0; length < hello.size(); ++length) {
    EXPECT_EQ(read_client_hello(x509::ByteView(hello).first(length)).state, HelloState::need_more)
        << length;
  }
}

TEST(ClientHello, MayBeSpreadOverManyRecords) {
  const x509::Bytes hello = captured_hello();
  const HelloReading whole = read_client_hello(hello);
  for (const std::size_t octets : {1U, 2U, 3U, 50U}) {
    EXPECT_EQ(read_client_hello(in_records_of(octets, hello)), whole) << octets;
  }
}

TEST(ClientHello, WhatStandsBehindItIsLeftAlone) {
  x509::Bytes more = captured_hello();
  x509::append(more, x509::as_bytes("early"));
  EXPECT_EQ(read_client_hello(more).state, HelloState::complete);
}

TEST(ClientHello, TextIsNotTls) {
  EXPECT_EQ(read_client_hello(x509::as_bytes("E")).state, HelloState::not_tls);
  EXPECT_EQ(read_client_hello(x509::as_bytes("EHLO client\r\n")).state, HelloState::not_tls);
  EXPECT_EQ(read_client_hello(x509::Bytes{22, 2}).state, HelloState::not_tls);
  EXPECT_EQ(read_client_hello(x509::Bytes{21, 3, 1, 0, 2, 2, 40}).state, HelloState::not_tls);
  EXPECT_EQ(read_client_hello(x509::Bytes{22, 3, 1, 0xff, 0xff}).state, HelloState::not_tls);
}

TEST(ClientHello, WhatOnlyBeginsLikeOneIsMalformed) {
  // A ServerHello; a message of 4 MiB; one too short for its random.
  EXPECT_EQ(read_client_hello(x509::Bytes{22, 3, 1, 0, 4, 2, 0, 0, 0}).state,
            HelloState::malformed);
  EXPECT_EQ(read_client_hello(x509::Bytes{22, 3, 1, 0, 4, 1, 0x40, 0, 0}).state,
            HelloState::malformed);
  EXPECT_EQ(read_client_hello(x509::Bytes{22, 3, 1, 0, 6, 1, 0, 0, 2, 3, 3}).state,
            HelloState::malformed);
  EXPECT_EQ(read_client_hello(x509::Bytes(65537, 22)).state, HelloState::malformed);
}

TEST(ClientHello, ALegacyOneHasNoExtensions) {
  x509::Bytes body = {3, 1};
  body.resize(34, 0xaa);  // random
  x509::append(body, x509::Bytes{0, 0, 4, 0x00, 0x2f, 0x00, 0x35, 1, 0});
  x509::Bytes record = {22,
                        3,
                        1,
                        0,
                        static_cast<std::uint8_t>(body.size() + 4),
                        1,
                        0,
                        0,
                        static_cast<std::uint8_t>(body.size())};
  x509::append(record, body);
  const HelloReading reading = read_client_hello(record);
  ASSERT_EQ(reading.state, HelloState::complete);
  EXPECT_THAT(reading.hello.versions, ElementsAre(0x0301));
  EXPECT_THAT(reading.hello.ciphers, ElementsAre(0x002f, 0x0035));
  EXPECT_FALSE(reading.hello.sni.has_value());
}

TEST(ClientHello, OctetsThatFlipNeverHarm) {
  const x509::Bytes hello = captured_hello();
  int complete = 0;
  for (std::size_t at = 0; at < hello.size(); ++at) {
    for (const unsigned flip : {0x01U, 0x80U, 0xffU}) {
      x509::Bytes flipped = hello;
      flipped[at] = static_cast<std::uint8_t>(flipped[at] ^ flip);
      complete += read_client_hello(flipped).state == HelloState::complete ? 1 : 0;
    }
  }
  EXPECT_GT(complete, 0);  // those in the random, for instance
}

TEST(HelloNames, AreThoseOfTheRegistries) {
  EXPECT_EQ(version_name(0x0304), "TLSv1.3");
  EXPECT_EQ(version_name(0x0a0a), "0x0a0a");
  EXPECT_EQ(group_name(29), "X25519");
  EXPECT_EQ(group_name(23), "P-256");
  EXPECT_EQ(group_name(0x1a1a), "0x1a1a");
  EXPECT_EQ(signature_algorithm_name(0x0804), "rsa_pss_rsae_sha256");
  EXPECT_EQ(signature_algorithm_name(0xffff), "0xffff");
}

}  // namespace
}  // namespace badmx::tls
