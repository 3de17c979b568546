// Names as RFC 9525 compares them; used by the rules about names and by name constraints.
#pragma once

#include "x509/bytes.h"

#include <optional>
#include <string>
#include <string_view>

namespace badmx::checker {

// What a sender looks for: a DNS name in lower-case A-labels without trailing dot, or an IP
// address.
struct ReferenceName {
  std::string dns;  // empty when it is an address
  x509::Bytes ip;   // 4 or 16 octets

  bool operator==(const ReferenceName&) const = default;
};

// Nothing when the text can't be either (empty, a space in it, a label that IDNA refuses).
std::optional<ReferenceName> read_reference(std::string_view text);

// Whether a dNSName as it stands in a certificate covers the DNS name (RFC 9525 6.3): octets are
// compared without case; a wildcard is the whole leftmost label and covers exactly one, and at
// least two labels must follow it. What no DNS name can hold (a NUL, an empty label) covers
// nothing.
bool covers(std::string_view presented, std::string_view dns);

// Whether the name lies in the constraint's subtree (RFC 5280 4.2.1.10): the name itself and all
// below it; a leading dot, which is not for dNSName but often written, leaves out the name itself.
bool within(std::string_view dns, std::string_view subtree);

// Whether every label is one that a DNS name may have; a leftmost "*" passes.
bool is_dns_name(std::string_view presented);

// "192.0.2.1", "2001:db8::1"; hexadecimal where it is neither 4 nor 16 octets.
std::string ip_text(x509::ByteView octets);

}  // namespace badmx::checker
