// An X.509 certificate (RFC 5280) read from the bytes that came, without OpenSSL: what it says is
// kept, what is wrong with it is said, and nothing is mended or re-encoded.
#pragma once

#include "x509/bytes.h"
#include "x509/key.h"

#include <chrono>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::x509 {

using Moment = std::chrono::sys_seconds;

struct Attribute {
  std::string oid{};
  std::uint8_t tag = 0;  // of the value's string type
  std::string value{};   // its octets as they came

  bool operator==(const Attribute&) const = default;
};

struct Name {
  Bytes der{};
  std::vector<std::vector<Attribute>> rdns{};

  bool operator==(const Name&) const = default;
};

// Nothing when the bytes aren't exactly one Name (RFC 5280 4.1.2.4).
std::optional<Name> read_name(ByteView der);
// "CN=mx.example.test, O=Example" in the order of the certificate, printable.
std::string text(const Name& name);
// The most specific (last) CN, as its octets came.
std::optional<std::string> common_name(const Name& name);
// The form in which RFC 5280 7.1 compares names: case folded, white space collapsed, string types
// forgotten. Two names are the same when these are.
std::string canonical(const Name& name);

enum class GeneralNameKind : std::uint8_t {
  other = 0,
  email = 1,
  dns = 2,
  x400 = 3,
  directory = 4,
  edi = 5,
  uri = 6,
  ip = 7,
  registered = 8
};

struct GeneralName {
  GeneralNameKind kind = GeneralNameKind::other;
  Bytes value{};  // the octets: text for email, dns and uri; a Name's DER for directory

  bool operator==(const GeneralName&) const = default;
};

struct Extension {
  std::string oid{};
  bool critical = false;
  Bytes value{};  // what the OCTET STRING holds

  bool operator==(const Extension&) const = default;
};

struct BasicConstraints {
  bool ca = false;
  std::optional<int> path_length{};

  bool operator==(const BasicConstraints&) const = default;
};

struct AuthorityKeyId {
  std::optional<Bytes> key_id{};
  std::optional<Bytes> serial{};
  bool names_issuer = false;  // authorityCertIssuer is there

  bool operator==(const AuthorityKeyId&) const = default;
};

struct NameConstraints {
  std::vector<GeneralName> permitted{};
  std::vector<GeneralName> excluded{};

  bool operator==(const NameConstraints&) const = default;
};

// One entry of certificatePolicies (RFC 5280 4.2.1.4).
struct PolicyInformation {
  std::string oid{};
  std::vector<std::string> qualifiers{};  // their OIDs

  bool operator==(const PolicyInformation&) const = default;
};

// RFC 5280 4.2.1.5: who issued it says that the one policy is as good as the other.
struct PolicyMapping {
  std::string issuer_domain{};
  std::string subject_domain{};

  bool operator==(const PolicyMapping&) const = default;
};

// RFC 5280 4.2.1.11: after so many certificates.
struct PolicyConstraints {
  std::optional<int> require_explicit{};
  std::optional<int> inhibit_mapping{};

  bool operator==(const PolicyConstraints&) const = default;
};

// Bits of KeyUsage (RFC 5280 4.2.1.3), as 1 << bit number.
inline constexpr std::uint16_t key_usage_digital_signature = 1U << 0U;
inline constexpr std::uint16_t key_usage_key_encipherment = 1U << 2U;
inline constexpr std::uint16_t key_usage_key_agreement = 1U << 4U;
inline constexpr std::uint16_t key_usage_cert_sign = 1U << 5U;
inline constexpr std::uint16_t key_usage_crl_sign = 1U << 6U;

