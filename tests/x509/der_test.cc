#include "x509/der.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace badmx::x509::der {
namespace {

Bytes from(std::string_view hexadecimal) { return from_hex(hexadecimal).value(); }

TEST(DerReader, TakesOneElementAfterTheOther) {
  const Bytes bytes = from("0201050500");
  Reader reader(bytes);
  EXPECT_EQ(reader.next(integer_tag)->content.front(), 5);
  EXPECT_EQ(reader.next()->tag, null_tag);
  EXPECT_TRUE(reader.empty());
}

TEST(DerReader, ConsumesNothingWhereTheTagDiffers) {
  const Bytes bytes = from("020105");
  Reader reader(bytes);
  EXPECT_FALSE(reader.next(null_tag));
  EXPECT_EQ(reader.rest().size(), 3U);
}

TEST(DerReader, RefusesWhatIsNoWholeElement) {
  for (const std::string_view hexadecimal : {"", "02", "0202ff", "0280ff0000", "1f810100",
                                             "0285000000000100", "028301", "0284ffffffff00"}) {
    const Bytes bytes = from(hexadecimal);
    EXPECT_FALSE(Reader(bytes).next()) << hexadecimal;
  }
}

TEST(DerReader, TakesALengthThatDerWouldWriteShorter) {
  const Bytes bytes = from("02810105");
  EXPECT_EQ(Reader(bytes).next()->content.size(), 1U);
}

TEST(DerOnly, RefusesBytesBehind) {
  EXPECT_TRUE(only(from("0500"), null_tag));
  EXPECT_FALSE(only(from("050000"), null_tag));
}

TEST(DerInteger, IsAsShortAsTwosComplementGoes) {
  EXPECT_EQ(hex(write(integer(0))), "020100");
  EXPECT_EQ(hex(write(integer(127))), "02017f");
  EXPECT_EQ(hex(write(integer(128))), "02020080");
  EXPECT_EQ(hex(write(integer(256))), "02020100");
  EXPECT_EQ(hex(write(integer(-1))), "0201ff");
  EXPECT_EQ(hex(write(integer(-128))), "020180");
  EXPECT_EQ(hex(write(integer(-129))), "0202ff7f");
}

TEST(DerInteger, OfAMagnitudeIsNeverNegative) {
  EXPECT_EQ(hex(write(unsigned_integer(from("0000ff")))), "020200ff");
  EXPECT_EQ(hex(write(unsigned_integer(from("00")))), "020100");
  EXPECT_EQ(hex(write(unsigned_integer(from("7f")))), "02017f");
}

// X.690 8.19.5: {2 100 3} is 06 03 81 34 03.
TEST(DerObjectIdentifier, IsWrittenAndReadAsX690Says) {
  EXPECT_EQ(hex(write(oid("2.100.3"))), "0603813403");
  EXPECT_EQ(oid_text(from("813403")), "2.100.3");
  EXPECT_EQ(hex(write(oid("1.2.840.113549.1.1.11"))), "06092a864886f70d01010b");
  EXPECT_EQ(oid_text(from("2a864886f70d01010b")), "1.2.840.113549.1.1.11");
}

TEST(DerObjectIdentifier, RefusesWhatIsNone) {
  for (const std::string_view dotted :
       {"", "1", "3.1", "1.40", "1.2.", ".1.2", "1..2", "1.2.x", "1.2 "}) {
    EXPECT_THROW(oid(dotted), std::invalid_argument) << dotted;
  }
  EXPECT_FALSE(oid_text(from("")));
  EXPECT_FALSE(oid_text(from("2a86")));  // the last arc isn't whole
  EXPECT_FALSE(oid_text(from("ffffffffffffffffffff7f")));
}

TEST(DerTree, IsReadAndWrittenBackToTheSameBytes) {
  const Bytes bytes = from("300d0201050c026869310430020500");
  const auto tree = read(bytes);
  ASSERT_TRUE(tree);
  EXPECT_EQ(tree->children.size(), 3U);
  EXPECT_EQ(write(*tree), bytes);
}

TEST(DerTree, WritesLongLengths) {
  const Bytes content(300, 0x61);
  EXPECT_EQ(hex(write(octet_string(content))).substr(0, 8), "0482012c");
  EXPECT_EQ(write(sequence({octet_string(content)})).size(), 300U + 4 + 4);
}

TEST(DerTree, StopsAtThirtyTwoLevels) {
  Node nested = null();
  for (int level = 0; level < 40; ++level) nested = sequence({nested});
  EXPECT_FALSE(read(write(nested)));
  Node shallow = null();
  for (int level = 0; level < 30; ++level) shallow = sequence({shallow});
  EXPECT_TRUE(read(write(shallow)));
}

TEST(DerBits, SayHowManyAreUnused) {
  EXPECT_EQ(hex(write(bit_string(from("a0"), 5))), "030205a0");
  EXPECT_EQ(hex(write(boolean(true))), "0101ff");
}

}  // namespace
}  // namespace badmx::x509::der
