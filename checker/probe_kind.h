// With what an attempt is made: the first as a current sender makes it, further ones so that each
// shows one thing that the first can't.
#pragma once

#include "net/tls/context.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace badmx::checker {

enum class Attitude {
  ordinary,     // as a current sender: TLS 1.2 and 1.3, security level 2
  permissive,   // TLS 1.0 up, security level 0, all ciphers and groups
  without_sni,  // as ordinary, but no server name is sent
  again,        // as ordinary, once more
  rsa_only,     // takes only certificates with an RSA key
  ecdsa_only,   // takes only certificates with an EC key
  tls10_only,
  tls11_only,
  tls12_only,
  tls13_only,
  static_rsa,  // only key exchange without forward secrecy
  injecting,   // as ordinary, with a command behind STARTTLS in the same segment
};

inline constexpr std::array all_attitudes{
    Attitude::ordinary,   Attitude::permissive, Attitude::without_sni, Attitude::again,
    Attitude::rsa_only,   Attitude::ecdsa_only, Attitude::tls10_only,  Attitude::tls11_only,
    Attitude::tls12_only, Attitude::tls13_only, Attitude::static_rsa,  Attitude::injecting};

// Those of further connections that somebody may ask for: all but the first two.
std::span<const Attitude> all_looks();
std::optional<Attitude> look_from(std::string_view name);

std::string_view name(Attitude attitude);   // "tls10-only"
std::string_view words(Attitude attitude);  // "with TLS 1.0 only"
tls::ClientSetup client_setup(Attitude attitude);

}  // namespace badmx::checker
