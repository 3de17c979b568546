// What the standards demand of a certificate beyond what today's senders look at: RFC 5280 of a
// conforming CA, the CA/Browser Forum's Baseline Requirements of a public one. Facts as words,
// empty or none where there is nothing to say.
#pragma once

#include "checker/facts/facts.h"

#include <string>
#include <vector>

namespace badmx::checker {

// Signed by its own key, as far as names and key identifiers tell.
bool looks_self_signed(const CertificateFacts& certificate);

// RFC 5280 4.2.1.1: all but self-signed certificates carry an authority key identifier's key id.
bool lacks_authority_key_id(const CertificateFacts& certificate);
// RFC 5280 4.2.1.2: CAs carry a subject key identifier.
bool lacks_subject_key_id(const CertificateFacts& certificate);
// Baseline Requirements 7.1.2.11.1 and 7.1.2.1.3: no issuer and serial in it, a root's is its own.
std::string why_authority_key_id_unfit(const CertificateFacts& certificate);
// RFC 5280 4.2.1.9: asked of a CA.
bool lacks_basic_constraints(const CertificateFacts& certificate);
// "2.5.29.35 must not be critical" …: RFC 5280 4.2 and 5.2, but for name constraints.
std::vector<std::string> wrong_criticality(const CertificateFacts& certificate);
// RFC 5280 4.2.1.10: critical; the Baseline Requirements 7.1.2.5.2 let them be otherwise.
bool has_uncritical_name_constraints(const CertificateFacts& certificate);
// Baseline Requirements 7.1.2.7.6: extensions that are critical without need.
std::vector<std::string> needlessly_critical(const CertificateFacts& certificate);
// RFC 5280 4.2.1.10: of CAs only, and not empty.
bool has_name_constraints_in_leaf(const CertificateFacts& certificate);
bool has_empty_name_constraints(const CertificateFacts& certificate);
// Constraints that no name can be held against, as text (RFC 5280 4.2.1.10).
std::vector<std::string> malformed_name_constraints(const CertificateFacts& certificate);
// RFC 5280 4.1.2.2: a positive integer of at most 20 octets.
std::string why_serial_unfit(const CertificateFacts& certificate);
// RFC 5280 4.1.2.4, 4.1.2.6: an issuer has a name.
std::string which_name_empty(const CertificateFacts& certificate);
// RFC 5280 4.2.1.9: without the CA bit no keyCertSign.
bool signs_without_being_ca(const CertificateFacts& certificate);
// dNSNames that aren't in the preferred name syntax (RFC 5280 4.2.1.6).
std::vector<std::string> malformed_dns_names(const CertificateFacts& certificate);
// Baseline Requirements 7.1.4.3: a common name that looks like a host is one of the alternative
// names.
std::string common_name_not_among_names(const CertificateFacts& certificate);
// Baseline Requirements 7.1.2.7.10 of a server's certificate, 7.1.2.1.2 of a root's.
std::string why_extended_key_usage_unfit(const CertificateFacts& certificate,
                                         const Criteria& criteria, bool is_leaf);
// anyExtendedKeyUsage stands for the purpose (RFC 5280 4.2.1.12); OpenSSL doesn't take it.
bool is_for_any_purpose_only(const CertificateFacts& certificate, const Criteria& criteria);
// Baseline Requirements 6.1.5 and 6.1.6: RSA in whole octets, or one of three curves.
std::string why_key_not_allowed(const CertificateFacts& certificate);
// Ballot SC-081v3 and before: how long it is valid, when that is more than was allowed at its
// notBefore.
std::string why_valid_too_long(const CertificateFacts& certificate);
// Wildcards that cover all of a public suffix (Baseline Requirements 3.2.2.6).
std::vector<std::string> wildcards_over_public_suffix(const CertificateFacts& certificate);

}  // namespace badmx::checker
