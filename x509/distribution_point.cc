#include "x509/distribution_point.h"

#include "x509/der.h"

#include <utility>

namespace badmx::x509 {
namespace {

using Names = std::vector<std::string>;

std::optional<std::string> general_name(const der::Element& element) {
  if ((element.tag & 0xc0U) != 0x80U) return std::nullopt;
  if (element.tag == der::context_constructed(4)) {
    const auto name = read_name(element.content);
    return name ? std::optional(distribution_point_name(*name)) : std::nullopt;
  }
  return std::to_string(element.tag & 0x1fU) + ":" + std::string(as_text(element.content));
}

std::optional<Names> general_names(ByteView content) {
  Names names;
  der::Reader reader(content);
  while (!reader.empty()) {
    const auto element = reader.next();
    auto name = element ? general_name(*element) : std::nullopt;
    if (!name) return std::nullopt;
    names.push_back(std::move(*name));
  }
  return names;
}

// DistributionPointName: fullName [0], or nameRelativeToCRLIssuer [1], one RDN below the issuer.
std::optional<Names> point_names(ByteView content, const Name& issuer) {
  const auto choice = der::Reader(content).next();
  if (!choice) return std::nullopt;
  if (choice->tag == der::context_constructed(0)) return general_names(choice->content);
  if (choice->tag != der::context_constructed(1)) return std::nullopt;
  auto relative = der::read(choice->whole);
  if (!relative) return std::nullopt;
  relative->tag = der::set_tag;
  const auto below = read_name(der::write(der::sequence({std::move(*relative)})));
  if (!below) return std::nullopt;
  return Names{distribution_point_name(issuer) + canonical(*below)};
}

// A BIT STRING's content: how many bits of the last octet are unused, then the bits, the first
// highest.
std::uint16_t reason_flags(ByteView content) {
  std::uint16_t flags = 0;
  for (std::size_t bit = 0; bit < 9 && 1 + bit / 8 < content.size(); ++bit) {
    if ((content[1 + bit / 8] >> (7 - bit % 8) & 1U) != 0) {
      flags = static_cast<std::uint16_t>(flags | 1U << bit);
    }
  }
  return flags & all_reasons;
}

bool flag(der::Reader& reader, int number) {
  const auto element = reader.next(der::context(number));
  return element && element->content.size() == 1 && element->content.front() != 0;
}

std::optional<DistributionPoint> read_point(ByteView content, const Name& issuer) {
  DistributionPoint point;
  der::Reader reader(content);
  const auto name = reader.next(der::context_constructed(0));
  if (const auto reasons = reader.next(der::context(1))) {
    point.reasons = reason_flags(reasons->content);
  }
  const Name* below = &issuer;
  std::optional<Name> list_issuer;
  if (const auto issuers = reader.next(der::context_constructed(2))) {
    auto names = general_names(issuers->content);
    if (!names) return std::nullopt;
    point.issuers = std::move(*names);
    const auto first = der::Reader(issuers->content).next(der::context_constructed(4));
    list_issuer = first ? read_name(first->content) : std::nullopt;
    if (list_issuer) below = &*list_issuer;
  }
  if (name) {
    auto names = point_names(name->content, *below);
    if (!names) return std::nullopt;
    point.names = std::move(*names);
  }
  return reader.empty() ? std::optional(std::move(point)) : std::nullopt;
}

}  // namespace

std::string distribution_point_name(const Name& name) { return "directory:" + canonical(name); }

std::optional<std::vector<DistributionPoint>> read_distribution_points(ByteView value,
                                                                       const Name& issuer) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence) return std::nullopt;
  std::vector<DistributionPoint> points;
  der::Reader reader(sequence->content);
  while (!reader.empty()) {
    const auto element = reader.next(der::sequence_tag);
    auto point = element ? read_point(element->content, issuer) : std::nullopt;
    if (!point) return std::nullopt;
    points.push_back(std::move(*point));
  }
  return points;
}

std::optional<ListScope> read_list_scope(ByteView value, const Name& issuer) {
  const auto sequence = der::only(value, der::sequence_tag);
  if (!sequence) return std::nullopt;
  ListScope scope;
  der::Reader reader(sequence->content);
  if (const auto name = reader.next(der::context_constructed(0))) {
    auto names = point_names(name->content, issuer);
    if (!names) return std::nullopt;
    scope.names = std::move(*names);
  }
  scope.user_certificates_only = flag(reader, 1);
  scope.ca_certificates_only = flag(reader, 2);
  if (const auto reasons = reader.next(der::context(3))) {
    scope.reasons = reason_flags(reasons->content);
  }
  scope.indirect = flag(reader, 4);
  scope.attribute_certificates_only = flag(reader, 5);
  return reader.empty() ? std::optional(std::move(scope)) : std::nullopt;
}

}  // namespace badmx::x509
