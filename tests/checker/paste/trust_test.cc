#include "checker/paste/trust.h"

#include "tests/checker/example_certificates.h"
#include "x509/pem.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <functional>
#include <stdexcept>
#include <stdlib.h>
#include <string>

namespace badmx::checker {
namespace {

namespace fs = std::filesystem;
using testing::ElementsAre;
using testing::HasSubstr;

x509::Bytes der(std::string_view pem) { return x509::read_pem_blocks(pem).at(0).der; }

class TrustFiles : public testing::Test {
 protected:
  TrustFiles() {
    std::string pattern = (fs::temp_directory_path() / "badmx-trust-XXXXXX").string();
    folder_ = ::mkdtemp(pattern.data());
  }
  ~TrustFiles() override {
    std::error_code ignored;
    fs::remove_all(folder_, ignored);
  }

  std::string write(const std::string& name, std::string_view content) const {
    fs::create_directories((folder_ / name).parent_path());
    std::ofstream(folder_ / name, std::ios::binary) << content;
    return (folder_ / name).string();
  }
  std::string path(const std::string& name) const { return (folder_ / name).string(); }

  static std::string error_of(const std::function<void()>& load) {
    try {
      load();
    } catch (const std::runtime_error& error) {
      return error.what();
    }
    return "(none)";
  }

 private:
  fs::path folder_;
};

TEST_F(TrustFiles, ReadsABundle) {
  const std::string file = write("bundle.pem", std::string("# roots\n") + examples::root_pem +
                                                   examples::intermediate_pem + examples::root_pem);
  const Trust trust = load_trust(file);
  EXPECT_THAT(trust.anchors, ElementsAre(der(examples::root_pem), der(examples::intermediate_pem)));
  EXPECT_EQ(trust.description, file + " (2 certificates)");
}

TEST_F(TrustFiles, ReadsDer) {
  const std::string file = write("root.der", x509::as_text(der(examples::root_pem)));
  EXPECT_THAT(load_trust(file).anchors, ElementsAre(der(examples::root_pem)));
  EXPECT_EQ(load_trust(file).description, file + " (1 certificate)");
}

TEST_F(TrustFiles, ReadsAFolderAndPassesOverWhatIsNoCertificate) {
  write("ca/a.pem", examples::root_pem);
  write("ca/b.crt", x509::as_text(der(examples::intermediate_pem)));
  write("ca/README", "Put your roots here.\n");
  const Trust trust = load_trust(path("ca"));
  EXPECT_THAT(trust.anchors, ElementsAre(der(examples::root_pem), der(examples::intermediate_pem)));
  EXPECT_EQ(trust.description, path("ca") + " (2 certificates)");
}

TEST_F(TrustFiles, JoinsSeveral) {
  const std::string several[] = {write("a.pem", examples::root_pem),
                                 write("b.pem", examples::root_pem),
                                 write("c.pem", examples::leaf_pem)};
  const Trust trust = load_trust(several);
  EXPECT_THAT(trust.anchors, ElementsAre(der(examples::root_pem), der(examples::leaf_pem)));
  EXPECT_EQ(trust.description, several[0] + " (1 certificate) and " + several[1] +
                                   " (1 certificate) and " + several[2] + " (1 certificate)");
}

TEST_F(TrustFiles, TakesTheSystemsFromWhereOpensslDoes) {
  write("system/5ed36f99.0", examples::root_pem);
  write("system/unhashed.pem", examples::leaf_pem);
  ::setenv("SSL_CERT_FILE", path("none.pem").c_str(), 1);
  ::setenv("SSL_CERT_DIR", (path("nowhere") + ":" + path("system")).c_str(), 1);
  const Trust trust = load_trust("system");
  EXPECT_THAT(trust.anchors, ElementsAre(der(examples::root_pem)));
  EXPECT_EQ(trust.description, "the system's 1 root");

  ::setenv("SSL_CERT_DIR", path("nowhere").c_str(), 1);
  EXPECT_THAT(error_of([] { load_trust("system"); }),
              HasSubstr("no trusted certificates on this system"));
  ::unsetenv("SSL_CERT_FILE");
  ::unsetenv("SSL_CERT_DIR");
}

TEST_F(TrustFiles, SaysInOneLineWhatCannotBeRead) {
  const std::string empty = write("empty.pem", "");
  const std::string key =
      write("key.pem", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n");
  fs::create_directories(path("folder"));
  EXPECT_EQ(error_of([&] { load_trust(path("none.pem")); }),
            path("none.pem") + ": No such file or directory");
  EXPECT_EQ(error_of([&] { load_trust(empty); }), empty + ": no certificate in it");
  EXPECT_EQ(error_of([&] { load_trust(key); }), key + ": no certificate in it");
  EXPECT_EQ(error_of([&] { load_trust(path("folder")); }),
            path("folder") + ": no certificate in any of its files");
  EXPECT_EQ(error_of([&] { load_certificates(path("folder")); }), path("folder") + ": is a folder");
  EXPECT_EQ(error_of([&] { load_crls(key); }), key + ": no CRL in it");
  EXPECT_EQ(error_of([] { load_text("/nowhere/\x1b[31m"); }),
            "/nowhere/\\x1b[31m: No such file or directory");
}

TEST_F(TrustFiles, ReadsNoMoreThanItIsAllowed) {
  const std::string file = write("large", std::string(3 << 20, 'x'));
  EXPECT_EQ(error_of([&] { load_text(file, std::size_t{2} << 20U); }),
            file + ": is larger than 2 MiB");
  EXPECT_EQ(load_text(file).size(), std::size_t{3} << 20U);
}

TEST_F(TrustFiles, ReadsCrlsAsPemAndAsDer) {
  // A SEQUENCE is all that is asked of it here: whoever uses it judges it.
  const x509::Bytes crl = {0x30, 0x03, 0x02, 0x01, 0x01};
  EXPECT_THAT(load_crls(write("a.pem", x509::pem("X509 CRL", crl))), ElementsAre(crl));
  EXPECT_THAT(load_crls(write("a.der", x509::as_text(crl))), ElementsAre(crl));
}

}  // namespace
}  // namespace badmx::checker
