#include "certgen/revocation.h"

#include "certgen/extensions.h"
#include "certgen/issuance_plan.h"
#include "certgen/issue.h"
#include "certgen/nodes.h"
#include "certgen/signing.h"
#include "x509/certificate.h"

#include <algorithm>
#include <utility>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

der::Node entry(const CrlInput& input, const RevokedSerial& revoked) {
  std::vector<der::Node> fields = list(revoked.serial, at_key(input.spec.name, "revoked", [&] {
                                         return time_node(at(input.moment, revoked.spec.at));
                                       }));
  if (revoked.spec.reason) {
    const x509::Bytes value =
        der::write(reason_node(input.spec.name, "revoked", *revoked.spec.reason));
    fields.push_back(der::sequence(list(extension("2.5.29.21", Criticality::not_critical, value))));
  }
  return der::sequence(std::move(fields));
}

der::Node extensions(const CrlInput& input) {
  // Lists issued later have greater numbers (RFC 5280 5.2.3).
  const long long number =
      std::max<long long>(at(input.moment, input.spec.this_update).time_since_epoch().count(), 0);
  return der::constructed(
      der::context_constructed(0),
      list(sequence_of(
          extension(x509::oid_authority_key_id, Criticality::not_critical,
                    authority_key_id_value(input.issuer_key_id)),
          extension("2.5.29.20", Criticality::not_critical, der::write(der::integer(number))))));
}

}  // namespace

der::Node reason_node(const std::string& name, const std::string& key, int reason) {
  if (reason < 0 || reason > 10 || reason == 7) {  // 7 is not used
    throw SpecError(name, key, "a reason is from 0 to 10 and not 7");
  }
  const auto octet = static_cast<std::uint8_t>(reason);
  return der::primitive(der::enumerated_tag, {&octet, 1});
}

x509::Bytes issue_crl(const CrlInput& input) {
  const SignatureScheme scheme;
  const der::Node algorithm_identifier = signature_algorithm(input.signer, scheme);
  std::vector<der::Node> fields =
      list(der::integer(1), algorithm_identifier, input.issuer,
           at_key(input.spec.name, "this_update",
                  [&] { return time_node(at(input.moment, input.spec.this_update)); }),
           at_key(input.spec.name, "next_update",
                  [&] { return time_node(at(input.moment, input.spec.next_update)); }));
  std::vector<der::Node> revoked;
  revoked.reserve(input.revoked.size());
  for (const RevokedSerial& each : input.revoked) revoked.push_back(entry(input, each));
  // RFC 5280 5.1.2.6: absent when nothing is revoked.
  if (!revoked.empty()) fields.push_back(der::sequence(std::move(revoked)));
  fields.push_back(extensions(input));
  der::Node tbs = der::sequence(std::move(fields));
  const x509::Bytes signature = sign(input.signer, scheme, der::write(tbs));
  return der::write(sequence_of(std::move(tbs), algorithm_identifier, der::bit_string(signature)));
}

}  // namespace badmx::certgen
