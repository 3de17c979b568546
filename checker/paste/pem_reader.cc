#include "checker/paste/pem_reader.h"

#include "checker/paste/transcript_text.h"
#include "x509/certificate.h"
#include "x509/der.h"
#include "x509/pem.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>

namespace badmx::checker {
namespace {

constexpr std::size_t most_gaps = 20;

bool is_certificate(std::string_view label) {
  return label == "CERTIFICATE" || label == "X509 CERTIFICATE" || label == "TRUSTED CERTIFICATE";
}

void add_certificates(Attempt& attempt, std::vector<x509::Bytes> certificates) {
  for (x509::Bytes& certificate : certificates) {
    if (attempt.chain.size() == most_pasted_certificates) return;
    attempt.chain.push_back(std::move(certificate));
  }
}

void read_blocks(std::string_view content, Observation& seen) {
  Attempt& attempt = seen.attempts.front();
  std::size_t number = 0;
  for (x509::PemBlock& block : x509::read_pem_blocks(content)) {
    if (block.label.ends_with("PRIVATE KEY")) {
      if (std::ranges::count(seen.pasted.secrets, "private key") == 0) {
        seen.pasted.secrets.emplace_back("private key");
      }
    } else if (block.label == "PKCS7" || block.label == "CMS") {
      if (auto certificates = read_pkcs7(block.der)) {
        add_certificates(attempt, std::move(*certificates));
      }
    } else if (is_certificate(block.label)) {
      ++number;
      // An OpenSSL "TRUSTED CERTIFICATE" has settings of its own behind the certificate.
      auto certificate = first_sequence(block.der);
      if (certificate && block.whole) {
        if (attempt.chain.size() < most_pasted_certificates) {
          attempt.chain.push_back(std::move(*certificate));
        }
      } else if (seen.pasted.gaps.size() < most_gaps) {
        seen.pasted.gaps.push_back(
            fmt::format("Certificate {} of the file is cut short; paste it again, from its BEGIN "
                        "line to its END line.",
                        number));
      }
    }
  }
}

}  // namespace

std::optional<x509::Bytes> first_sequence(x509::ByteView der) {
  x509::der::Reader reader(der);
  const auto sequence = reader.next(x509::der::sequence_tag);
  return sequence ? std::optional(x509::copy(sequence->whole)) : std::nullopt;
}

bool is_whole_sequence(x509::ByteView der) {
  return x509::der::only(der, x509::der::sequence_tag).has_value();
}

std::optional<std::vector<x509::Bytes>> read_pkcs7(x509::ByteView der) {
  using x509::der::Reader;
  const auto content_info = x509::der::only(der, x509::der::sequence_tag);
  if (!content_info) return std::nullopt;
  Reader info(content_info->content);
  const auto type = info.next(x509::der::oid_tag);
  if (!type || x509::der::oid_text(type->content) != "1.2.840.113549.1.7.2") return std::nullopt;
  const auto content = info.next(x509::der::context_constructed(0));
  if (!content) return std::nullopt;
  const auto signed_data = x509::der::only(content->content, x509::der::sequence_tag);
  if (!signed_data) return std::nullopt;
  Reader data(signed_data->content);
  if (!data.next(x509::der::integer_tag) || !data.next(x509::der::set_tag) ||
      !data.next(x509::der::sequence_tag)) {
    return std::nullopt;
  }
  std::vector<x509::Bytes> certificates;
  if (const auto sent = data.next(x509::der::context_constructed(0))) {
    Reader list(sent->content);
    while (const auto certificate = list.next(x509::der::sequence_tag)) {
      if (certificates.size() == most_pasted_certificates) break;
      certificates.push_back(x509::copy(certificate->whole));
    }
  }
  return certificates;
}

std::optional<Observation> read_pem(std::string_view content, std::string_view origin) {
  content = content.substr(0, longest_paste);
  Observation seen;
  seen.source = Source::pem;
  seen.origin = x509::printable(origin, 512);
  Attempt attempt;
  attempt.reached = smtp::Point::handshake;
  attempt.stop = Stop::unknown;
  seen.attempts.push_back(std::move(attempt));
  Attempt& only = seen.attempts.front();

  const x509::ByteView bytes = x509::as_bytes(content);
  if (const auto certificates = read_pkcs7(bytes)) {
    add_certificates(only, *certificates);
  } else if (x509::read_certificate(bytes)) {
    only.chain.push_back(x509::copy(bytes));
  } else {
    read_blocks(content, seen);
  }
  if (only.chain.empty() && seen.pasted.gaps.empty()) return std::nullopt;
  only.certificate_seen = true;
  return seen;
}

}  // namespace badmx::checker
