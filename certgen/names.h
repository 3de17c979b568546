// Text of a spec made into the names of a certificate: templates, distinguished names, host names.
// What can't be made throws std::invalid_argument with the reason; the caller knows the key.
#pragma once

#include "certgen/pki.h"
#include "x509/bytes.h"
#include "x509/der.h"

#include <string>
#include <string_view>

namespace badmx::certgen {

// {host}, {domain} and {lab} replaced; another brace is an error.
std::string expand(std::string_view text, const NamingContext& naming);

// "CN={host}, O=Example" as a Name (RFC 5280 4.1.2.4), relative names in the order of the text,
// "+" joining two into one, escapes as in RFC 4514 2.4 ("\," and "\2c"). Attribute types: CN O OU
// C L ST DC STREET SN GN serialNumber title emailAddress UID, or dotted. "" is the empty name.
// PrintableString where it suffices, else UTF8String (RFC 5280 4.1.2.4 (c)).
x509::der::Node distinguished_name(std::string_view text, const NamingContext& naming);

// A host name for a dNSName: labels that aren't ASCII as A-labels (RFC 5891), all others exactly
// as given ("*", "_x", upper case, a trailing dot), so that odd names can be had. Refuses what
// can't be sent as a name at all: white space, control characters, a label above 63 octets, an
// empty one, more than 253 octets.
std::string dns_name(std::string_view text);
// The same for a name constraint, which may also be "" or begin with a dot.
std::string dns_constraint(std::string_view text);
// local@domain; the local part is ASCII.
std::string email_address(std::string_view text);
// Four or sixteen octets from dotted or colon-separated text.
x509::Bytes ip_address(std::string_view text);
// An IA5String's text for a URI: ASCII without white space.
std::string uri(std::string_view text);

}  // namespace badmx::certgen
