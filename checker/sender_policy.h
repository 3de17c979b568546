// What a sender may demand of a server's TLS, and what becomes of the mail.
#pragma once

#include <array>
#include <optional>
#include <string_view>

namespace badmx::checker {

enum class Policy {
  opportunistic,  // TLS when it is there, any certificate (Postfix `may`)
  encrypt,        // TLS or nothing, any certificate
  verify_ca,      // TLS, a certificate from a trusted CA, any name
  verify,         // TLS, a certificate from a trusted CA for the name (Postfix `verify`, `secure`)
};
inline constexpr std::array all_policies{Policy::opportunistic, Policy::encrypt, Policy::verify_ca,
                                         Policy::verify};

// In the order of badness, so that the worst of several is their maximum.
enum class Outcome { deliver, deliver_cleartext, refuse, undecided };

std::string_view name(Policy policy);    // "verify-ca"
std::string_view name(Outcome outcome);  // "deliver-cleartext"
std::optional<Policy> policy_from(std::string_view name);
std::optional<Outcome> outcome_from(std::string_view name);
// One line of what the policy demands.
std::string_view summary(Policy policy);

// What one fault makes of each policy.
struct Effects {
  Outcome opportunistic = Outcome::deliver;
  Outcome encrypt = Outcome::deliver;
  Outcome verify_ca = Outcome::deliver;
  Outcome verify = Outcome::deliver;

  Outcome operator[](Policy policy) const;
  bool operator==(const Effects&) const = default;
};

}  // namespace badmx::checker
