// Which certificates a revocation list is about: cRLDistributionPoints of a certificate (RFC 5280
// 4.2.1.13) and issuingDistributionPoint of a list (5.2.5).
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

namespace badmx::x509 {

// ReasonFlags: bit 1 is keyCompromise, bit 8 aACompromise.
inline constexpr std::uint16_t all_reasons = 0x1fe;

// Names are in a form in which equal ones are equal; one that is relative to the issuer is whole.
struct DistributionPoint {
  std::vector<std::string> names{};    // empty: it has none
  std::vector<std::string> issuers{};  // of the list, where that isn't the certificate's
  std::uint16_t reasons = all_reasons;

  bool operator==(const DistributionPoint&) const = default;
};

struct ListScope {
  std::vector<std::string> names{};  // empty: all distribution points'
  bool user_certificates_only = false;
  bool ca_certificates_only = false;
  bool attribute_certificates_only = false;
  bool indirect = false;  // it may be about other issuers' certificates too
  std::uint16_t reasons = all_reasons;

  bool operator==(const ListScope&) const = default;
};

// The form in which a distribution point has the distinguished name.
std::string distribution_point_name(const Name& name);

// Of the extensions' values; `issuer` is the certificate's, and the list's. Nothing when the value
// isn't what it should be.
std::optional<std::vector<DistributionPoint>> read_distribution_points(ByteView value,
                                                                       const Name& issuer);
std::optional<ListScope> read_list_scope(ByteView value, const Name& issuer);

}  // namespace badmx::x509
