#include "checker/staple_facts.h"

#include "tls/der.h"

#include <algorithm>
#include <utility>

namespace badmx::checker {

StapleFacts read_staple(const tls::Bytes& staple) {
  if (staple.empty()) return {};
  StapleFacts facts{.sent = true, .response = tls::read_ocsp_response(staple)};
  if (!facts.response) return facts;
  for (const tls::Bytes& der : facts.response->certificates) {
    if (auto responder = tls::read_certificate(der)) {
      facts.responders.push_back(std::move(*responder));
    }
  }
  return facts;
}

bool demands_staple(const tls::Certificate& certificate) {
  constexpr std::uint8_t status_request = 5;
  const auto it =
      std::ranges::find(certificate.extensions, tls::oid_tls_feature, &tls::Extension::oid);
  if (it == certificate.extensions.end()) return false;
  const auto features = tls::der::only(it->value, tls::der::sequence_tag);
  tls::der::Reader reader(features ? features->content : tls::ByteView{});
  while (const auto feature = reader.next(tls::der::integer_tag)) {
    if (feature->content.size() == 1 && feature->content.front() == status_request) return true;
  }
  return false;
}

}  // namespace badmx::checker
