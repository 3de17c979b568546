#include "net/tls/context.h"

#include "net/tls/client_hello.h"
#include "tests/net/tls/memory_wire.h"
#include "tests/x509/made_identity.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>

namespace badmx::tls {
namespace {

using testing::Contains;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Not;

ServerSetup serving(std::vector<x509::Identity> identities) {
  ServerSetup setup;
  setup.identities = std::move(identities);
  return setup;
}

ClientHello hello_of(const ClientContext& context, const std::string& sni) {
  Channel client(context.connection(sni), Channel::Role::client);
  client.handshake();
  return read_client_hello(client.take_output()).hello;
}

TEST(ServerContext, RefusesWhatOpenSslCannotServe) {
  const Library library;
  ServerSetup version;
  version.versions = {"1.4"};
  EXPECT_THROW(ServerContext(library, version), x509::Error);
  ServerSetup group;
  group.groups = {"P-999"};
  EXPECT_THROW(ServerContext(library, group), x509::Error);
  ServerSetup cipher;
  cipher.ciphers = "NO-SUCH";
  EXPECT_THROW(ServerContext(library, cipher), x509::Error);
  x509::Identity unparsable = x509::make_identity(x509::MadeKey::p256);
  unparsable.chain[0][0] = 0xff;
  EXPECT_THROW(ServerContext(library, serving({unparsable})), x509::Error);
  x509::Identity keyless = x509::make_identity(x509::MadeKey::p256);
  keyless.key = {1, 2, 3};
  EXPECT_THROW(ServerContext(library, serving({keyless})), x509::Error);
  EXPECT_THROW(ServerContext(library, serving({x509::Identity{}})), x509::Error);
}

// OpenSSL would read the outer length 82 xx xx written in three octets and write it in two again.
TEST(ServerContext, RefusesACertificateThatItWouldSendOtherwise) {
  x509::Identity identity = x509::make_identity(x509::MadeKey::p256);
  x509::Bytes& der = identity.chain[0];
  ASSERT_EQ(der[1], 0x82);
  der[1] = 0x83;
  der.insert(der.begin() + 2, 0x00);
  EXPECT_THROW(ServerContext(Library(), serving({identity})), x509::Error);
}

TEST(ServerContext, SpeaksTls12And13Unasked) {
  for (const char* version : {"1.2", "1.3"}) {
    ServerSetup only = serving({x509::make_identity(x509::MadeKey::p256)});
    only.versions = {version};
    Pair pair(only, {});
    EXPECT_EQ(pair.shake().client, Progress::done) << version;
  }
  Pair unasked(serving({x509::make_identity(x509::MadeKey::p256)}), {});
  EXPECT_EQ(unasked.shake().client, Progress::done);
  EXPECT_EQ(unasked.client.negotiated().version, "TLSv1.3");
}

TEST(ServerContext, LeavesOutAVersionInTheMiddle) {
  ServerSetup setup = serving({x509::make_identity(x509::MadeKey::p256)});
  setup.versions = {"1.1", "1.3"};
  const Library library;
  const ServerContext context(library, setup);
  const x509::SslHandle ssl = context.connection();
  EXPECT_NE(SSL_get_options(ssl.get()) & SSL_OP_NO_TLSv1_2, 0U);
  EXPECT_EQ(SSL_get_options(ssl.get()) & SSL_OP_NO_TLSv1_1, 0U);
}

TEST(ServerContext, ChoosesTheIdentityByTheClientsCiphers) {
  const x509::Identity rsa = x509::make_identity(x509::MadeKey::rsa_2048, "rsa");
  const x509::Identity ec = x509::make_identity(x509::MadeKey::p256, "ec");
  ServerSetup setup = serving({rsa, ec});
  setup.versions = {"1.2"};
  setup.ciphers = "ECDHE-RSA-AES128-GCM-SHA256";
  Pair by_rsa(setup, {});
  ASSERT_EQ(by_rsa.shake().client, Progress::done);
  EXPECT_EQ(by_rsa.client.peer_certificates(), rsa.chain);
  setup.ciphers = "ECDHE-ECDSA-AES128-GCM-SHA256";
  Pair by_ec(setup, {});
  ASSERT_EQ(by_ec.shake().client, Progress::done);
  EXPECT_EQ(by_ec.client.peer_certificates(), ec.chain);
}

TEST(ServerContext, ServesAKeyThatIsTooShortForACurrentLibrary) {
  Pair pair(serving({x509::make_identity(x509::MadeKey::rsa_1024)}), {});
  EXPECT_EQ(pair.shake().client, Progress::done);
}

struct KeyPairCase {
  const char* name;
  x509::MadeKey certificate;
  x509::MadeKey key;
};

class ForeignKey : public testing::TestWithParam<KeyPairCase> {};

TEST_P(ForeignKey, IsServedAndTheClientRefusesItsSignature) {
  x509::Identity identity = x509::make_identity(GetParam().certificate);
  identity.key = x509::make_identity(GetParam().key).key;
  for (const char* version : {"1.2", "1.3"}) {
    ServerSetup setup = serving({identity});
    setup.versions = {version};
    setup.ciphers = "ECDHE+AESGCM";
    Pair pair(setup, {});
    EXPECT_EQ(pair.shake().client, Progress::failed);
    EXPECT_EQ(pair.client.peer_certificates(), identity.chain);
    // decrypt_error (RFC 8446 6.2): the signature doesn't verify.
    EXPECT_THAT(pair.client.alerts(),
                Contains(AlertSeen{.direction = Direction::sent, .level = 2, .number = 51}))
        << version << text(pair.client.errors()) << text(pair.server.errors());
  }
}

INSTANTIATE_TEST_SUITE_P(
    ServerContext, ForeignKey,
    testing::Values(KeyPairCase{"Ec", x509::MadeKey::p256, x509::MadeKey::p256},
                    KeyPairCase{"OtherCurve", x509::MadeKey::p256, x509::MadeKey::p384},
                    KeyPairCase{"Rsa", x509::MadeKey::rsa_2048, x509::MadeKey::rsa_2048},
                    KeyPairCase{"Ed25519", x509::MadeKey::ed25519, x509::MadeKey::ed25519},
                    KeyPairCase{"RsaForEc", x509::MadeKey::p256, x509::MadeKey::rsa_2048},
                    KeyPairCase{"EcForRsa", x509::MadeKey::rsa_2048, x509::MadeKey::p256}),
    [](const testing::TestParamInfo<KeyPairCase>& row) { return std::string(row.param.name); });

TEST(ServerContext, SendsTicketsOnlyWhenAsked) {
  for (const int tickets : {0, 2}) {
    ServerSetup setup = serving({x509::make_identity(x509::MadeKey::p256)});
    setup.tickets = tickets;
    Pair pair(setup, {});
    ASSERT_EQ(pair.shake().client, Progress::done);
    x509::Bytes nothing;
    EXPECT_EQ(pair.client.read(nothing), Progress::needs_input);
    const SSL_SESSION* const session = SSL_get_session(pair.client.native());
    EXPECT_EQ(SSL_SESSION_is_resumable(session), tickets > 0 ? 1 : 0);
  }
}

TEST(ClientContext, OffersWhatACurrentSenderOffers) {
  const Library library;
  const ClientContext context(library, {});
  const ClientHello hello = hello_of(context, "mx.example.test");
  EXPECT_THAT(hello.versions, ElementsAre(0x0304, 0x0303));
  EXPECT_THAT(hello.groups, ElementsAre(29, 23, 30, 25, 24));
  EXPECT_EQ(hello.sni, "mx.example.test");
  EXPECT_TRUE(hello.status_request);
  EXPECT_THAT(hello.signature_algorithms, Not(Contains(0x0201)));
}

TEST(ClientContext, PermissiveOffersTheOldToo) {
  const Library library;
  ClientSetup setup;
  setup.tolerance = Tolerance::all;
  const ClientContext context(library, setup);
  const ClientHello hello = hello_of(context, "");
  EXPECT_THAT(hello.versions, ElementsAre(0x0304, 0x0303, 0x0302, 0x0301));
  EXPECT_THAT(hello.signature_algorithms, Contains(0x0201));  // rsa_pkcs1_sha1
  EXPECT_THAT(hello.ciphers, Contains(0x0034));               // TLS_DH_anon_WITH_AES_128_CBC_SHA
  EXPECT_FALSE(hello.sni.has_value());
}

TEST(ClientContext, SendsNoAddressAsServerName) {
  const Library library;
  const ClientContext context(library, {});
  EXPECT_FALSE(hello_of(context, "127.0.0.1").sni.has_value());
  EXPECT_FALSE(hello_of(context, "::1").sni.has_value());
}

void exit_by_what_is_offered() {
  const Library library;
  const ClientContext context(library, {});
  const ClientHello hello = hello_of(context, "");
  const bool plain = hello.versions == std::vector<std::uint16_t>{0x0304, 0x0303} &&
                     hello.groups.size() == 5 && hello.signature_algorithms.size() == 14 &&
                     hello.ciphers.front() == 0x1302;
  std::exit(plain ? 0 : 1);
}

// Run in a process of its own (the threadsafe style), since the file is read only once.
TEST(ContextDeathTest, NoConfigurationOfTheSystemShows) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  const std::filesystem::path file =
      std::filesystem::path(testing::TempDir()) / "badmx_context_test_openssl.cnf";
  std::ofstream(file) << "openssl_conf = all\n[all]\nssl_conf = ssl\n[ssl]\n"
                         "system_default = strange\n[strange]\n"
                         "MinProtocol = TLSv1.3\nMaxProtocol = TLSv1.3\nGroups = P-521\n"
                         "Ciphersuites = TLS_AES_128_CCM_SHA256\n"
                         "SignatureAlgorithms = ed448\nOptions = -SessionTicket\n";
  setenv("OPENSSL_CONF", file.c_str(), 1);
  EXPECT_EXIT(exit_by_what_is_offered(), testing::ExitedWithCode(0), "");
  unsetenv("OPENSSL_CONF");
}

TEST(DistinguishedName, IsWrittenInTheOrderOfTheText) {
  // SEQUENCE { SET { SEQUENCE { 2.5.4.3, UTF8String "a" } } SET { … 2.5.4.10, "b,c" } }
  EXPECT_EQ(x509::hex(distinguished_name("CN=a, O=b\\,c")),
            "301a310a300806035504030c0161310c300a060355040a0c03622c63");
}

TEST(DistinguishedName, RefusesWhatIsNone) {
  EXPECT_THROW(distinguished_name(""), x509::Error);
  EXPECT_THROW(distinguished_name("Partner CA"), x509::Error);
  EXPECT_THROW(distinguished_name("XYZZY=a"), x509::Error);
  EXPECT_THROW(distinguished_name("CN="), x509::Error);
}

}  // namespace
}  // namespace badmx::tls
