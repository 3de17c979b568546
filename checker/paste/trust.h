// Reads lists of certificates from disk: what is trusted, what is given to explain, CRLs.
#pragma once

#include "x509/bytes.h"

#include <span>
#include <string>
#include <vector>

namespace badmx::checker {

struct Trust {
  std::vector<x509::Bytes> anchors;  // each once
  std::string description;           // "the system's 144 roots", "lab.pem (1 certificate)"

  bool operator==(const Trust&) const = default;
};

// `from` is a file (PEM, DER or PKCS#7), a folder of such files, or "system": what OpenSSL's
// programs trust on this machine, SSL_CERT_FILE and SSL_CERT_DIR heeded. In a folder files without
// a certificate are passed over. Throws std::runtime_error, one line, when it can't be read or
// there is no certificate in it.
Trust load_trust(const std::string& from);
// Several, joined.
Trust load_trust(std::span<const std::string> from);

// A file's certificates, in order; throws as above.
std::vector<x509::Bytes> load_certificates(const std::string& file);
// A file's CRLs, PEM or DER; throws as above.
std::vector<x509::Bytes> load_crls(const std::string& file);

// A file's octets, at most `most` of them; "-" is the standard input. Throws as above.
std::string load_text(const std::string& file, std::size_t most = std::size_t{16} << 20U);

}  // namespace badmx::checker
