// What a revocation list can tell of a certificate, and whose signature it may have (RFC
// 5280 6.3.3).
#pragma once

#include "checker/facts/facts.h"
#include "x509/crl.h"
#include "x509/distribution_point.h"

#include <cstdint>
#include <string>

namespace badmx::checker {

// For which reasons it tells of a revocation; for none where there is a `why`.
struct CrlCoverage {
  std::uint16_t reasons = 0;
  std::string why{};

  bool operator==(const CrlCoverage&) const = default;
};

// `list` is one of the certificate's issuer's name; path.certificates[height] is the certificate.
CrlCoverage coverage(const Facts& facts, const CrlFacts& list, std::size_t height);

}  // namespace badmx::checker
