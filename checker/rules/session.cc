// What further connections show, and what the server still says once TLS is up.
#include "checker/facts/attempt_facts.h"
#include "checker/rules/tables.h"
#include "net/smtp/reply.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

using smtp::Point;

// Null when no such attempt was made, or it didn't get through the handshake.
const Attempt* shaken(const Facts& facts, Probe probe) {
  const auto& attempts = facts.observation.attempts;
  const auto it = std::ranges::find_if(attempts, [probe](const Attempt& attempt) {
    return attempt.probe == probe && attempt.handshake_done;
  });
  return it == attempts.end() ? nullptr : &*it;
}

std::vector<Finding> old_versions(const Facts& facts) {
  const Attempt* first = first_attempt(facts);
  if (first == nullptr || !first->handshake_done) return {};
  std::vector<Evidence> evidence;
  for (const Probe probe : {Probe::tls10_only, Probe::tls11_only}) {
    const Attempt* attempt = shaken(facts, probe);
    if (attempt != nullptr) evidence.push_back({"speaks", attempt->tls.version});
  }
  if (evidence.empty()) return {};
  return {make_finding("legacy-protocol-enabled", point_at(Point::handshake), std::move(evidence))};
}

std::vector<Finding> no_forward_secrecy(const Facts& facts) {
  const Attempt* attempt = shaken(facts, Probe::static_rsa);
  if (attempt == nullptr) return {};
  return {make_finding("key-exchange-without-forward-secrecy", point_at(Point::handshake),
                       {{"cipher", attempt->tls.cipher}})};
}

std::vector<Finding> injection(const Facts& facts) {
  const Attempt* attempt = shaken(facts, Probe::injecting);
  if (attempt == nullptr || !attempt->obeyed_from_before_tls) return {};
  return {make_finding("starttls-command-injection", point_at(Point::starttls),
                       {{"sent", "RSET in cleartext, after STARTTLS"}, {"answered", "under TLS"}})};
}

std::vector<Finding> offered_again(const Facts& facts) {
  const Attempt* first = first_attempt(facts);
  if (first == nullptr) return {};
  smtp::Reply ehlo;
  ehlo.lines = first->ehlo_tls.lines;
  if (!smtp::offers(ehlo, "STARTTLS")) return {};
  return {
      make_finding("starttls-offered-again", point_at(Point::ehlo), {{"under-tls", "STARTTLS"}})};
}

constexpr std::array<std::string_view, 1> versions_evidence{"speaks"};
constexpr std::array<std::string_view, 1> cipher_evidence{"cipher"};
constexpr std::array<std::string_view, 2> injection_evidence{"sent", "answered"};
constexpr std::array<std::string_view, 1> again_evidence{"under-tls"};
constexpr std::array<std::string_view, 4> other_evidence{"shown", "subject", "sha256", "fails"};

constexpr std::array connection_rows{
    Rule{.code = "sni-dependent-certificate",
         .layer = FindingLayer::session,
         .effects = nobody_minds,
         .reference = "RFC 6066 3",
         .tlsrpt = "certificate-host-mismatch",
         .title = "A client without SNI gets a different certificate, which fails",
         .explanation =
             "The server chooses its certificate by the name that the client sends (SNI). Many "
             "mail senders send none, Postfix among them unless it is told to, and meet the "
             "default certificate.",
         .remedy = "Make the right certificate the default one of this address as well.",
         .where = "handshake",
         .evidence = other_evidence},
    Rule{.code = "certificate-inconsistent",
         .layer = FindingLayer::session,
         .effects = nobody_minds,
         .reference = "RFC 8446 4.4.2.2",
         .title = "Other connections get a different certificate, which fails",
         .explanation = "What a sender meets depends on the kind of certificate that it takes, or "
                        "on chance where several machines answer: mail passes from some senders "
                        "and at some times only.",
         .remedy = "Renew each of the server's certificates, RSA and ECDSA, on every machine that "
                   "answers for this address.",
         .where = "handshake",
         .evidence = other_evidence},
    Rule{.code = "legacy-protocol-enabled",
         .layer = FindingLayer::session,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 8996 2",
         .title = "The server also speaks withdrawn versions of TLS",
         .explanation = "Current senders never use them; for very old ones they are better than no "
                        "TLS at all, which is what would come instead on port 25.",
         .remedy = "Switch TLS 1.0 and 1.1 off where no old sender needs them.",
         .where = "handshake",
         .evidence = versions_evidence,
         .find = old_versions},
    Rule{.code = "key-exchange-without-forward-secrecy",
         .layer = FindingLayer::session,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 9325 4.1",
         .title = "The server accepts key exchange without forward secrecy",
         .explanation = "Who records such a session and gets the server's key later can read it. "
                        "Current senders choose a better key exchange.",
         .remedy = "Leave out the cipher suites whose key exchange is plain RSA (kRSA).",
         .where = "handshake",
         .evidence = cipher_evidence,
         .find = no_forward_secrecy},
    Rule{.code = "starttls-command-injection",
         .layer = FindingLayer::session,
         .effects = nobody_minds,
         .reference = "RFC 3207 4.2",
         .title = "The server executes under TLS a command that came in cleartext before",
         .explanation = "It doesn't discard what it has already read when TLS begins, so somebody "
                        "on the way can put commands of his own before those of the sender "
                        "(CVE-2011-0411).",
         .remedy = "Update the server, or the proxy before it that speaks STARTTLS.",
         .where = "starttls",
         .evidence = injection_evidence,
         .find = injection},
    Rule{.code = "starttls-offered-again",
         .layer = FindingLayer::session,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 3207 4.2",
         .title = "The server offers STARTTLS under TLS",
         .explanation = "It must not offer it again once TLS is up; a proxy that ends TLS before "
                        "the server is the usual reason. Senders don't mind.",
         .remedy = "Switch STARTTLS off in the server behind the proxy.",
         .where = "ehlo",
         .evidence = again_evidence,
         .find = offered_again},
};

}  // namespace

std::span<const Rule> connection_rules() { return connection_rows; }

}  // namespace badmx::checker
