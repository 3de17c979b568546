#include "x509/ocsp.h"

#include "x509/der.h"
#include "x509/handle.h"

#include <fmt/format.h>
#include <openssl/evp.h>
#include <openssl/objects.h>

#include <array>
#include <memory>
#include <utility>

namespace badmx::x509 {
namespace {

constexpr std::size_t most_responses = 1000;
constexpr std::size_t most_certificates = 10;

// The content of the one element in an explicit tag; nothing when it isn't of that type.
std::optional<der::Element> inside(const der::Element& element, std::uint8_t tag) {
  return der::only(element.content, tag);
}

std::optional<Moment> time_in(const std::optional<der::Element>& element) {
  return element ? read_time(element->tag, element->content) : std::nullopt;
}

std::optional<CertificateId> read_id(ByteView content) {
  der::Reader reader(content);
  const auto algorithm = reader.next(der::sequence_tag);
  const auto oid = algorithm ? der::Reader(algorithm->content).next(der::oid_tag) : std::nullopt;
  const auto hash = oid ? der::oid_text(oid->content) : std::nullopt;
  const auto name = reader.next(der::octet_string_tag);
  const auto key = reader.next(der::octet_string_tag);
  const auto serial = reader.next(der::integer_tag);
  if (!hash || !name || !key || !serial || !reader.empty()) return std::nullopt;
  return CertificateId{.hash = *hash,
                       .issuer_name_hash = copy(name->content),
                       .issuer_key_hash = copy(key->content),
                       .serial = copy(serial->content)};
}

// CertStatus: a choice of implicit tags (4.2.1).
bool read_status(const der::Element& element, SingleResponse& single) {
  if (element.tag == der::context(0)) {
    single.status = CertificateStatus::good;
  } else if (element.tag == der::context_constructed(1)) {
    single.status = CertificateStatus::revoked;
    single.revoked_at = time_in(der::Reader(element.content).next(der::generalized_time_tag));
  } else if (element.tag == der::context(2)) {
    single.status = CertificateStatus::unknown;
  } else {
    return false;
  }
  return true;
}

std::optional<SingleResponse> read_single(ByteView content) {
  der::Reader reader(content);
  const auto id = reader.next(der::sequence_tag);
  const auto status = reader.next();
  const auto this_update = reader.next(der::generalized_time_tag);
  auto read = id ? read_id(id->content) : std::nullopt;
  if (!read || !status || !this_update) return std::nullopt;
  SingleResponse single{.id = std::move(*read)};
  if (!read_status(*status, single)) return std::nullopt;
  single.this_update = time_in(this_update);
  if (const auto next = reader.next(der::context_constructed(0))) {
    single.next_update = time_in(inside(*next, der::generalized_time_tag));
    // One that can't be read isn't one that is always current.
    if (!single.next_update) return std::nullopt;
  }
  return single;
}

// ResponseData: version, responderID and producedAt are passed over, whoever signed is found by
// the signature.
bool read_response_data(OcspResponse& response, ByteView content) {
  der::Reader reader(content);
  reader.next(der::context_constructed(0));
  const auto responder = reader.next();
  const auto produced = reader.next(der::generalized_time_tag);
  const auto list = reader.next(der::sequence_tag);
  if (!responder || !produced || !list) return false;
  der::Reader entries(list->content);
  while (!entries.empty()) {
    const auto entry = entries.next(der::sequence_tag);
    auto single = entry ? read_single(entry->content) : std::nullopt;
    if (!single || response.responses.size() == most_responses) return false;
    response.responses.push_back(std::move(*single));
  }
  return true;
}

bool read_certificates(OcspResponse& response, const der::Element& element) {
  const auto list = inside(element, der::sequence_tag);
  if (!list) return false;
  der::Reader entries(list->content);
  while (!entries.empty()) {
    const auto entry = entries.next(der::sequence_tag);
    if (!entry || response.certificates.size() == most_certificates) return false;
    response.certificates.push_back(copy(entry->whole));
  }
  return true;
}

// BasicOCSPResponse.
bool read_basic(OcspResponse& response, ByteView der) {
  const auto whole = der::only(der, der::sequence_tag);
  if (!whole) return false;
  der::Reader reader(whole->content);
  const auto tbs = reader.next(der::sequence_tag);
  const auto algorithm = reader.next(der::sequence_tag);
  const auto signature = reader.next(der::bit_string_tag);
  if (!tbs || !algorithm || !signature || signature->content.empty()) return false;
  response.tbs = copy(tbs->whole);
  response.signature_algorithm = read_signature_algorithm(algorithm->whole);
  response.signature = copy(signature->content.subspan(1));
  if (!reader.empty()) {
    const auto certificates = reader.next(der::context_constructed(0));
    if (!certificates || !reader.empty() || !read_certificates(response, *certificates)) {
      return false;
    }
  }
  return read_response_data(response, tbs->content);
}

Bytes digest_of(const EVP_MD* algorithm, ByteView bytes) {
  Bytes digest(EVP_MAX_MD_SIZE);
  unsigned length = 0;
  if (EVP_Digest(bytes.data(), bytes.size(), digest.data(), &length, algorithm, nullptr) != 1) {
    return {};
  }
  digest.resize(length);
  return digest;
}

}  // namespace

std::optional<OcspResponse> read_ocsp_response(ByteView der) {
  const auto whole = der::only(der, der::sequence_tag);
  if (!whole) return std::nullopt;
  der::Reader reader(whole->content);
  const auto status = reader.next(der::enumerated_tag);
  if (!status || status->content.size() != 1) return std::nullopt;
  OcspResponse response{.status = status->content.front()};
  if (response.status != ocsp_successful) return response;
  const auto holder = reader.next(der::context_constructed(0));
  const auto bytes = holder ? inside(*holder, der::sequence_tag) : std::nullopt;
  if (!bytes) return std::nullopt;
  der::Reader parts(bytes->content);
  const auto type = parts.next(der::oid_tag);
  const auto basic = parts.next(der::octet_string_tag);
  if (!type || !basic || der::oid_text(type->content) != oid_ocsp_basic ||
      !read_basic(response, basic->content)) {
    return std::nullopt;
  }
  return response;
}

SignatureCheck signed_by(const OcspResponse& response, const PublicKey& key) {
  return check_signature(key, response.signature_algorithm, response.tbs, response.signature);
}

bool is_about(const CertificateId& id, const Certificate& certificate,
              const PublicKey* issuer_key) {
  if (id.serial != certificate.serial) return false;
  const std::unique_ptr<ASN1_OBJECT, decltype(&ASN1_OBJECT_free)> oid(
      OBJ_txt2obj(id.hash.c_str(), 1), ASN1_OBJECT_free);
  const EVP_MD* const algorithm = oid ? EVP_get_digestbyobj(oid.get()) : nullptr;
  return algorithm != nullptr &&
         id.issuer_name_hash == digest_of(algorithm, certificate.issuer.der) &&
         (issuer_key == nullptr ||
          id.issuer_key_hash == digest_of(algorithm, issuer_key->subject_key));
}

std::string ocsp_status_text(int status) {
  // 4 is not used.
  constexpr std::array<std::string_view, 7> names{
      "successful", "malformedRequest", "internalError", "tryLater",
      "",           "sigRequired",      "unauthorized"};
  const auto index = static_cast<std::size_t>(status);
  if (status < 0 || index >= names.size() || names[index].empty()) {
    return fmt::format("status {}", status);
  }
  return std::string(names[index]);
}

}  // namespace badmx::x509
