// The trust list, read once and then shared: many servers are judged by one list.
#pragma once

#include "checker/facts/facts.h"
#include "x509/bytes.h"
#include "x509/verify.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace badmx::checker {

class Anchors {
 public:
  explicit Anchors(std::vector<x509::Bytes> trusted);

  const std::vector<x509::Bytes>& bytes() const { return bytes_; }
  const std::vector<CertificateFacts>& certificates() const { return certificates_; }
  // The same list as OpenSSL keeps it.
  const x509::TrustStore& openssl() const { return openssl_; }
  // The places in the list of those whose subject has this form, in order.
  std::vector<std::size_t> with_subject(const std::string& form) const;
  // The place of the certificate that has these bytes.
  std::optional<std::size_t> with_bytes(x509::ByteView der) const;

 private:
  std::vector<x509::Bytes> bytes_;
  x509::TrustStore openssl_;
  std::vector<CertificateFacts> certificates_;
  std::unordered_multimap<std::string, std::size_t> by_subject_;
  std::unordered_map<std::string, std::size_t> by_bytes_;
};

// The list read, or what this thread read of the same list last.
std::shared_ptr<const Anchors> anchors_of(const std::vector<x509::Bytes>& trusted);

}  // namespace badmx::checker
