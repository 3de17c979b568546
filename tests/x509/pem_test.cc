#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace badmx::x509 {
namespace {

using testing::SizeIs;

// RFC 4648 section 10.
TEST(Base64, MatchesTheVectorsOfRfc4648) {
  const std::pair<std::string_view, std::string_view> vectors[] = {{"", ""},
                                                                   {"f", "Zg=="},
                                                                   {"fo", "Zm8="},
                                                                   {"foo", "Zm9v"},
                                                                   {"foob", "Zm9vYg=="},
                                                                   {"fooba", "Zm9vYmE="},
                                                                   {"foobar", "Zm9vYmFy"}};
  for (const auto& [plain, encoded] : vectors) {
    EXPECT_EQ(base64(as_bytes(plain)), encoded);
    ASSERT_TRUE(from_base64(encoded)) << encoded;
    EXPECT_EQ(as_text(*from_base64(encoded)), plain);
  }
}

TEST(Base64, RefusesWhatIsNone) {
  for (const std::string_view text : {"Z", "Zg=", "Zg===", "Zg==Zg==", "Zm9*"}) {
    EXPECT_FALSE(from_base64(text)) << text;
  }
}

TEST(Pem, IsReadAsItWasWritten) {
  const Bytes der(100, 0x42);
  const auto blocks = read_pem_blocks("before\n" + pem("CERTIFICATE", der) + "behind\n");
  ASSERT_THAT(blocks, SizeIs(1));
  EXPECT_EQ(blocks[0].label, "CERTIFICATE");
  EXPECT_EQ(blocks[0].der, der);
  EXPECT_EQ(blocks[0].offset, 7U);
  EXPECT_TRUE(blocks[0].whole);
}

TEST(Pem, IsReadThroughQuotesIndentsAndCarriageReturns) {
  const auto blocks = read_pem_blocks(
      "> -----BEGIN CERTIFICATE-----\r\n>   Zm9v\r\n>> YmFy\r\n> -----END CERTIFICATE-----\r\n");
  ASSERT_THAT(blocks, SizeIs(1));
  EXPECT_EQ(as_text(blocks[0].der), "foobar");
  EXPECT_TRUE(blocks[0].whole);
}

TEST(Pem, KeepsWhatACutBlockHolds) {
  const auto at_the_end = read_pem_blocks("-----BEGIN CERTIFICATE-----\nZm9vYmF");
  ASSERT_THAT(at_the_end, SizeIs(1));
  EXPECT_FALSE(at_the_end[0].whole);
  EXPECT_EQ(as_text(at_the_end[0].der), "fooba");

  const auto by_the_next = read_pem_blocks(
      "-----BEGIN CERTIFICATE-----\nZm9v\n-----BEGIN CERTIFICATE-----\nYmFy\n"
      "-----END CERTIFICATE-----\n");
  ASSERT_THAT(by_the_next, SizeIs(2));
  EXPECT_FALSE(by_the_next[0].whole);
  EXPECT_TRUE(by_the_next[1].whole);
}

TEST(Pem, IsReadWhereItsLineFeedsAreLostOrEscaped) {
  const Bytes der(200, 0x41);
  const std::string text = pem("CERTIFICATE", der);
  for (const std::string_view feed : {"", " ", "\\n", "\\r\\n"}) {
    std::string joined;
    for (const char c : text + text) joined += c == '\n' ? std::string(feed) : std::string{c};
    const auto blocks = read_pem_blocks("{\"chain\": \"" + joined + "\"}\n" + text);
    ASSERT_EQ(blocks.size(), 3U) << feed;
    for (const PemBlock& block : blocks) {
      EXPECT_TRUE(block.whole) << feed;
      EXPECT_EQ(block.der, der) << feed;
    }
  }
}

TEST(Pem, InOneLineThatIsCutKeepsWhatThereIs) {
  const auto blocks = read_pem_blocks("-----BEGIN CERTIFICATE-----QUFB QUFB");
  ASSERT_EQ(blocks.size(), 1U);
  EXPECT_FALSE(blocks[0].whole);
  EXPECT_EQ(blocks[0].der, Bytes(6, 0x41));
}

TEST(Pem, StopsAtTheLimit) {
  std::string text;
  for (int i = 0; i < 5; ++i) text += pem("CERTIFICATE", as_bytes("x"));
  EXPECT_THAT(read_pem_blocks(text, 3), SizeIs(3));
}

}  // namespace
}  // namespace badmx::x509
