#include "certgen/pem_files.h"

#include "certgen/pkcs12.h"
#include "x509/certificate.h"
#include "x509/pem.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>
#include <utility>
#include <variant>

namespace badmx::certgen {
namespace {

constexpr std::filesystem::perms owner_only{0600};

std::string moment_text(const std::optional<x509::Moment>& moment) {
  return moment ? x509::text(*moment) : "(can't be read)";
}

// A line of prose can't begin like a PEM boundary: each starts with its own label.
std::string prose(x509::ByteView der) {
  const auto certificate = x509::read_certificate(der);
  if (!certificate) return "What:       a certificate whose structure can't be read\n";
  return fmt::format(
      "Subject:    {}\nIssuer:     {}\nNot before: {}\nNot after:  {}\nKey:        {} {}\n",
      x509::text(certificate->subject), x509::text(certificate->issuer),
      moment_text(certificate->not_before), moment_text(certificate->not_after),
      certificate->key.algorithm, certificate->key.bits);
}

std::string certificate_text(std::string_view what, x509::ByteView der) {
  return fmt::format("What:       {}\n{}{}", what, prose(der), x509::pem("CERTIFICATE", der));
}

// File names that are taken, so that no two certificates meet in one.
class FileNames {
 public:
  std::string stem(std::string_view name) {
    std::string safe;
    for (const char c : name) {
      const bool plain = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
                         (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
      safe += plain ? c : '_';
    }
    if (safe.empty() || safe.front() == '.') safe.insert(safe.begin(), '_');
    std::string stem = safe;
    for (int number = 2; !taken_.insert(stem).second; ++number) {
      stem = fmt::format("{}-{}", safe, number);
    }
    return stem;
  }

 private:
  std::set<std::string> taken_{"chain", "trust", "identity", "README", "manifest"};
};

std::string name_of(const Pki& pki, const x509::Bytes& der) {
  const auto found = std::ranges::find(pki.certificates, der, &IssuedCertificate::der);
  return found == pki.certificates.end() ? "lab root" : found->name;
}

FolderFile chain_file(const Pki& pki, const x509::Identity& sent) {
  FolderFile file{.path = "chain.pem"};
  for (std::size_t i = 0; i < sent.chain.size(); ++i) {
    const std::string what = fmt::format("{}, sent as number {}", name_of(pki, sent.chain[i]), i);
    file.content += certificate_text(what, sent.chain[i]);
  }
  return file;
}

FolderFile trust_file(const Pki& pki) {
  FolderFile file{.path = "trust.pem"};
  for (const x509::Bytes& der : pki.trusted) {
    file.content += certificate_text(fmt::format("{}, trusted", name_of(pki, der)), der);
  }
  return file;
}

FolderFile key_file(std::string path, x509::ByteView key) {
  return FolderFile{
      .path = std::move(path), .content = x509::pem("PRIVATE KEY", key), .mode = owner_only};
}

void add_certificates(std::vector<FolderFile>& files, std::string& index, const Pki& pki,
                      FileNames& names) {
  for (const IssuedCertificate& each : pki.certificates) {
    const std::string stem = names.stem(each.name);
    files.push_back({.path = stem + ".pem", .content = certificate_text(each.name, each.der)});
    files.push_back(key_file(stem + ".key", each.key));
    index += fmt::format("  {0}.pem, {0}.key\n      the certificate \"{1}\" and its private key\n",
                         stem, each.name);
  }
}

void add_crls(std::vector<FolderFile>& files, std::string& index, const Pki& pki,
              FileNames& names) {
  for (const IssuedCrl& crl : pki.crls) {
    const std::string path = names.stem(crl.name) + ".crl.pem";
    files.push_back({.path = path, .content = x509::pem("X509 CRL", crl.der)});
    index += fmt::format("  {}\n      the revocation list \"{}\"\n", path, crl.name);
  }
}

void add_ocsp_responses(std::vector<FolderFile>& files, std::string& index, const Pki& pki,
                        FileNames& names) {
  for (const IssuedOcsp& response : pki.ocsp) {
    const std::string path = names.stem(response.name) + ".ocsp.der";
    files.push_back({.path = path, .content = std::string(x509::as_text(response.der))});
    index +=
        fmt::format("  {}\n      the OCSP response \"{}\", to be stapled\n", path, response.name);
  }
}

void add_pkcs12(std::vector<FolderFile>& files, std::string& index, const x509::Identity& sent) {
  const auto made = write_pkcs12(sent, pkcs12_password);
  if (const auto* none = std::get_if<NoPkcs12>(&made)) {
    index += fmt::format("There is no identity.p12: {}.\n", none->why);
    return;
  }
  files.push_back({.path = "identity.p12",
                   .content = std::string(x509::as_text(std::get<x509::Bytes>(made))),
                   .mode = owner_only});
  index +=
      fmt::format("  identity.p12\n      chain.pem and chain.key as PKCS#12; the password is {}\n",
                  pkcs12_password);
}

}  // namespace

std::vector<FolderFile> pki_files(const Pki& pki, const x509::Identity& sent,
                                  std::string_view readme) {
  std::vector<FolderFile> files;
  FileNames names;
  std::string index =
      "\nFiles\n"
      "  chain.pem, chain.key\n"
      "      what the server sends, in its order, and the key it signs with\n"
      "  trust.pem\n"
      "      the roots that a sender is told to trust\n";
  files.push_back(chain_file(pki, sent));
  files.push_back(key_file("chain.key", sent.key));
  files.push_back(trust_file(pki));
  add_certificates(files, index, pki, names);
  add_crls(files, index, pki, names);
  add_ocsp_responses(files, index, pki, names);
  add_pkcs12(files, index, sent);
  files.push_back({.path = "README", .content = std::string(readme) + index});
  return files;
}

}  // namespace badmx::certgen
