// Certificate revocation lists (RFC 5280 5), read as they came.
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"

#include <optional>
#include <string>
#include <vector>

namespace badmx::x509 {

inline constexpr std::string_view oid_crl_number = "2.5.29.20";
inline constexpr std::string_view oid_certificate_issuer = "2.5.29.29";
inline constexpr std::string_view oid_delta_crl_indicator = "2.5.29.27";
inline constexpr std::string_view oid_issuing_distribution_point = "2.5.29.28";

struct RevokedCertificate {
  Bytes serial{};  // the INTEGER's content octets
  std::optional<Moment> date{};
  // In which names are compared, of an indirect list's entries (RFC 5280 5.3.3); empty: the list's
  // own.
  std::string issuer{};

  bool operator==(const RevokedCertificate&) const = default;
};

struct RevocationList {
  Bytes tbs{};  // the signed part
  Name issuer{};
  std::optional<Moment> this_update{};
  std::optional<Moment> next_update{};
  std::vector<RevokedCertificate> revoked{};  // at most a hundred thousand
  std::vector<Extension> extensions{};
  SignatureAlgorithm signature_algorithm{};
  Bytes signature{};

  bool operator==(const RevocationList&) const = default;
};

// Nothing when the bytes aren't a CertificateList (RFC 5280 5.1), or one with too many entries.
std::optional<RevocationList> read_revocation_list(ByteView der);

// Whether the issuer's key made the list's signature.
SignatureCheck signed_by(const RevocationList& list, const PublicKey& issuer_key);

}  // namespace badmx::x509
