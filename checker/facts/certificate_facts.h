// One certificate's facts, and what can be said of it alone.
#pragma once

#include "checker/facts/facts.h"

#include <string>
#include <vector>

namespace badmx::checker {

inline Location sent_at(std::size_t index) { return {.kind = LocationKind::sent, .index = index}; }
inline Location trusted_at(std::size_t index) {
  return {.kind = LocationKind::trusted, .index = index};
}
inline Location given_at(std::size_t index) {
  return {.kind = LocationKind::given, .index = index};
}

CertificateFacts read_certificate_facts(Location where, const x509::Bytes& der);
CertificateFacts printed_certificate_facts(Location where, const PrintedCertificate& printed);

// The issuer that `child` names is `issuer`. By text, as a guess, where one is only printed.
bool issuer_name_matches(const CertificateFacts& child, const CertificateFacts& issuer);
// They are one certificate: by their bytes, or, as a guess where one is only printed, by names and
// dates.
bool same_certificate(const CertificateFacts& one, const CertificateFacts& other);
// RFC 5280 4.2.1.1 and 4.2.1.2.
KeyIds key_ids(const CertificateFacts& child, const CertificateFacts& issuer);

// Each of these is false where the field is unknown: nothing is found in what wasn't seen.
bool has_expired(const CertificateFacts& certificate, x509::Moment moment);
bool is_not_yet_valid(const CertificateFacts& certificate, x509::Moment moment);
// Its basic constraints say that it is a CA, or it is a version 1 certificate that is trusted.
bool is_ca(const CertificateFacts& certificate);
// What keeps it from issuing certificates, as words; empty: nothing (RFC 5280 6.1.4 k, n). An
// anchor without basic constraints is let off when its key usage says that it signs, or in
// version 1.
std::string why_no_issuer(const CertificateFacts& certificate);
// What is weak, as words, empty when it isn't, for the profile `current`: RSA and DSA 2048, EC 224.
std::string weak_key(const CertificateFacts& certificate);
// MD5 or SHA-1 and their like, by which it was signed.
std::string weak_signature(const CertificateFacts& certificate);
// OIDs of extensions that stand in it more than once (RFC 5280 4.2).
std::vector<std::string> duplicate_extensions(const CertificateFacts& certificate);
// OIDs of critical extensions that current senders don't know.
std::vector<std::string> unknown_critical_extensions(const CertificateFacts& certificate);
// OIDs of extensions, "notBefore" or "notAfter", that are there and can't be read.
std::vector<std::string> unreadable_extensions(const CertificateFacts& certificate);
std::vector<std::string> unreadable_times(const CertificateFacts& certificate);
// Why its extended key usage leaves out what it is used for, as words; empty: it doesn't.
std::string why_wrong_purpose(const CertificateFacts& certificate, const Criteria& criteria,
                              std::size_t height);
// Whether its dates, or what it demands of others and of itself, count at that place of a path (0
// is the leaf): an anchor's may not (see AnchorRules).
bool dates_count(const Criteria& criteria, const CertificateFacts& certificate, std::size_t height);
bool constraints_count(const Criteria& criteria, const CertificateFacts& certificate,
                       std::size_t height);
// The same for the key usage of a certificate that stands for a server or client itself.
std::string why_key_unfit(const CertificateFacts& certificate);

}  // namespace badmx::checker
