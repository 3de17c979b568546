// Same seed, moment and names: same bytes, whatever the order and the threads.
#include "tests/certgen/support.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <string>
#include <thread>
#include <vector>

namespace badmx::certgen {
namespace {

using test::lab_naming;
using test::noon;
using test::spec_of;
using test::test_seed;

// Every kind of key and signature in one.
PkiSpec mixed() {
  PkiSpec spec;
  spec.certificates = {
      {.name = "leaf", .issued_by = "ed"},
      {.name = "second", .issued_by = "pss"},
      {.name = "third", .issued_by = "rsa"},
      {.name = "ed", .issued_by = "root"},
      {.name = "pss", .issued_by = "root"},
      {.name = "rsa", .issued_by = "root"},
      lab_root(),
  };
  spec_of(spec, "ed").key = {KeyKind::ed25519, 0};
  spec_of(spec, "pss").key = {KeyKind::rsa_pss, 1024};
  spec_of(spec, "rsa").key = {KeyKind::rsa, 1024};
  spec_of(spec, "second").key = {KeyKind::ec_p521, 0};
  spec.crls = {{.name = "list", .issued_by = "rsa", .next_update = std::chrono::days{1}}};
  return spec;
}

NamingContext naming_context(const std::string& scenario) {
  NamingContext naming = lab_naming();
  naming.scenario = scenario;
  naming.host = "mx." + scenario + ".badmx.test";
  naming.domain = scenario + ".badmx.test";
  return naming;
}

Pki fresh(const PkiSpec& spec, const NamingContext& naming, const Seed& seed = test_seed()) {
  KeyStore keys(seed);
  return generate(spec, naming, keys);
}

TEST(Generation, IsAFunctionOfSeedMomentAndNames) {
  EXPECT_EQ(fresh(mixed(), naming_context("a")), fresh(mixed(), naming_context("a")));
}

TEST(Generation, DoesntDependOnWhatWasMadeBefore) {
  KeyStore keys(test_seed());
  const Pki b_first = generate(mixed(), naming_context("b"), keys);
  const Pki a_second = generate(mixed(), naming_context("a"), keys);
  EXPECT_EQ(a_second, fresh(mixed(), naming_context("a")));
  EXPECT_EQ(b_first, fresh(mixed(), naming_context("b")));
}

TEST(Generation, DoesntDependOnTheOrderOfTheSpec) {
  PkiSpec reversed = mixed();
  std::ranges::reverse(reversed.certificates);
  const Pki there = fresh(mixed(), naming_context("a"));
  const Pki back = fresh(reversed, naming_context("a"));
  for (const IssuedCertificate& each : there.certificates) {
    EXPECT_EQ(each, *back.find(each.name)) << each.name;
  }
}

TEST(Generation, DoesntDependOnThreads) {
  KeyStore shared(test_seed());
  constexpr std::size_t count = 8;
  std::vector<Pki> first(count);
  std::vector<Pki> second(count);
  const auto make_all = [&](std::vector<Pki>& all) {
    for (std::size_t i = 0; i < count; ++i) {
      all[i] = generate(mixed(), naming_context("s" + std::to_string(i)), shared);
    }
  };
  {
    const std::jthread one([&] { make_all(first); });
    const std::jthread two([&] { make_all(second); });
  }
  EXPECT_EQ(first, second);
  EXPECT_EQ(first[7], fresh(mixed(), naming_context("s7")));
}

// All of them, identity.p12 too.
TEST(Generation, GivesTheSameFiles) {
  const auto files = [] {
    PkiSpec spec = healthy_pki();
    spec.crls = {{.name = "list", .issued_by = "root", .next_update = std::chrono::days{1}}};
    spec.ocsp = {{.name = "reply", .about = "leaf"}};
    const Pki pki = fresh(spec, naming_context("a"));
    return pki_files(pki, pki.identity({"leaf", "intermediate"}), "A test.\n");
  };
  const std::vector<FolderFile> once = files();
  ASSERT_GE(once.size(), 10U);
  EXPECT_EQ(std::ranges::count(once, "identity.p12", &FolderFile::path), 1);
  EXPECT_EQ(once, files());
}

TEST(Generation, DiffersWithSeedScenarioAndMoment) {
  const Pki here = fresh(healthy_pki(), naming_context("a"));
  EXPECT_NE(here.find("leaf")->key, fresh(healthy_pki(), naming_context("b")).find("leaf")->key);
  EXPECT_NE(here.find("leaf")->key,
            fresh(healthy_pki(), naming_context("a"), Seed{.bytes = {9}}).find("leaf")->key);
  NamingContext later = naming_context("a");
  later.moment += std::chrono::seconds{1};
  const Pki then = fresh(healthy_pki(), later);
  EXPECT_EQ(here.find("leaf")->key, then.find("leaf")->key);
  EXPECT_NE(here.find("leaf")->der, then.find("leaf")->der);
}

TEST(RsaKeys, AreSharedByScenarios) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").key = {KeyKind::rsa, 1024};
  EXPECT_EQ(fresh(spec, naming_context("a")).find("leaf")->key,
            fresh(spec, naming_context("b")).find("leaf")->key);
}

TEST(LabRoot, IsOneForAllScenarios) {
  KeyStore keys(test_seed());
  const x509::Bytes root = lab_root_certificate("badmx.test", noon, keys);
  for (const std::string scenario : {"a", "b"}) {
    const Pki pki = fresh(healthy_pki(), naming_context(scenario));
    EXPECT_EQ(pki.find("root")->der, root);
    EXPECT_EQ(pki.trusted, std::vector<x509::Bytes>{root});
  }
}

TEST(LabRoot, KeepsTheMomentItWasMade) {
  KeyStore keys(test_seed());
  NamingContext later = naming_context("a");
  later.moment += std::chrono::days{100};
  later.lab_made = noon;
  const Pki pki = generate(healthy_pki(), later, keys);
  EXPECT_EQ(pki.trusted.front(), lab_root_certificate("badmx.test", noon, keys));
}

TEST(LabRoot, IsTrustedBesideAScenariosOwn) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "root").digest = Digest::sha384;
  spec.trusted = {"root"};
  KeyStore keys(test_seed());
  const Pki pki = generate(spec, naming_context("a"), keys);
  EXPECT_EQ(pki.trusted, (std::vector<x509::Bytes>{lab_root_certificate("badmx.test", noon, keys),
                                                   pki.find("root")->der}));
  EXPECT_NE(pki.find("root")->key, fresh(healthy_pki(), naming_context("a")).find("root")->key);
}

TEST(RandomSeed, IsThirtyTwoOctetsAndNeverTheSame) {
  EXPECT_EQ(random_seed().bytes.size(), 32U);
  EXPECT_NE(random_seed(), random_seed());
}

}  // namespace
}  // namespace badmx::certgen
