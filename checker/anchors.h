// The trust list, read once and then shared: many servers are judged by one list.
#pragma once

#include "checker/facts.h"
#include "tls/bytes.h"
#include "tls/verify.h"

#include <memory>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace badmx::checker {

class Anchors {
 public:
  explicit Anchors(std::vector<tls::Bytes> trusted);

  const std::vector<tls::Bytes>& bytes() const { return bytes_; }
  const std::vector<CertificateFacts>& certificates() const { return certificates_; }
  // The same list as OpenSSL keeps it.
  const tls::TrustStore& openssl() const { return openssl_; }
  // The places in the list of those whose subject has this form, in order.
  std::vector<std::size_t> with_subject(const std::string& form) const;
  // The place of the certificate that has these bytes.
  std::optional<std::size_t> with_bytes(tls::ByteView der) const;

 private:
  std::vector<tls::Bytes> bytes_;
  tls::TrustStore openssl_;
  std::vector<CertificateFacts> certificates_;
  std::unordered_multimap<std::string, std::size_t> by_subject_;
  std::unordered_map<std::string, std::size_t> by_bytes_;
};

// The list read, or what this thread read of the same list last.
std::shared_ptr<const Anchors> anchors_of(const std::vector<tls::Bytes>& trusted);

}  // namespace badmx::checker
