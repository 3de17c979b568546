// Named groups of key exchange (RFC 8446 4.2.7), by the names that OpenSSL takes. Which of them
// there are is the library's to say: distributions leave some out.
#pragma once

#include "net/tls/context.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::tls {

// What a current sender offers, in its order.
std::span<const std::string_view> current_groups();
// Those first, so that a server that has any of them never takes another; then all that a tolerant
// client offers.
std::span<const std::string_view> all_groups();

// Those of the names that OpenSSL has, in their order.
std::vector<std::string> known_groups(SSL_CTX* context, std::span<const std::string_view> names);
std::vector<std::string> known_groups(const Library& library,
                                      std::span<const std::string_view> names);

}  // namespace badmx::tls
