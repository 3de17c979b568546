#include "x509/verify.h"

#include "tests/checker/example_certificates.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <chrono>
#include <string>
#include <thread>
#include <vector>

namespace badmx::x509 {
namespace {

namespace examples = checker::examples;
using testing::ElementsAre;
using testing::IsEmpty;
using testing::Optional;
using testing::UnorderedElementsAre;

Bytes der(std::string_view pem) { return read_pem_blocks(pem).at(0).der; }

Bytes leaf() { return der(examples::leaf_pem); }
Bytes intermediate() { return der(examples::intermediate_pem); }
Bytes root() { return der(examples::root_pem); }

// The examples were made on 2026-11-24, the leaf for 90 days, the intermediate for 1000.
Moment in_force() { return read_rfc3339("2026-12-24").value(); }

// "depth:code" of each complaint.
std::optional<std::vector<std::string>> complaints(const std::vector<Bytes>& chain,
                                                   const std::vector<Bytes>& anchors,
                                                   Moment moment = in_force(),
                                                   const std::vector<std::string>& names = {},
                                                   VerifyPurpose purpose = VerifyPurpose::server) {
  const TrustStore trust(anchors);
  const auto found = verify(
      {.chain = chain, .names = names, .moment = moment, .purpose = purpose, .crls = {}}, trust);
  if (!found) return std::nullopt;
  std::vector<std::string> all;
  for (const VerifyComplaint& complaint : *found) {
    EXPECT_EQ(complaint.text, verify_text(complaint.code));
    all.push_back(std::to_string(complaint.depth) + ":" + std::to_string(complaint.code));
  }
  return all;
}

TEST(Verify, HasNothingToSayOfAGoodChain) {
  EXPECT_THAT(complaints({leaf(), intermediate()}, {root()}), Optional(IsEmpty()));
  EXPECT_THAT(complaints({leaf(), intermediate(), root()}, {root()}), Optional(IsEmpty()));
  EXPECT_THAT(complaints({leaf(), root(), intermediate()}, {root()}), Optional(IsEmpty()));
}

TEST(Verify, SaysWhereTheChainEnds) {
  EXPECT_THAT(complaints({leaf()}, {root()}), Optional(UnorderedElementsAre("0:20", "0:21")));
  EXPECT_THAT(complaints({leaf(), intermediate()}, {}), Optional(ElementsAre("1:20")));
  EXPECT_THAT(complaints({leaf(), intermediate(), root()}, {}), Optional(ElementsAre("2:19")));
  EXPECT_THAT(complaints({root()}, {}), Optional(ElementsAre("0:18")));
}

TEST(Verify, TakesAnAnchorThatIsNotSelfSigned) {
  EXPECT_THAT(complaints({leaf()}, {intermediate()}), Optional(IsEmpty()));
  EXPECT_THAT(complaints({leaf()}, {leaf()}), Optional(IsEmpty()));
  EXPECT_THAT(complaints({leaf(), intermediate()}, {intermediate()}), Optional(IsEmpty()));
}

TEST(Verify, GoesOnAfterTheFirstComplaint) {
  // After both ran out, for another name, without the root: OpenSSL looks at no date of the last
  // certificate when its issuer is missing.
  EXPECT_THAT(complaints({leaf(), intermediate()}, {}, read_rfc3339("2030-01-01").value(),
                         {"other.example.test"}),
              Optional(UnorderedElementsAre("1:20", "0:10", "0:62")));
  EXPECT_THAT(complaints({leaf(), intermediate()}, {root()}, read_rfc3339("2026-01-01").value()),
              Optional(UnorderedElementsAre("2:9", "1:9", "0:9")));
}

TEST(Verify, LetsOneOfSeveralNamesSuffice) {
  const std::vector<Bytes> chain = {leaf(), intermediate()};
  const auto names = [&](const std::vector<std::string>& asked) {
    return complaints(chain, {root()}, in_force(), asked);
  };
  EXPECT_THAT(names({"mx.example.test"}), Optional(IsEmpty()));
  EXPECT_THAT(names({"example.test", "MX.EXAMPLE.TEST"}), Optional(IsEmpty()));
  EXPECT_THAT(names({"192.0.2.1", "mx.example.test"}), Optional(IsEmpty()));
  EXPECT_THAT(names({"example.test"}), Optional(ElementsAre("0:62")));
  EXPECT_THAT(names({"192.0.2.1"}), Optional(ElementsAre("0:64")));
  EXPECT_THAT(names({"192.0.2.1", "example.test"}), Optional(ElementsAre("0:62")));
}

TEST(Verify, JudgesThePurpose) {
  EXPECT_THAT(complaints({leaf(), intermediate()}, {root()}, in_force(), {}, VerifyPurpose::client),
              Optional(ElementsAre("0:26")));
  EXPECT_THAT(complaints({leaf(), intermediate()}, {root()}, in_force(), {}, VerifyPurpose::any),
              Optional(IsEmpty()));
}

TEST(Verify, CannotBeAskedAboutWhatOpensslDoesNotParse) {
  Bytes trailing = leaf();
  trailing.push_back(0);
  Bytes cut = leaf();
  cut.pop_back();
  EXPECT_EQ(complaints({}, {root()}), std::nullopt);
  EXPECT_EQ(complaints({{}}, {root()}), std::nullopt);
  EXPECT_EQ(complaints({{0x30, 0x00}}, {root()}), std::nullopt);
  EXPECT_EQ(complaints({trailing}, {root()}), std::nullopt);
  EXPECT_EQ(complaints({leaf(), cut}, {root()}), std::nullopt);
}

TEST(Verify, LeavesOutAnchorsThatOpensslDoesNotParse) {
  const std::vector<Bytes> anchors = {{0x30, 0x00}, root(), {}};
  EXPECT_EQ(TrustStore(anchors).size(), 1U);
  EXPECT_THAT(complaints({leaf(), intermediate()}, anchors), Optional(IsEmpty()));
}

TEST(Verify, ComplainsOfABrokenSignature) {
  Bytes broken = leaf();
  broken.back() ^= 0x01U;
  EXPECT_THAT(complaints({broken, intermediate()}, {root()}), Optional(ElementsAre("0:7")));
}

TEST(Verify, SharesOneStoreBetweenThreads) {
  const std::vector<Bytes> anchors = {root()};
  const TrustStore trust(anchors);
  const std::vector<Bytes> chain = {leaf(), intermediate()};
  std::vector<int> clean(4, 0);
  {
    std::vector<std::jthread> threads;
    for (int& count : clean) {
      threads.emplace_back([&trust, &chain, &count] {
        for (int i = 0; i < 50; ++i) {
          const auto found = verify({.chain = chain,
                                     .names = {},
                                     .moment = in_force(),
                                     .purpose = VerifyPurpose::server,
                                     .crls = {}},
                                    trust);
          if (found && found->empty()) ++count;
        }
      });
    }
  }
  EXPECT_THAT(clean, ElementsAre(50, 50, 50, 50));
}

}  // namespace
}  // namespace badmx::x509
