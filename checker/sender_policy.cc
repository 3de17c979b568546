#include "checker/sender_policy.h"

namespace badmx::checker {

std::string_view name(Policy policy) {
  switch (policy) {
    case Policy::opportunistic:
      return "opportunistic";
    case Policy::encrypt:
      return "encrypt";
    case Policy::verify_ca:
      return "verify-ca";
    case Policy::verify:
      return "verify";
  }
  return "";
}

std::string_view name(Outcome outcome) {
  switch (outcome) {
    case Outcome::deliver:
      return "deliver";
    case Outcome::deliver_cleartext:
      return "deliver-cleartext";
    case Outcome::refuse:
      return "refuse";
    case Outcome::undecided:
      return "undecided";
  }
  return "";
}

std::optional<Policy> policy_from(std::string_view text) {
  for (const Policy policy : all_policies) {
    if (name(policy) == text) return policy;
  }
  return std::nullopt;
}

std::optional<Outcome> outcome_from(std::string_view text) {
  for (const Outcome outcome :
       {Outcome::deliver, Outcome::deliver_cleartext, Outcome::refuse, Outcome::undecided}) {
    if (name(outcome) == text) return outcome;
  }
  return std::nullopt;
}

std::string_view summary(Policy policy) {
  switch (policy) {
    case Policy::opportunistic:
      return "TLS where it works, with any certificate; else in cleartext (Postfix `may`)";
    case Policy::encrypt:
      return "TLS or no delivery, with any certificate (Postfix `encrypt`)";
    case Policy::verify_ca:
      return "TLS with a certificate from a trusted CA, for any name";
    case Policy::verify:
      return "TLS with a certificate from a trusted CA for the server's name (Postfix `verify`)";
  }
  return "";
}

Outcome Effects::operator[](Policy policy) const {
  switch (policy) {
    case Policy::opportunistic:
      return opportunistic;
    case Policy::encrypt:
      return encrypt;
    case Policy::verify_ca:
      return verify_ca;
    case Policy::verify:
      return verify;
  }
  return Outcome::undecided;
}

}  // namespace badmx::checker
