#include "x509/certificate.h"

#include "x509/der.h"
#include "x509/extension_values.h"

#include <algorithm>
#include <functional>

namespace badmx::x509 {
namespace {

std::optional<Name> read_name_element(const der::Element& element) {
  Name name{.der = copy(element.whole), .rdns = {}};
  der::Reader rdns(element.content);
  while (!rdns.empty()) {
    const auto set = rdns.next(der::set_tag);
    if (!set) return std::nullopt;
    std::vector<Attribute> rdn;
    der::Reader attributes(set->content);
    while (!attributes.empty()) {
      const auto pair = attributes.next(der::sequence_tag);
      if (!pair) return std::nullopt;
      der::Reader parts(pair->content);
      const auto oid = parts.next(der::oid_tag);
      const auto value = parts.next();
      if (!oid || !value) return std::nullopt;
      rdn.push_back({.oid = der::oid_text(oid->content).value_or(hex(oid->content)),
                     .tag = value->tag,
                     .value = std::string(as_text(value->content))});
    }
    name.rdns.push_back(std::move(rdn));
  }
  return name;
}

bool read_validity(Certificate& certificate, ByteView content) {
  der::Reader reader(content);
  const auto before = reader.next();
  const auto after = reader.next();
  if (!before || !after) return false;
  certificate.not_before = read_time(before->tag, before->content);
  certificate.not_after = read_time(after->tag, after->content);
  if (!certificate.not_before) certificate.malformed.emplace_back("notBefore");
  if (!certificate.not_after) certificate.malformed.emplace_back("notAfter");
  return true;
}

// TBSCertificate (4.1.2), field by field in its order.
bool read_tbs_certificate(Certificate& certificate, ByteView content) {
  der::Reader reader(content);
  if (const auto version = reader.next(der::context_constructed(0))) {
    const auto number = der::only(version->content, der::integer_tag);
    const auto value = number ? read_small_integer(number->content) : std::nullopt;
    if (!value) return false;
    certificate.version = *value + 1;
  }
  const auto serial = reader.next(der::integer_tag);
  const auto algorithm = reader.next(der::sequence_tag);
  const auto issuer = reader.next(der::sequence_tag);
  const auto validity = reader.next(der::sequence_tag);
  const auto subject = reader.next(der::sequence_tag);
  const auto key = reader.next(der::sequence_tag);
  if (!serial || !algorithm || !issuer || !validity || !subject || !key) return false;
  certificate.serial = copy(serial->content);
  certificate.inner_signature_algorithm = read_signature_algorithm(algorithm->whole);
  auto issuer_name = read_name_element(*issuer);
  auto subject_name = read_name_element(*subject);
  if (!issuer_name || !subject_name || !read_validity(certificate, validity->content)) return false;
  certificate.issuer = std::move(*issuer_name);
  certificate.subject = std::move(*subject_name);
  certificate.key = read_public_key(key->whole);
  // issuerUniqueID and subjectUniqueID: nobody writes them, nobody reads them.
  reader.next(der::context(1));
  reader.next(der::context(2));
  if (const auto extensions = reader.next(der::context_constructed(3))) {
    auto list = read_extensions(extensions->content);
    if (!list) return false;
    certificate.extensions = std::move(*list);
    decode_extensions(certificate);
  }
  return reader.empty();
}

}  // namespace

std::optional<std::vector<Extension>> read_extensions(ByteView content) {
  constexpr std::size_t most_extensions = 1000;
  const auto sequence = der::only(content, der::sequence_tag);
  if (!sequence) return std::nullopt;
  std::vector<Extension> extensions;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto element = reader.next(der::sequence_tag);
    if (!element || extensions.size() == most_extensions) return std::nullopt;
    der::Reader parts(element->content);
    Extension extension;
    const auto oid = parts.next(der::oid_tag);
    if (!oid) return std::nullopt;
    extension.oid = der::oid_text(oid->content).value_or(hex(oid->content));
    if (const auto critical = parts.next(der::boolean_tag)) {
      extension.critical = read_boolean(critical->content).value_or(true);
    }
    const auto value = parts.next(der::octet_string_tag);
    if (!value || !parts.empty()) return std::nullopt;
    extension.value = copy(value->content);
    extensions.push_back(std::move(extension));
  }
  return extensions;
}

std::optional<Name> read_name(ByteView der) {
  const auto element = der::only(der, der::sequence_tag);
  return element ? read_name_element(*element) : std::nullopt;
}

std::optional<SignedParts> read_signed(ByteView der) {
  const auto whole = der::only(der, der::sequence_tag);
  if (!whole) return std::nullopt;
  der::Reader reader(whole->content);
  const auto tbs = reader.next(der::sequence_tag);
  const auto algorithm = reader.next(der::sequence_tag);
  const auto signature = reader.next(der::bit_string_tag);
  if (!tbs || !algorithm || !signature || signature->content.empty() || !reader.empty()) {
    return std::nullopt;
  }
  return SignedParts{.tbs = tbs->whole,
                     .algorithm = read_signature_algorithm(algorithm->whole),
                     .signature = copy(signature->content.subspan(1))};
}

std::optional<Certificate> read_certificate(ByteView der) {
  auto parts = read_signed(der);
  const auto tbs = parts ? der::only(parts->tbs, der::sequence_tag) : std::nullopt;
  if (!tbs) return std::nullopt;
  Certificate certificate;
  certificate.der = copy(der);
  certificate.tbs = copy(parts->tbs);
  certificate.signature_algorithm = std::move(parts->algorithm);
  certificate.signature = std::move(parts->signature);
  if (!read_tbs_certificate(certificate, tbs->content)) return std::nullopt;
  return certificate;
}

SignatureCheck signed_by(const Certificate& certificate, const PublicKey& issuer_key) {
  return check_signature(issuer_key, certificate.signature_algorithm, certificate.tbs,
                         certificate.signature);
}

bool is_self_issued(const Certificate& certificate) {
  return canonical(certificate.issuer) == canonical(certificate.subject);
}

}  // namespace badmx::x509
