// With what an attempt is made: the first as a current sender makes it, further ones so that each
// shows one thing that the first can't.
#pragma once

#include "net/tls/context.h"

#include <array>
#include <optional>
#include <span>
#include <string_view>

namespace badmx::checker {

enum class Probe {
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

inline constexpr std::array all_probes{Probe::ordinary,   Probe::permissive, Probe::without_sni,
                                       Probe::again,      Probe::rsa_only,   Probe::ecdsa_only,
                                       Probe::tls10_only, Probe::tls11_only, Probe::tls12_only,
                                       Probe::tls13_only, Probe::static_rsa, Probe::injecting};

// Those of further connections that somebody may ask for: all but the first two.
std::span<const Probe> further_probes();
std::optional<Probe> probe_from(std::string_view name);

std::string_view name(Probe probe);   // "tls10-only"
std::string_view words(Probe probe);  // "with TLS 1.0 only"
tls::ClientSetup client_setup(Probe probe);

}  // namespace badmx::checker
