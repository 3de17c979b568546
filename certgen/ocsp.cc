#include "certgen/ocsp.h"

#include "certgen/extensions.h"
#include "certgen/hash.h"
#include "certgen/issuance_plan.h"
#include "certgen/issue.h"
#include "certgen/nodes.h"
#include "certgen/revocation.h"
#include "certgen/signing.h"
#include "x509/ocsp.h"

#include <utility>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

der::Node time_at(const OcspInput& input, const char* key, Offset offset) {
  return at_key(input.spec.name, key,
                [&] { return generalized_time_node(at(input.moment, offset)); });
}

der::Node tagged(int number, der::Node inner) {
  return der::constructed(der::context_constructed(number), list(std::move(inner)));
}

// CertID by SHA-1, as nearly all responders and clients have it (RFC 5019 2.1.1).
der::Node certificate_id(const OcspInput& input) {
  const x509::Bytes name = hash(Digest::sha1, {der::write(input.issuer)});
  return sequence_of(sequence_of(der::oid("1.3.14.3.2.26"), der::null()), der::octet_string(name),
                     der::octet_string(key_id(input.issuer_key)), input.serial);
}

der::Node status(const OcspInput& input) {
  const OcspSpec& spec = input.spec;
  switch (spec.status) {
    case OcspStatus::good:
      return der::primitive(der::context(0), {});
    case OcspStatus::unknown:
      return der::primitive(der::context(2), {});
    case OcspStatus::revoked:
      break;
  }
  std::vector<der::Node> info = list(time_at(input, "revoked_at", spec.revoked_at));
  if (spec.reason) info.push_back(tagged(0, reason_node(spec.name, "reason", *spec.reason)));
  return der::constructed(der::context_constructed(1), std::move(info));
}

der::Node single_response(const OcspInput& input) {
  std::vector<der::Node> fields = list(certificate_id(input), status(input),
                                       time_at(input, "this_update", input.spec.this_update));
  if (input.spec.next_update) {
    fields.push_back(tagged(0, time_at(input, "next_update", *input.spec.next_update)));
  }
  return der::sequence(std::move(fields));
}

// ResponseData; the responder is named by its key.
der::Node response_data(const OcspInput& input) {
  return sequence_of(tagged(2, der::octet_string(key_id(input.signer))),
                     time_at(input, "this_update", input.spec.this_update),
                     sequence_of(single_response(input)));
}

der::Node enclosed_certificates(const OcspInput& input) {
  std::vector<der::Node> certificates;
  for (const x509::Bytes& certificate : input.enclosed) {
    auto node = der::read(certificate);
    if (!node) throw SpecError(input.spec.name, "sends", "a certificate in it is no DER at all");
    certificates.push_back(std::move(*node));
  }
  return tagged(0, der::sequence(std::move(certificates)));
}

}  // namespace

x509::Bytes issue_ocsp(const OcspInput& input) {
  if (input.spec.der) return *input.spec.der;
  const SignatureScheme scheme;
  der::Node tbs = response_data(input);
  const x509::Bytes signature = sign(input.signer, scheme, der::write(tbs));
  std::vector<der::Node> basic =
      list(std::move(tbs), signature_algorithm(input.signer, scheme), der::bit_string(signature));
  if (!input.enclosed.empty()) basic.push_back(enclosed_certificates(input));
  const x509::Bytes response = der::write(der::sequence(std::move(basic)));
  const auto successful = static_cast<std::uint8_t>(x509::ocsp_successful);
  return der::write(sequence_of(
      der::primitive(der::enumerated_tag, {&successful, 1}),
      tagged(0, sequence_of(der::oid(x509::oid_ocsp_basic), der::octet_string(response)))));
}

}  // namespace badmx::certgen
