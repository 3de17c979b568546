// How an Observation is to be judged. Nothing here has a default that depends on the machine or the
// clock: those are the command's to give (design, rule 4).
#pragma once

#include "tls/bytes.h"
#include "tls/certificate.h"

#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

enum class Purpose { server, client, any };

struct Question {
  std::vector<std::string> names{};  // one match suffices; empty: names aren't judged
  std::string mail_domain{};         // "" unknown; only for better words
  // Each certificate an anchor, self-signed or not; nothing: trust isn't judged.
  std::optional<std::vector<tls::Bytes>> trust{};
  std::string trust_description{};          // "the system's 144 roots", for the report
  std::vector<tls::Bytes> intermediates{};  // given: they explain, they never improve a verdict
  std::vector<tls::Bytes> crls{};
  tls::Moment moment{};
  Purpose purpose = Purpose::server;

  bool operator==(const Question&) const = default;
};

}  // namespace badmx::checker
