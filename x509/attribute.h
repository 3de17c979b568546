// The attributes of distinguished names one by one, for whoever writes such names himself.
#pragma once

#include "x509/certificate.h"

#include <span>
#include <string>
#include <string_view>

namespace badmx::x509 {

// An attribute type that has a short name (RFC 4519 2, RFC 2985 5.2.1).
struct AttributeType {
  std::string_view oid;
  std::string_view name;  // "CN"
};

std::span<const AttributeType> attribute_types();

// An attribute's value whatever its string type; octets that are no text stay what they are.
std::string utf8(const Attribute& attribute);

}  // namespace badmx::x509
