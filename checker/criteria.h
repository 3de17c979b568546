// How an Observation is to be judged. Nothing here has a default that depends on the machine or the
// clock: those are the command's to give (design, rule 4).
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"

#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

enum class Purpose { server, client, any };

// How strictly certificates are held to the standards. Each verifier refuses what breaks the path;
// beyond that `current` refuses what today's senders refuse.
enum class Profile {
  current,
  rfc5280,  // whatever a conforming CA must not issue
  webpki,   // the same by the CA/Browser Forum's Baseline Requirements
};

// What of an anchor's own certificate counts beside its name and key (RFC 5280 6.1.1 d).
struct AnchorRules {
  bool dates = true;        // as OpenSSL and GnuTLS have it
  bool constraints = true;  // its usages, lengths, names and policies (RFC 5937)
  // What may be trusted as what: an issuer, the server's own certificate, or that only when it
  // signs itself.
  enum class Role { either, issuer, leaf, self_signed_leaf } role = Role::either;

  bool operator==(const AnchorRules&) const = default;
};

struct Criteria {
  std::vector<std::string> names{};  // one match suffices; empty: names aren't judged
  std::string mail_domain{};         // "" unknown; only for better words
  std::string server_software{};     // the server's product; empty: as its greeting says
  // Each certificate an anchor, self-signed or not; nothing: trust isn't judged.
  std::optional<std::vector<x509::Bytes>> trust{};
  std::string trust_description{};           // "the system's 144 roots", for the report
  std::vector<x509::Bytes> intermediates{};  // given: they explain, they never improve a verdict
  std::vector<x509::Bytes> crls{};
  x509::Moment moment{};
  Purpose purpose = Purpose::server;
  // OIDs of extended key usages, one of which the leaf must have; empty: as the purpose has it.
  std::vector<std::string> usages{};
  Profile profile = Profile::current;
  AnchorRules anchors{};
  // How many CAs that aren't self-issued a sender follows between leaf and anchor; nothing: as many
  // as there are.
  std::optional<std::size_t> depth{};

  bool operator==(const Criteria&) const = default;
};

}  // namespace badmx::checker
