// OCSP responses (RFC 6960), as servers staple them (RFC 6066 8), read as they came.
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::x509 {

inline constexpr std::string_view oid_ocsp_basic = "1.3.6.1.5.5.7.48.1.1";
inline constexpr std::string_view oid_ocsp_signing = "1.3.6.1.5.5.7.3.9";

// OCSPResponseStatus (4.2.1). The others are what a responder says when it has no answer.
inline constexpr int ocsp_successful = 0;

enum class CertificateStatus { good, revoked, unknown };

// Whom an answer is about: hashes of the issuer's name and key, and the serial number (4.1.1).
struct CertificateId {
  std::string hash{};  // the algorithm's OID
  Bytes issuer_name_hash{};
  Bytes issuer_key_hash{};
  Bytes serial{};  // the INTEGER's content octets

  bool operator==(const CertificateId&) const = default;
};

struct SingleResponse {
  CertificateId id{};
  CertificateStatus status = CertificateStatus::unknown;
  std::optional<Moment> revoked_at{};
  std::optional<Moment> this_update{};
  std::optional<Moment> next_update{};  // nothing: newer information is always to be had

  bool operator==(const SingleResponse&) const = default;
};

struct OcspResponse {
  int status = ocsp_successful;  // OCSPResponseStatus; what follows is there for `successful` alone
  Bytes tbs{};                   // the signed part
  std::vector<SingleResponse> responses{};  // at most a thousand
  SignatureAlgorithm signature_algorithm{};
  Bytes signature{};
  std::vector<Bytes> certificates{};  // of the responder, DER; at most ten

  bool operator==(const OcspResponse&) const = default;
};

// Nothing when the bytes aren't an OCSPResponse, or hold another than a BasicOCSPResponse.
std::optional<OcspResponse> read_ocsp_response(ByteView der);

// Whether that key made the response's signature.
SignatureCheck signed_by(const OcspResponse& response, const PublicKey& key);

// Whether an answer is about that certificate, issued by who has that key; null where the key isn't
// known: then by the issuer's name and the serial number.
bool is_about(const CertificateId& id, const Certificate& certificate, const PublicKey* issuer_key);

// "tryLater"; "status 9" for one that has no name.
std::string ocsp_status_text(int status);

}  // namespace badmx::x509
