#include "certgen/issue.h"

#include "certgen/bignum.h"
#include "certgen/defects.h"
#include "certgen/extensions.h"
#include "certgen/nodes.h"
#include "certgen/signing.h"
#include "x509/error.h"

#include <fmt/format.h>
#include <openssl/bn.h>

#include <chrono>
#include <stdexcept>
#include <utility>
#include <vector>

namespace badmx::certgen {
namespace {

namespace der = x509::der;
using std::chrono::days;

constexpr std::size_t longest_serial_text = 256;
constexpr std::chrono::hours farthest = days{365} * 20000;

// A year of a spec has 365 days.
Validity default_validity(Role role) {
  if (role == Role::server) return Validity{.not_before = days{-1}, .not_after = days{90}};
  return Validity{.not_before = days{-2 * 365}, .not_after = days{8 * 365}};
}

der::Node signed_integer(const BIGNUM* number) {
  if (BN_is_negative(number) == 0) return integer_of(number);
  // Two's complement of -m in n octets is 2^(8n) - m; the shortest n has the top bit set.
  const x509::BignumHandle magnitude(BN_dup(number));
  if (!magnitude) throw x509::Error("no memory for a number");
  BN_set_negative(magnitude.get(), 0);
  auto octets = static_cast<std::size_t>(BN_num_bytes(magnitude.get()));
  const x509::BignumHandle power = new_number();
  const auto complement = [&] {
    expect_success(BN_one(power.get()));
    expect_success(BN_lshift(power.get(), power.get(), static_cast<int>(8 * octets)));
    expect_success(BN_sub(power.get(), power.get(), magnitude.get()));
    return octets_of(power.get(), octets);
  };
  x509::Bytes bytes = complement();
  if ((bytes.front() & 0x80U) == 0) {
    ++octets;
    bytes = complement();
  }
  return der::primitive(der::integer_tag, bytes);
}

x509::BignumHandle parse_serial(const std::string& text) {
  const bool negative = text.starts_with('-');
  std::string digits = negative ? text.substr(1) : text;
  const bool hexadecimal = digits.starts_with("0x") || digits.starts_with("0X");
  if (hexadecimal) digits = digits.substr(2);
  BIGNUM* raw = nullptr;
  const bool plausible =
      !digits.empty() && digits.front() != '-' && digits.size() <= longest_serial_text;
  const int read = !plausible    ? 0
                   : hexadecimal ? BN_hex2bn(&raw, digits.c_str())
                                 : BN_dec2bn(&raw, digits.c_str());
  x509::BignumHandle number(raw);
  if (!plausible || read != static_cast<int>(digits.size())) {
    throw std::invalid_argument(
        fmt::format("\"{}\" is no serial number; 17, 0x11 and -17 are", text));
  }
  if (negative) BN_set_negative(number.get(), 1);
  return number;
}

der::Node validity_node(const PlannedCertificate& certificate, x509::Moment moment) {
  const Validity validity = certificate.spec.valid.value_or(default_validity(certificate.role));
  return at_key(certificate.spec.name, "valid", [&] {
    return sequence_of(time_node(at(moment, validity.not_before)),
                       time_node(at(moment, validity.not_after)));
  });
}

der::Node tree_of(x509::ByteView bytes) {
  auto node = der::read(bytes);
  if (!node) throw x509::Error("a key that was just written can't be read");
  return std::move(*node);
}

// TBSCertificate (RFC 5280 4.1).
der::Node to_be_signed(const IssueInput& input, const der::Node& signature_algorithm) {
  const CertificateSpec& spec = input.certificate.spec;
  std::vector<der::Node> fields;
  fields.reserve(8);
  if (spec.version != 1) {  // version 1 is the default and left out
    fields.push_back(der::constructed(
        der::context_constructed(0), list(der::integer(static_cast<long long>(spec.version) - 1))));
  }
  fields.push_back(serial_node(spec, input.default_serial));
  fields.push_back(signature_algorithm);
  fields.push_back(input.issuer);
  fields.push_back(validity_node(input.certificate, input.naming.moment));
  fields.push_back(input.subject);
  fields.push_back(tree_of(input.key.spki));
  std::vector<der::Node> extensions =
      extensions_of(ExtensionInput{.certificate = input.certificate,
                                   .naming = input.naming,
                                   .key = input.key,
                                   .issuer_key_id = input.issuer_key_id,
                                   .subject_is_empty = input.subject.children.empty()});
  if (!extensions.empty()) {
    fields.push_back(
        der::constructed(der::context_constructed(3), list(der::sequence(std::move(extensions)))));
  }
  return der::sequence(std::move(fields));
}

}  // namespace

x509::Moment at(x509::Moment moment, Offset offset) {
  if (std::chrono::abs(offset) > farthest) {
    throw std::invalid_argument("a time that far away can't be written");
  }
  return moment + offset;
}

der::Node time_node(x509::Moment moment) {
  der::Node node = generalized_time_node(moment);
  const std::string text(x509::as_text(node.content));
  if (text < "1950" || text >= "2050") return node;
  return der::text(der::utc_time_tag, text.substr(2));
}

der::Node generalized_time_node(x509::Moment moment) {
  const auto day = std::chrono::floor<days>(moment);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss time(moment - day);
  const int year = static_cast<int>(date.year());
  if (year < 0 || year > 9999) {
    throw std::invalid_argument(fmt::format("the year {} can't be written in four digits", year));
  }
  return der::text(
      der::generalized_time_tag,
      fmt::format("{:04}{:02}{:02}{:02}{:02}{:02}Z", year, static_cast<unsigned int>(date.month()),
                  static_cast<unsigned int>(date.day()), time.hours().count(),
                  time.minutes().count(), time.seconds().count()));
}

der::Node serial_node(const CertificateSpec& spec, x509::ByteView default_serial) {
  if (!spec.serial) return der::unsigned_integer(default_serial);
  return at_key(spec.name, "serial",
                [&] { return signed_integer(parse_serial(*spec.serial).get()); });
}

x509::Bytes issue(const IssueInput& input) {
  const CertificateSpec& spec = input.certificate.spec;
  const SignatureScheme scheme{.digest = spec.digest, .padding = spec.padding};
  const std::string& signer = spec.signed_by ? *spec.signed_by : spec.issued_by;
  if (const auto why_not = refusal(input.signer, scheme, signer)) {
    throw SpecError(spec.name, why_not->key, why_not->says);
  }
  if (spec.version < 1 || spec.version > 255) {
    throw SpecError(spec.name, "version", "a version is from 1 to 255");
  }
  return at_key(spec.name, "defects", [&] {
    const std::vector<DefectUse> uses = find_defects(spec.defects);
    const der::Node algorithm_identifier = signature_algorithm(input.signer, scheme);
    der::Node tbs = to_be_signed(input, algorithm_identifier);
    for (const DefectUse& use : uses) {
      if (use.defect->before_signing != nullptr) use.defect->before_signing(tbs, use.argument);
    }
    const x509::Bytes signature = sign(input.signer, scheme, der::write(tbs));
    x509::Bytes certificate =
        der::write(sequence_of(std::move(tbs), algorithm_identifier, der::bit_string(signature)));
    for (const DefectUse& use : uses) {
      if (use.defect->after_signing != nullptr) {
        use.defect->after_signing(certificate, use.argument);
      }
    }
    return certificate;
  });
}

}  // namespace badmx::certgen
