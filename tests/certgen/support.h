// What the tests of certgen share: a place, a folder that goes away, and the openssl command as a
// witness that nobody here wrote.
#pragma once

#include "certgen/pem_files.h"
#include "certgen/pki.h"
#include "x509/certificate.h"

#include <gtest/gtest.h>

#include <array>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <sstream>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <utility>
#include <vector>

namespace badmx::certgen::test {

// 2026-06-15 12:00:00 UTC
inline constexpr x509::Moment noon{std::chrono::seconds{1781524800}};

inline NamingContext lab_naming() {
  return NamingContext{.scenario = "healthy",
                       .host = "mx.healthy.badmx.test",
                       .domain = "healthy.badmx.test",
                       .lab = "badmx.test",
                       .moment = noon};
}

inline Seed test_seed() { return Seed{.bytes = {1, 2, 3, 4}}; }

// One store for a test program: RSA keys are searched for once.
inline KeyStore& shared_keys() {
  static KeyStore keys(test_seed());
  return keys;
}

inline CertificateSpec& spec_of(PkiSpec& pki, std::string_view name) {
  for (CertificateSpec& each : pki.certificates) {
    if (each.name == name) return each;
  }
  throw std::logic_error("no such certificate in the test's spec");
}

inline x509::Certificate certificate_of(const Pki& pki, std::string_view name) {
  const IssuedCertificate* issued = pki.find(name);
  if (issued == nullptr) throw std::logic_error("no such certificate");
  auto read = x509::read_certificate(issued->der);
  if (!read) throw std::logic_error("the certificate can't be read");
  return *read;
}

// The healthy PKI with one thing changed in its leaf.
template <typename Change>
x509::Certificate leaf_with(Change change) {
  PkiSpec pki = healthy_pki();
  change(spec_of(pki, "leaf"));
  return certificate_of(generate(pki, lab_naming(), shared_keys()), "leaf");
}

// The value of the first extension with that number, nothing when it isn't there.
inline std::optional<x509::Extension> extension_of(const x509::Certificate& certificate,
                                                   std::string_view oid) {
  for (const x509::Extension& each : certificate.extensions) {
    if (each.oid == oid) return each;
  }
  return std::nullopt;
}

class Folder {
 public:
  Folder() {
    std::string pattern = (std::filesystem::temp_directory_path() / "badmx-test-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~Folder() {
    std::error_code ignored;
    std::filesystem::remove_all(path_, ignored);
  }
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;

  std::filesystem::path operator/(std::string_view name) const { return path_ / name; }
  const std::filesystem::path& path() const { return path_; }

 private:
  std::filesystem::path path_;
};

inline std::string content_of(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

struct Ran {
  int status = -1;
  std::string output;  // both streams
};

// The command has thirty seconds.
inline Ran run(const std::string& command) {
  FILE* pipe = popen(("timeout 30 " + command + " 2>&1").c_str(), "r");
  if (pipe == nullptr) throw std::runtime_error("can't run a command");
  Ran ran;
  std::array<char, 4096> buffer{};
  for (std::size_t got = 0; (got = fread(buffer.data(), 1, buffer.size(), pipe)) > 0;) {
    ran.output.append(buffer.data(), got);
  }
  const int status = pclose(pipe);
  ran.status = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

// `openssl verify -x509_strict` of the first certificate of `chain`, at the place's moment and for
// its host.
inline Ran openssl_verify(const Pki& pki, const std::vector<std::string>& chain,
                          const std::string& more = {}) {
  const Folder folder;
  write_folder(folder / "pki", pki_files(pki, pki.identity(chain), "A test.\n"));
  const std::string at = std::to_string(lab_naming().moment.time_since_epoch().count());
  const std::string inside = (folder / "pki").string();
  return run("env -C " + inside + " openssl verify -x509_strict -attime " + at +
             " -trusted trust.pem -untrusted chain.pem " + more + " " + chain.front() + ".pem");
}

}  // namespace badmx::certgen::test
