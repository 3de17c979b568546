#include "checker/facts/anchors.h"

#include "checker/facts/certificate_facts.h"

#include <algorithm>
#include <utility>

namespace badmx::checker {

Anchors::Anchors(std::vector<x509::Bytes> trusted) : bytes_(std::move(trusted)), openssl_(bytes_) {
  certificates_.reserve(bytes_.size());
  for (std::size_t i = 0; i < bytes_.size(); ++i) {
    certificates_.push_back(read_certificate_facts(trusted_at(i), bytes_[i]));
    const CertificateFacts& certificate = certificates_.back();
    if (certificate.read) by_subject_.emplace(certificate.normalized_subject, i);
    by_bytes_.emplace(x509::as_text(bytes_[i]), i);
  }
}

std::vector<std::size_t> Anchors::with_subject(const std::string& form) const {
  std::vector<std::size_t> places;
  const auto [first, last] = by_subject_.equal_range(form);
  for (auto it = first; it != last; ++it) places.push_back(it->second);
  std::ranges::sort(places);
  return places;
}

std::optional<std::size_t> Anchors::with_bytes(x509::ByteView der) const {
  const auto it = by_bytes_.find(std::string(x509::as_text(der)));
  if (it == by_bytes_.end()) return std::nullopt;
  return it->second;
}

std::shared_ptr<const Anchors> anchors_of(const std::vector<x509::Bytes>& trusted) {
  // What is remembered is a pure function of its key, so no judgement can depend on it.
  thread_local std::shared_ptr<const Anchors> last;
  if (last == nullptr || last->bytes() != trusted) last = std::make_shared<Anchors>(trusted);
  return last;
}

}  // namespace badmx::checker
