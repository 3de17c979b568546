// The values of a certificate's extensions. Internal to certificate.cc.
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"

#include <optional>

namespace badmx::x509 {

std::optional<bool> read_boolean(ByteView content);

// An INTEGER from 0 to 2^23 - 1.
std::optional<int> read_small_integer(ByteView content);

// Fills in the fields that extensions have; what can't be read is noted in `malformed`.
void decode_extensions(Certificate& certificate);

}  // namespace badmx::x509
