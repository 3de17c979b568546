#include "certgen/defects.h"

#include "certgen/extensions.h"
#include "certgen/nodes.h"
#include "x509/certificate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <optional>
#include <stdexcept>

namespace badmx::certgen {
namespace {

namespace der = x509::der;

struct ExtensionName {
  std::string_view name;
  std::string_view oid;
};

constexpr std::array<ExtensionName, 11> extension_names{{
    {"subject-alt-name", x509::oid_subject_alt_name},
    {"basic-constraints", x509::oid_basic_constraints},
    {"key-usage", x509::oid_key_usage},
    {"extended-key-usage", x509::oid_extended_key_usage},
    {"subject-key-id", x509::oid_subject_key_id},
    {"authority-key-id", x509::oid_authority_key_id},
    {"name-constraints", x509::oid_name_constraints},
    {"policies", x509::oid_certificate_policies},
    {"crl-url", x509::oid_crl_distribution_points},
    {"aia", x509::oid_authority_info_access},
    {"tls-feature", x509::oid_tls_feature},
}};

// The SEQUENCE OF Extension in a TBSCertificate, null when there is none.
std::vector<der::Node>* find_extensions(der::Node& tbs) {
  for (der::Node& field : tbs.children) {
    if (field.tag == der::context_constructed(3)) return &field.children.at(0).children;
  }
  return nullptr;
}

std::vector<der::Node>& make_extensions(der::Node& tbs) {
  if (std::vector<der::Node>* found = find_extensions(tbs)) return *found;
  tbs.children.push_back(der::constructed(der::context_constructed(3), list(der::sequence({}))));
  return tbs.children.back().children.at(0).children;
}

std::string_view extension_oid(std::string_view name) {
  const auto* found = std::ranges::find(extension_names, name, &ExtensionName::name);
  return found == extension_names.end() ? name : found->oid;
}

void duplicate_extension(der::Node& tbs, std::string_view argument) {
  const std::string_view name = argument.empty() ? "subject-alt-name" : argument;
  const der::Node oid = der::oid(extension_oid(name));
  std::vector<der::Node>* all = find_extensions(tbs);
  if (all != nullptr) {
    const auto found = std::ranges::find_if(
        *all, [&](const der::Node& node) { return node.children.at(0) == oid; });
    if (found != all->end()) {
      const der::Node twin = *found;
      all->insert(found, twin);
      return;
    }
  }
  throw std::invalid_argument(fmt::format("the certificate has no {} to be doubled", name));
}

void unknown_critical_extension(der::Node& tbs, std::string_view) {
  // 2.999 is set aside for examples (ITU-T X.660): nobody will ever know this extension.
  make_extensions(tbs).push_back(
      extension("2.999.1", Criticality::critical, der::write(der::null())));
}

void corrupt_signature(x509::Bytes& certificate, std::string_view) {
  // The last octet of a certificate is the signature's: the structure stays whole.
  certificate.back() ^= 0x01U;
}

constexpr std::array<Defect, 3> table{{
    {.name = "duplicate-extension",
     .summary = "An extension stands in the certificate twice.",
     .reference = "RFC 5280 4.2",
     .argument = "the extension, by its key in a scenario or dotted number; unsaid: "
                 "subject-alt-name",
     .before_signing = duplicate_extension,
     .after_signing = nullptr},
    {.name = "unknown-critical-extension",
     .summary = "An extension that nobody knows is marked critical.",
     .reference = "RFC 5280 4.2",
     .argument = "",
     .before_signing = unknown_critical_extension,
     .after_signing = nullptr},
    {.name = "signature-corrupted",
     .summary = "One bit of the signature is flipped.",
     .reference = "RFC 5280 4.1.1.3",
     .argument = "",
     .before_signing = nullptr,
     .after_signing = corrupt_signature},
}};

}  // namespace

std::span<const Defect> defects() { return table; }

DefectUse find_defect(std::string_view text) {
  const std::size_t colon = text.find(':');
  const std::string_view name = text.substr(0, colon);
  const std::string_view argument =
      colon == std::string_view::npos ? std::string_view{} : text.substr(colon + 1);
  const auto* found = std::ranges::find(table, name, &Defect::name);
  if (found == table.end()) {
    std::string known;
    for (const Defect& row : table) known += (known.empty() ? "" : ", ") + std::string(row.name);
    throw std::invalid_argument(
        fmt::format("\"{}\" is no defect of a certificate; there are: {}", name, known));
  }
  if (colon != std::string_view::npos && found->argument.empty()) {
    throw std::invalid_argument(fmt::format("{} takes no argument", name));
  }
  if (colon != std::string_view::npos && argument.empty()) {
    throw std::invalid_argument(fmt::format("nothing stands behind the colon of {}", name));
  }
  return DefectUse{.defect = found, .argument = std::string(argument)};
}

std::vector<DefectUse> find_defects(const std::vector<std::string>& texts) {
  std::vector<DefectUse> uses;
  uses.reserve(texts.size());
  for (const std::string& text : texts) uses.push_back(find_defect(text));
  std::ranges::stable_sort(uses, {}, &DefectUse::defect);
  return uses;
}

}  // namespace badmx::certgen
