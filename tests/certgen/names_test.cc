#include "certgen/names.h"

#include "tests/certgen/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

using test::lab_naming;

// An attribute as NUMBER:TAG:VALUE, relative names joined by "/", attributes within one by "+".
std::string outline(std::string_view text) {
  std::string line;
  for (const x509::der::Node& relative : distinguished_name(text, lab_naming()).children) {
    if (!line.empty()) line += "/";
    std::string inside;
    for (const x509::der::Node& attribute : relative.children) {
      if (!inside.empty()) inside += "+";
      inside += *x509::der::oid_text(attribute.children.at(0).content) + ":" +
                std::to_string(attribute.children.at(1).tag) + ":" +
                std::string(x509::as_text(attribute.children.at(1).content));
    }
    line += inside;
  }
  return line;
}

TEST(DistinguishedName, IsReadAsRfc4514WritesItButInTheOrderGiven) {
  const std::vector<std::pair<std::string, std::string>> table{
      {"", ""},
      {"CN=mx.example.test", "2.5.4.3:19:mx.example.test"},
      {"C=DE, O=Example , CN={host}",
       "2.5.4.6:19:DE/2.5.4.10:19:Example/2.5.4.3:19:mx.healthy.badmx.test"},
      {"cn=a", "2.5.4.3:19:a"},
      {R"(O=Smith\, Sons \+ Co)", "2.5.4.10:19:Smith, Sons + Co"},
      {R"(CN=a\2cb)", "2.5.4.3:19:a,b"},
      {R"(CN=\{host\})", "2.5.4.3:12:{host}"},
      {R"(CN=a\ )", "2.5.4.3:19:a "},
      {"CN=b+OU=a", "2.5.4.3:19:b+2.5.4.11:19:a"},
      {"2.5.4.97=X", "2.5.4.97:19:X"},
      // PrintableString has no *, @ or _: UTF8String (12); DC and emailAddress are IA5String (22).
      {"CN=*.{lab}", "2.5.4.3:12:*.badmx.test"},
      {"CN=bücher", "2.5.4.3:12:bücher"},
      {"DC=test, emailAddress=a@b",
       "0.9.2342.19200300.100.1.25:22:test/1.2.840.113549.1.9.1:22:a@b"},
  };
  for (const auto& [text, expected] : table) EXPECT_EQ(outline(text), expected) << text;
}

TEST(DistinguishedName, RefusesWhatItCantRead) {
  for (const std::string text :
       {"CN", "mx.example.test", "XX=a", "CN=", "CN=a,", "CN=a, O", "CN={nobody}", "CN=a}",
        R"(CN=a\q)", R"(CN=a\)", "1.2.x=a", "=a"}) {
    EXPECT_THROW(distinguished_name(text, lab_naming()), std::invalid_argument) << text;
  }
}

TEST(DnsName, WritesLabelsThatArentAsciiAsALabels) {
  EXPECT_EQ(dns_name("bücher.example.test"), "xn--bcher-kva.example.test");
  EXPECT_EQ(dns_name("*.bücher.example.test"), "*.xn--bcher-kva.example.test");
  // RFC 5891 keeps what IDNA 2003 would have made "strasse" of.
  EXPECT_EQ(dns_name("straße.example.test"), "xn--strae-oqa.example.test");
}

TEST(DnsName, KeepsOddAsciiAsGiven) {
  for (const std::string name :
       {"*", "_25._tcp.MX.example.test", "mail.local.", "a--b", "localhost"}) {
    EXPECT_EQ(dns_name(name), name);
  }
}

TEST(DnsName, RefusesWhatNoDnsHas) {
  const std::string label(64, 'a');
  std::string longest;
  for (int i = 0; i < 127; ++i) longest += "a.";
  for (const std::string& name : {std::string(), std::string("a b"), std::string("a\nb"), label,
                                  std::string("a..b"), std::string(".a"), longest + "a"}) {
    EXPECT_THROW(dns_name(name), std::invalid_argument) << name;
  }
  EXPECT_EQ(dns_name(longest).size(), 254U);  // 253 and the trailing dot
}

TEST(DnsConstraint, MayBeEmptyOrBeginWithADot) {
  EXPECT_EQ(dns_constraint(""), "");
  EXPECT_EQ(dns_constraint(".bücher.test"), ".xn--bcher-kva.test");
  EXPECT_THROW(dns_constraint(".."), std::invalid_argument);
}

TEST(EmailAddress, HasAnAsciiLocalPartAndADomain) {
  EXPECT_EQ(email_address("postmaster@bücher.test"), "postmaster@xn--bcher-kva.test");
  for (const std::string text : {"postmaster", "@a.test", "bü@a.test", "a b@a.test", "a@"}) {
    EXPECT_THROW(email_address(text), std::invalid_argument) << text;
  }
}

TEST(IpAddress, IsFourOrSixteenOctets) {
  EXPECT_EQ(x509::hex(ip_address("192.0.2.1")), "c0000201");
  EXPECT_EQ(x509::hex(ip_address("2001:db8::1")), "20010db8000000000000000000000001");
  EXPECT_THROW(ip_address("192.0.2"), std::invalid_argument);
  EXPECT_THROW(ip_address("192.0.2.256"), std::invalid_argument);
}

TEST(Template, KnowsHostDomainAndLabOnly) {
  EXPECT_EQ(expand("{host} {domain} {lab}", lab_naming()),
            "mx.healthy.badmx.test healthy.badmx.test badmx.test");
  for (const std::string text : {"{", "}", "{x}", "{host", "host}"}) {
    EXPECT_THROW(expand(text, lab_naming()), std::invalid_argument) << text;
  }
}

}  // namespace
}  // namespace badmx::certgen