// Object identifiers of the extensions that are read.
inline constexpr std::string_view oid_subject_key_id = "2.5.29.14";
inline constexpr std::string_view oid_key_usage = "2.5.29.15";
inline constexpr std::string_view oid_subject_alt_name = "2.5.29.17";
inline constexpr std::string_view oid_basic_constraints = "2.5.29.19";
inline constexpr std::string_view oid_name_constraints = "2.5.29.30";
inline constexpr std::string_view oid_crl_distribution_points = "2.5.29.31";
inline constexpr std::string_view oid_certificate_policies = "2.5.29.32";
inline constexpr std::string_view oid_policy_mappings = "2.5.29.33";
inline constexpr std::string_view oid_authority_key_id = "2.5.29.35";
inline constexpr std::string_view oid_policy_constraints = "2.5.29.36";
inline constexpr std::string_view oid_extended_key_usage = "2.5.29.37";
inline constexpr std::string_view oid_inhibit_any_policy = "2.5.29.54";
inline constexpr std::string_view oid_authority_info_access = "1.3.6.1.5.5.7.1.1";
inline constexpr std::string_view oid_freshest_crl = "2.5.29.46";
inline constexpr std::string_view oid_subject_directory_attributes = "2.5.29.9";
inline constexpr std::string_view oid_subject_info_access = "1.3.6.1.5.5.7.1.11";
inline constexpr std::string_view oid_any_policy = "2.5.29.32.0";
inline constexpr std::string_view oid_tls_feature = "1.3.6.1.5.5.7.1.24";
inline constexpr std::string_view oid_server_auth = "1.3.6.1.5.5.7.3.1";
inline constexpr std::string_view oid_client_auth = "1.3.6.1.5.5.7.3.2";
inline constexpr std::string_view oid_any_extended_key_usage = "2.5.29.37.0";

struct Certificate {
  Bytes der{};
  Bytes tbs{};      // the signed part, as it came
  int version = 1;  // 1, 2, 3, or whatever number is given plus one
  Bytes serial{};   // the INTEGER's content octets
  Name issuer{};
  Name subject{};
  std::optional<Moment> not_before{};  // nothing: the time can't be read
  std::optional<Moment> not_after{};
  PublicKey key{};
  SignatureAlgorithm signature_algorithm{};        // outside, what the signature was made by
  SignatureAlgorithm inner_signature_algorithm{};  // inside the signed part
  Bytes signature{};
  std::vector<Extension> extensions{};  // all of them, in order, duplicates too

  // The first of each, decoded; nothing where it is absent or can't be read (see malformed).
  std::optional<std::vector<GeneralName>> subject_alt_names{};
  std::optional<BasicConstraints> basic_constraints{};
  std::optional<std::uint16_t> key_usage{};
  std::optional<std::vector<std::string>> extended_key_usage{};  // OIDs
  std::optional<Bytes> subject_key_id{};
  std::optional<AuthorityKeyId> authority_key_id{};
  std::optional<NameConstraints> name_constraints{};
  std::optional<std::vector<PolicyInformation>> policies{};
  std::optional<std::vector<PolicyMapping>> policy_mappings{};
  std::optional<PolicyConstraints> policy_constraints{};
  std::optional<int> inhibit_any_policy{};
  std::vector<std::string> ca_issuers{};  // URLs of authorityInfoAccess, as they came
  // What couldn't be read though it is there: an extension's OID, or "notBefore", "notAfter".
  std::vector<std::string> malformed{};

  bool operator==(const Certificate&) const = default;
};

// What certificates and revocation lists have in common (RFC 5280 4.1, 5.1).
struct SignedParts {
  ByteView tbs{};  // the whole element; a view into the bytes that were read
  SignatureAlgorithm algorithm{};
  Bytes signature{};
};

// Nothing when the bytes aren't exactly a SEQUENCE of what is signed, an algorithm and a signature.
std::optional<SignedParts> read_signed(ByteView der);

// Of a SEQUENCE OF Extension, at most a thousand; nothing when it isn't one.
std::optional<std::vector<Extension>> read_extensions(ByteView der);

// Nothing when the bytes aren't a Certificate's structure (RFC 5280 4.1) at all.
std::optional<Certificate> read_certificate(ByteView der);

// Whether the issuer's key made this certificate's signature.
SignatureCheck signed_by(const Certificate& certificate, const PublicKey& issuer_key);

// Names equal (RFC 5280 6.1): says nothing of the signature.
bool is_self_issued(const Certificate& certificate);

// UTCTime or GeneralizedTime in the form of RFC 5280 4.1.2.5.
std::optional<Moment> read_time(std::uint8_t tag, ByteView content);
// "2026-11-24 23:26:28 UTC"
std::string text(Moment moment);
// "2026-11-24T23:26:28Z" (RFC 3339) and back; the reader also takes a bare date, and "YYYY-MM-DD
// HH:MM[:SS]" as UTC.
std::string rfc3339(Moment moment);
std::optional<Moment> read_rfc3339(std::string_view text);

}  // namespace badmx::x509
