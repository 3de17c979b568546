#include "checker/facts/staple_facts.h"

#include "x509/der.h"

#include <algorithm>
#include <utility>

namespace badmx::checker {

StapleFacts read_staple(const x509::Bytes& staple) {
  if (staple.empty()) return {};
  StapleFacts facts{.sent = true, .response = x509::read_ocsp_response(staple)};
  if (!facts.response) return facts;
  for (const x509::Bytes& der : facts.response->certificates) {
    if (auto responder = x509::read_certificate(der)) {
      facts.responders.push_back(std::move(*responder));
    }
  }
  return facts;
}

bool demands_staple(const x509::Certificate& certificate) {
  constexpr std::uint8_t status_request = 5;
  const auto it =
      std::ranges::find(certificate.extensions, x509::oid_tls_feature, &x509::Extension::oid);
  if (it == certificate.extensions.end()) return false;
  const auto features = x509::der::only(it->value, x509::der::sequence_tag);
  x509::der::Reader reader(features ? features->content : x509::ByteView{});
  while (const auto feature = reader.next(x509::der::integer_tag)) {
    if (feature->content.size() == 1 && feature->content.front() == status_request) return true;
  }
  return false;
}

}  // namespace badmx::checker
