#include "certgen/pem_files.h"

#include "tests/certgen/support.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <string>
#include <system_error>
#include <unistd.h>

namespace badmx::certgen {
namespace {

namespace fs = std::filesystem;
using test::content_of;
using test::Folder;
using test::lab_naming;
using test::shared_keys;
using test::spec_of;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using testing::UnorderedElementsAre;

std::vector<std::string> names_in(const fs::path& folder) {
  std::vector<std::string> names;
  for (const auto& entry : fs::directory_iterator(folder)) {
    names.push_back(entry.path().filename().string());
  }
  return names;
}

Pki healthy() { return generate(healthy_pki(), lab_naming(), shared_keys()); }

std::vector<FolderFile> healthy_files() {
  const Pki pki = healthy();
  return pki_files(pki, pki.identity({"leaf", "intermediate"}), "Nothing is broken.\n");
}

const FolderFile& file_of(const std::vector<FolderFile>& files, std::string_view path) {
  const auto found = std::ranges::find(files, path, &FolderFile::path);
  if (found == files.end()) throw std::logic_error("no such file");
  return *found;
}

std::vector<x509::Bytes> blocks(const std::string& text) {
  std::vector<x509::Bytes> all;
  for (const x509::PemBlock& block : x509::read_pem_blocks(text)) all.push_back(block.der);
  return all;
}

TEST(PkiFiles, HoldCertificatesKeysChainAndTrust) {
  const Pki pki = healthy();
  const std::vector<FolderFile> files = healthy_files();
  std::vector<std::string> paths;
  for (const FolderFile& file : files) paths.push_back(file.path);
  EXPECT_THAT(paths, UnorderedElementsAre("chain.pem", "chain.key", "trust.pem", "leaf.pem",
                                          "leaf.key", "intermediate.pem", "intermediate.key",
                                          "root.pem", "root.key", "identity.p12", "README"));
  EXPECT_EQ(blocks(file_of(files, "chain.pem").content),
            pki.identity({"leaf", "intermediate"}).chain);
  EXPECT_EQ(blocks(file_of(files, "trust.pem").content), pki.trusted);
  EXPECT_THAT(blocks(file_of(files, "leaf.pem").content), ElementsAre(pki.find("leaf")->der));
  EXPECT_THAT(blocks(file_of(files, "chain.key").content), ElementsAre(pki.find("leaf")->key));
}

TEST(PkiFiles, SayInProseWhatEachBlockIs) {
  const std::string chain = file_of(healthy_files(), "chain.pem").content;
  EXPECT_THAT(chain, HasSubstr("What:       leaf, sent as number 0\n"
                               "Subject:    CN=mx.healthy.badmx.test\n"));
  EXPECT_THAT(chain, HasSubstr("Not after:  2026-09-13 12:00:00 UTC\n"));
  const std::string readme = file_of(healthy_files(), "README").content;
  EXPECT_THAT(readme, testing::StartsWith("Nothing is broken.\n"));
  EXPECT_THAT(readme, HasSubstr("identity.p12"));
}

TEST(PkiFiles, GiveCertificatesNamesThatFilesMayHave) {
  PkiSpec spec;
  spec.certificates = {
      {.name = "chain", .issued_by = "a"},
      {.name = "a by a", .entity = "a", .issued_by = "a"},
      {.name = "a_by_a", .entity = "a", .issued_by = "a"},
      {.name = "../x", .entity = "x", .issued_by = "a"},
  };
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  const auto files = pki_files(pki, pki.identity({"chain"}), "");
  std::vector<std::string> paths;
  for (const FolderFile& file : files) paths.push_back(file.path);
  EXPECT_THAT(paths,
              testing::IsSupersetOf({"chain-2.pem", "a_by_a.pem", "a_by_a-2.pem", "_.._x.pem"}));
}

TEST(PkiFiles, LeaveOutPkcs12ForAKeyThatDoesntFitAndSaySo) {
  const Pki pki = healthy();
  const auto files = pki_files(pki, pki.identity({"leaf"}, "intermediate"), "");
  EXPECT_EQ(std::ranges::count(files, "identity.p12", &FolderFile::path), 0);
  EXPECT_THAT(file_of(files, "README").content, HasSubstr("There is no identity.p12"));
}

TEST(PkiFiles, LeaveOutPkcs12ForWhatOpenSslCantReadAndSaySo) {
  Pki pki = healthy();
  pki.certificates[0].der.resize(40);
  const auto files = pki_files(pki, pki.identity({"leaf"}), "");
  EXPECT_EQ(std::ranges::count(files, "identity.p12", &FolderFile::path), 0);
  EXPECT_THAT(file_of(files, "README").content, HasSubstr("can't read the server's certificate"));
  EXPECT_THAT(file_of(files, "leaf.pem").content, HasSubstr("structure can't be read"));
}

TEST(WrittenFolder, IsWhatOpenSslReads) {
  PkiSpec spec = healthy_pki();
  spec_of(spec, "leaf").key = {KeyKind::rsa, 4608};  // four primes
  const Pki pki = generate(spec, lab_naming(), shared_keys());
  const Folder folder;
  write_folder(folder / "out", pki_files(pki, pki.identity({"leaf", "intermediate"}), ""));
  const std::string in = "env -C " + (folder / "out").string() + " openssl ";
  EXPECT_THAT(test::run(in + "pkey -in leaf.key -noout -check").output, HasSubstr("Key is valid"));
  EXPECT_THAT(test::run(in + "pkey -in intermediate.key -noout -check").output,
              HasSubstr("Key is valid"));
  const std::string pkcs12 =
      test::run(in + "pkcs12 -in identity.p12 -passin pass:badmx -nokeys").output;
  EXPECT_EQ(blocks(pkcs12), pki.identity({"leaf", "intermediate"}).chain);
  EXPECT_NE(test::run(in + "pkcs12 -in identity.p12 -passin pass:wrong -nokeys").status, 0);
}

TEST(WrittenFolder, KeepsKeysFromOthers) {
  const Folder folder;
  write_folder(folder / "out", healthy_files());
  for (const std::string name : {"leaf.key", "chain.key", "root.key", "identity.p12"}) {
    EXPECT_EQ(fs::status(folder / "out" / name).permissions(), fs::perms{0600}) << name;
  }
  EXPECT_EQ(fs::status(folder / "out" / "leaf.pem").permissions(), fs::perms{0644});
}

TEST(WrittenFolder, MayHaveFoldersInside) {
  const Folder folder;
  const std::vector<FolderFile> files{{.path = "a/b/c.pem", .content = "c"},
                                      {.path = "manifest.json", .content = "{}"}};
  write_folder((folder / "out").string() + "/", files);
  EXPECT_EQ(content_of(folder / "out/a/b/c.pem"), "c");
  EXPECT_THAT(names_in(folder.path()), ElementsAre("out"));
}

TEST(WriteFolder, RefusesAnExistingTargetAndLeavesItAlone) {
  const Folder folder;
  fs::create_directory(folder / "empty");
  std::ofstream(folder / "file") << "kept";
  fs::create_symlink("nowhere", folder / "link");
  for (const std::string name : {"empty", "file", "link"}) {
    EXPECT_THROW(write_folder(folder / name, healthy_files()), std::system_error) << name;
  }
  EXPECT_TRUE(fs::is_empty(folder / "empty"));
  EXPECT_EQ(content_of(folder / "file"), "kept");
  EXPECT_THAT(names_in(folder.path()), UnorderedElementsAre("empty", "file", "link"));
}

TEST(WriteFolder, LeavesNothingWhenAFileFails) {
  const Folder folder;
  for (const std::string path : {"../outside", "/absolute", "", "a/", "a/../../b", "a.pem"}) {
    // "a.pem" twice: the second can't be created.
    const std::vector<FolderFile> files{{.path = "a.pem", .content = "a"},
                                        {.path = path, .content = "b"}};
    EXPECT_THROW(write_folder(folder / "out", files), std::system_error) << path;
    EXPECT_TRUE(fs::is_empty(folder.path())) << path;
  }
}

TEST(WriteFolder, SaysWhatWasWrongWithTheParent) {
  const Folder folder;
  try {
    write_folder(folder / "missing/out", healthy_files());
    ADD_FAILURE();
  } catch (const std::system_error& error) {
    EXPECT_EQ(error.code(), std::errc::no_such_file_or_directory);
    EXPECT_THAT(error.what(), HasSubstr("missing/out"));
  }
}

TEST(WriteFolder, LeavesNothingWhereItMayNotWrite) {
  const Folder folder;
  if (geteuid() == 0) GTEST_SKIP() << "the superuser may write anywhere";
  fs::create_directory(folder / "closed");
  fs::permissions(folder / "closed", fs::perms{0500});
  EXPECT_THROW(write_folder(folder / "closed/out", healthy_files()), std::system_error);
  EXPECT_TRUE(fs::is_empty(folder / "closed"));
}

}  // namespace
}  // namespace badmx::certgen
