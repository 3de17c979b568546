#include "tests/conformance/suite.h"

#include "x509/certificate.h"
#include "x509/pem.h"

#include <fstream>
#include <iterator>
#include <optional>
#include <stdexcept>
#include <string_view>
#include <utility>

namespace badmx::conformance {
namespace {

// x509-limbo's certificates without a time are valid from 1970 to 2969, but for the few that are
// not at any time: any moment does.
constexpr std::string_view any_moment = "2026-01-01T00:00:00Z";

std::vector<std::string> split(const std::string& text, std::string_view by) {
  std::vector<std::string> parts;
  std::size_t at = 0;
  while (true) {
    const std::size_t end = text.find(by, at);
    parts.push_back(text.substr(at, end - at));
    if (end == std::string::npos) return parts;
    at = end + by.size();
  }
}

std::string content(const std::filesystem::path& file) {
  std::ifstream stream(file, std::ios::binary);
  if (!stream) throw std::runtime_error("can't read " + file.string());
  return {std::istreambuf_iterator<char>(stream), {}};
}

std::vector<x509::Bytes> blocks(const std::filesystem::path& file) {
  std::vector<x509::Bytes> all;
  if (!std::filesystem::exists(file)) return all;
  for (x509::PemBlock& block : x509::read_pem_blocks(content(file))) {
    all.push_back(std::move(block.der));
  }
  return all;
}

checker::Observation observed(std::vector<x509::Bytes> chain) {
  checker::Attempt attempt;
  attempt.reached = smtp::Point::quit;
  attempt.layer = net::Layer::tls;
  attempt.handshake_done = true;
  attempt.certificate_seen = true;
  attempt.tls.version = "TLSv1.3";
  attempt.chain = std::move(chain);
  checker::Observation observation;
  observation.source = checker::Source::pem;
  observation.attempts.push_back(std::move(attempt));
  return observation;
}

using Fields = std::map<std::string, std::string, std::less<>>;

bool has(const std::string& text, std::string_view word) {
  return text.find(word) != std::string::npos;
}

// BoringSSL's name for how the last certificate is trusted; all others: as current senders do.
checker::AnchorRules anchor_rules(const std::string& flags) {
  using Role = checker::AnchorRules::Role;
  checker::AnchorRules rules;
  if (!has(flags, "last-cert-trust=")) return rules;
  rules.dates = has(flags, "WITH_EXPIRATION");
  rules.constraints = has(flags, "WITH_CONSTRAINTS") || has(flags, "AND_CONSTRAINTS");
  if (has(flags, "TRUST_ANCHOR_OR_LEAF") || has(flags, "TRUSTED_ANCHOR_OR_LEAF")) {
    rules.role = Role::either;
  } else {
    rules.role = !has(flags, "TRUSTED_LEAF")         ? Role::issuer
                 : has(flags, "REQUIRE_SELF_SIGNED") ? Role::self_signed_leaf
                                                     : Role::leaf;
  }
  return rules;
}

// x509-limbo says by an id's first word which standard a case is about; BoringSSL's strict purposes
// are Chromium's for public CAs.
checker::Profile profile_of(const std::string& id, const std::string& tags) {
  if (id.starts_with("rfc5280.") || id.starts_with("crl.")) return checker::Profile::rfc5280;
  if (id.starts_with("webpki.") || has(tags, "AUTH_STRICT") || has(tags, "MLS_CLIENT_AUTH")) {
    return checker::Profile::webpki;
  }
  return checker::Profile::current;
}

// What BoringSSL's purposes without an OID of their own demand.
std::vector<std::string> usages_of(const std::string& tags) {
  if (has(tags, "C2PA_TIMESTAMPING")) return {"1.3.6.1.5.5.7.3.8"};
  if (has(tags, "C2PA_MANIFEST")) return {"1.3.6.1.5.5.7.3.4", "1.3.6.1.5.5.7.3.36"};
  if (has(tags, "MLS_CLIENT_AUTH")) return {"2.23.146.2.1.3"};
  return {};
}

std::optional<std::size_t> depth_of(const std::string& flags) {
  const std::size_t at = flags.find("max-depth=");
  if (at == std::string::npos) return std::nullopt;
  return std::stoul(flags.substr(at + 10));
}

checker::Purpose purpose_of(const std::string& word) {
  if (word == "serverAuth") return checker::Purpose::server;
  return word == "clientAuth" ? checker::Purpose::client : checker::Purpose::any;
}

checker::Criteria asked(Fields& fields, const std::filesystem::path& folder) {
  checker::Criteria criteria;
  criteria.trust = blocks(folder / "anchors.pem");
  criteria.crls = blocks(folder / "crls.pem");
  const std::string& time = fields["time"];
  criteria.moment = x509::read_rfc3339(time == "none" ? any_moment : time).value();
  const std::string& name = fields["name"];
  if (name != "none") criteria.names = {name.substr(name.find(':') + 1)};
  criteria.purpose = purpose_of(fields["purpose"]);
  criteria.anchors = anchor_rules(fields["flags"]);
  criteria.profile = profile_of(fields["id"], fields["tags"]);
  if (has(fields["flags"], "CONSTRAINTS_REQUIRE_BASIC_CONSTRAINTS")) {
    criteria.profile = checker::Profile::rfc5280;
  }
  criteria.usages = usages_of(fields["tags"]);
  criteria.depth = depth_of(fields["flags"]);
  return criteria;
}

}  // namespace

std::vector<Case> read_suite(const std::filesystem::path& folder) {
  std::vector<std::string> lines = split(content(folder / "index.tsv"), "\n");
  const std::vector<std::string> header = split(lines.front(), "\t");
  std::vector<Case> cases;
  for (std::size_t i = 1; i < lines.size(); ++i) {
    if (lines[i].empty()) continue;
    const std::vector<std::string> values = split(lines[i], "\t");
    Fields fields;
    for (std::size_t j = 0; j < header.size() && j < values.size(); ++j) {
      fields[header[j]] = values[j];
    }
    Case one{.id = fields["id"], .accepted = fields["expect"] == "accept"};
    if (!fields["reason"].empty()) one.reason = split(fields["reason"], "|");
    one.folder = folder / "cases" / fields["dir"];
    one.observation = observed(blocks(one.folder / "chain.pem"));
    one.criteria = asked(fields, one.folder);
    cases.push_back(std::move(one));
  }
  return cases;
}

}  // namespace badmx::conformance
