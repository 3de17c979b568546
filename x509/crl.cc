#include "x509/crl.h"

#include "x509/der.h"

#include <utility>

namespace badmx::x509 {
namespace {

constexpr std::size_t most_revoked = 100'000;

bool is_time(const der::Element& element) {
  constexpr std::uint8_t utc_time = 0x17;
  constexpr std::uint8_t generalized_time = 0x18;
  return element.tag == utc_time || element.tag == generalized_time;
}

// The issuer that an entry names (RFC 5280 5.3.3); empty where it names none.
std::string named_issuer(const der::Element& entry_extensions) {
  const auto extensions = read_extensions(entry_extensions.whole);
  if (!extensions) return {};
  for (const Extension& extension : *extensions) {
    if (extension.oid != oid_certificate_issuer) continue;
    const auto names = der::only(extension.value, der::sequence_tag);
    const auto directory =
        names ? der::Reader(names->content).next(der::context_constructed(4)) : std::nullopt;
    const auto name = directory ? read_name(directory->content) : std::nullopt;
    return name ? canonical(*name) : "?";
  }
  return {};
}

bool read_revoked(ByteView content, std::vector<RevokedCertificate>& into) {
  std::string issuer;  // of the entry before, where none is named
  der::Reader entries(content);
  while (!entries.empty()) {
    const auto entry = entries.next(der::sequence_tag);
    if (!entry || into.size() == most_revoked) return false;
    der::Reader parts(entry->content);
    const auto serial = parts.next(der::integer_tag);
    const auto date = parts.next();
    if (!serial || !date) return false;
    if (const auto extensions = parts.next(der::sequence_tag)) {
      std::string named = named_issuer(*extensions);
      if (!named.empty()) issuer = std::move(named);
    }
    into.push_back({.serial = copy(serial->content),
                    .date = read_time(date->tag, date->content),
                    .issuer = issuer});
  }
  return true;
}

// TBSCertList (5.1.2), field by field in its order.
bool read_tbs_cert_list(RevocationList& list, ByteView content) {
  der::Reader reader(content);
  reader.next(der::integer_tag);  // version, 2 where there are extensions
  const auto algorithm = reader.next(der::sequence_tag);
  const auto issuer = reader.next(der::sequence_tag);
  const auto this_update = reader.next();
  auto name = issuer ? read_name(issuer->whole) : std::nullopt;
  if (!algorithm || !name || !this_update || !is_time(*this_update)) return false;
  list.issuer = std::move(*name);
  list.this_update = read_time(this_update->tag, this_update->content);
  auto element = reader.next();
  if (element && is_time(*element)) {
    list.next_update = read_time(element->tag, element->content);
    element = reader.next();
  }
  if (element && element->tag == der::sequence_tag) {
    if (!read_revoked(element->content, list.revoked)) return false;
    element = reader.next();
  }
  if (element && element->tag == der::context_constructed(0)) {
    auto extensions = read_extensions(element->content);
    if (!extensions) return false;
    list.extensions = std::move(*extensions);
  }
  return reader.empty();
}

}  // namespace

std::optional<RevocationList> read_revocation_list(ByteView der) {
  auto parts = read_signed(der);
  const auto tbs = parts ? der::only(parts->tbs, der::sequence_tag) : std::nullopt;
  if (!tbs) return std::nullopt;
  RevocationList list;
  list.tbs = copy(parts->tbs);
  list.signature_algorithm = std::move(parts->algorithm);
  list.signature = std::move(parts->signature);
  if (!read_tbs_cert_list(list, tbs->content)) return std::nullopt;
  return list;
}

SignatureCheck signed_by(const RevocationList& list, const PublicKey& issuer_key) {
  return check_signature(issuer_key, list.signature_algorithm, list.tbs, list.signature);
}

}  // namespace badmx::x509
