// From a PkiSpec to certificates and keys: same seed, moment and names, same bytes.
#pragma once

#include "certgen/spec.h"
#include "x509/bytes.h"
#include "x509/certificate.h"
#include "x509/identity.h"

#include <memory>
#include <optional>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::certgen {

// What of a PkiSpec an error is about.
enum class SpecPart { certificate, crl, ocsp };

// A PkiSpec that can't be made: an issuer that isn't there, a cycle, a name that no DNS has. Says
// which key of which part is wrong, what was found and what is allowed.
class SpecError : public std::runtime_error {
 public:
  SpecError(std::string certificate, std::string key, std::string says,
            SpecPart part = SpecPart::certificate);
  std::string certificate;  // the part's name
  std::string key;
  std::string says;  // what() without these
  SpecPart part;
};

// Where and when the certificates are to hold.
struct NamingContext {
  // Its id: keys are derived from it; it shows only through the host's name.
  std::string scenario{};
  std::string host{};    // {host}:   mx.expired-leaf.badmx.test
  std::string domain{};  // {domain}: expired-leaf.badmx.test
  std::string lab{};     // {lab}:    badmx.test
  x509::Moment moment{};
  // When the lab's root was made, for one that is kept and imported somewhere; unsaid: at `moment`.
  std::optional<x509::Moment> lab_made{};

  bool operator==(const NamingContext&) const = default;
};

// The secret all keys are derived from: 32 random bytes unless said otherwise.
struct Seed {
  x509::Bytes bytes{};

  bool operator==(const Seed&) const = default;
};
Seed random_seed();

struct IssuedCertificate {
  std::string name{};    // the spec's
  std::string entity{};  // the spec's
  x509::Bytes der{};
  x509::Bytes key{};  // PKCS#8 of the key in it

  bool operator==(const IssuedCertificate&) const = default;
};

struct IssuedCrl {
  std::string name{};
  x509::Bytes der{};

  bool operator==(const IssuedCrl&) const = default;
};

struct IssuedOcsp {
  std::string name{};
  x509::Bytes der{};

  bool operator==(const IssuedOcsp&) const = default;
};

struct Pki {
  std::vector<IssuedCertificate> certificates{};  // in the spec's order
  std::vector<x509::Bytes> trusted{};             // the lab's root first, then the spec's `trusted`
  std::vector<IssuedCrl> crls{};
  std::vector<IssuedOcsp> ocsp{};

  // The certificate of that name, null when there is none. Lives as long as the Pki.
  const IssuedCertificate* find(std::string_view name) const;
  // The chain as named, and the key of `key` (unsaid: of the chain's first). Throws SpecError.
  x509::Identity identity(const std::vector<std::string>& chain, std::string_view key = {}) const;
  // The OCSP response of that name. Throws SpecError.
  x509::Bytes ocsp_response(std::string_view name) const;

  bool operator==(const Pki&) const = default;
};

// Makes keys and remembers the costly ones (RSA, the lab's root) for one run. May be used by
// several threads at once; what it makes depends on nobody's order.
class KeyStore {
 public:
  explicit KeyStore(Seed seed);
  ~KeyStore();
  KeyStore(const KeyStore&) = delete;
  KeyStore& operator=(const KeyStore&) = delete;

  const Seed& seed() const;

  struct Impl;
  Impl& impl() { return *impl_; }

 private:
  std::unique_ptr<Impl> impl_;
};

// Throws SpecError for a spec that can't be made, x509::Error when OpenSSL fails us.
Pki generate(const PkiSpec& spec, const NamingContext& naming, KeyStore& keys);

// The lab's healthy root alone, DER: what an appliance under test imports once.
x509::Bytes lab_root_certificate(std::string_view lab, x509::Moment moment, KeyStore& keys);

}  // namespace badmx::certgen
