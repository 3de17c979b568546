// A PKI as files, written into a new directory or not at all.
#pragma once

#include "certgen/pki.h"
#include "x509/identity.h"

#include <filesystem>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::certgen {

struct FolderFile {
  std::string path{};  // inside the folder, may name folders of its own: "expired-leaf/leaf.pem"
  std::string content{};
  std::filesystem::perms mode = std::filesystem::perms{0644};

  bool operator==(const FolderFile&) const = default;
};

// What `sent` serves and its clients need. NAME is a certificate's name, with "_" for what a file
// name shouldn't hold ("new-root by old-root" is new-root_by_old-root).
//   NAME.pem, NAME.key   each certificate, and the private key of the one in it (0600)
//   chain.pem, chain.key what the server sends, in its order, and the key it signs with (0600)
//   trust.pem            the trusted roots: the lab's first
//   NAME.crl.pem         each revocation list
//   NAME.ocsp.der        each OCSP response
//   identity.p12         chain.pem and chain.key as PKCS#12 (0600), password pkcs12_password; left
//                        out when OpenSSL can't read what is in them
//   README               `readme`, then a list of these files, and why identity.p12 is left out
// All is a function of the arguments. In the PEM files a few lines of prose stand before each
// block.
std::vector<FolderFile> pki_files(const Pki& pki, const x509::Identity& sent,
                                  std::string_view readme);

inline constexpr std::string_view pkcs12_password = "badmx";

// Writes all of them into the new directory `folder`, whose parent exists: first beside it under a
// name of their own, then renamed in one step, so that nobody ever sees a part. When anything fails
// (the directory exists, a disk is full, a path leads outside) nothing is left and it throws
// std::system_error.
void write_folder(const std::filesystem::path& folder, std::span<const FolderFile> files);

}  // namespace badmx::certgen
