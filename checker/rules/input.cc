// About what was handed in rather than about the server.
#include "checker/rules/tables.h"
#include "tls/printable.h"

#include <array>

namespace badmx::checker {
namespace {

bool is_pasted(const Facts& facts) { return facts.observation.source == Source::transcript; }

// Neither TLS nor a word of why there is none.
bool shows_no_tls(const Facts& facts) {
  const Attempt& attempt = facts.judged_attempt();
  if (!is_pasted(facts) || facts.chain_seen || attempt.handshake_done) return false;
  return attempt.stop == Stop::unknown || attempt.stop == Stop::finished;
}

// The server said something, and STARTTLS was not in it.
bool answered_without_starttls(const Facts& facts) {
  const Pasted& pasted = facts.observation.pasted;
  return pasted.starttls_not_found && pasted.octets_read > 0;
}

std::vector<Finding> no_starttls(const Facts& facts) {
  if (!shows_no_tls(facts) || !answered_without_starttls(facts)) return {};
  return {found("starttls-not-found", point_at(smtp::Point::ehlo),
                {{"said", "Didn't find STARTTLS in server response, trying anyway..."}})};
}

std::vector<Finding> no_tls(const Facts& facts) {
  if (!shows_no_tls(facts) || answered_without_starttls(facts)) return {};
  std::vector<Evidence> evidence;
  if (facts.observation.pasted.no_peer_certificate) {
    evidence.push_back({"said", "no peer certificate available"});
  }
  if (facts.observation.pasted.starttls_not_found) {
    evidence.push_back({"said", "Didn't find STARTTLS in server response, trying anyway..."});
  }
  if (facts.observation.pasted.verify_return_code == 0) {
    evidence.push_back({"void", "Verify return code: 0 (ok)"});
  }
  return {found("no-tls-in-transcript", {}, std::move(evidence))};
}

std::vector<Finding> incomplete(const Facts& facts) {
  if (facts.observation.pasted.gaps.empty()) return {};
  std::vector<Evidence> evidence;
  for (const std::string& gap : facts.observation.pasted.gaps) {
    evidence.push_back({"missing", tls::printable(gap)});
  }
  return {found("transcript-incomplete", {}, std::move(evidence))};
}

std::vector<Finding> secret(const Facts& facts) {
  if (facts.observation.pasted.secrets.empty()) return {};
  std::vector<Evidence> evidence;
  for (const std::string& kind : facts.observation.pasted.secrets) {
    evidence.push_back({"secret", tls::printable(kind)});
  }
  return {found("session-secret-pasted", {}, std::move(evidence))};
}

// A greeting of 421 ends a sender's attempt altogether; without STARTTLS alone it goes on in clear.
constexpr Effects perhaps_in_clear{Outcome::undecided, Outcome::refuse, Outcome::refuse,
                                   Outcome::refuse};

constexpr std::array<std::string_view, 1> no_starttls_evidence{"said"};
constexpr std::array<std::string_view, 2> no_tls_evidence{"said", "void"};
constexpr std::array<std::string_view, 1> incomplete_evidence{"missing"};
constexpr std::array<std::string_view, 1> secret_evidence{"secret"};
constexpr std::array no_tls_explains{Consequence{"transcript-incomplete", Reach::anywhere}};

constexpr std::array rows{
    Rule{
        .code = "starttls-not-found",
        .layer = FindingLayer::smtp,
        .ends = Ends::yes,
        .effects = perhaps_in_clear,
        .reference = "RFC 3207 4",
        .tlsrpt = "starttls-not-supported",
        .title = "s_client found no STARTTLS in what the server answered",
        .explanation =
            "The server doesn't offer STARTTLS, something on the way takes it out, or the greeting "
            "or the EHLO was refused already: s_client shows none of the dialogue. It goes on all "
            "the same, so whatever stands below that line means nothing, \"Verify return code: 0 "
            "(ok)\" included.",
        .remedy = "Look at the server itself (badmx check HOST shows the dialogue); then switch "
                  "STARTTLS on for this port, or stop what takes it out.",
        .where = "ehlo",
        .evidence = no_starttls_evidence,
        .consequences = no_tls_explains,
        .find = no_starttls},
    Rule{.code = "no-tls-in-transcript",
         .layer = FindingLayer::input,
         .ends = Ends::yes,
         .effects = nobody_knows,
         .fix_at = FixAt::undecided,
         .reference = "RFC 3207 4",
         .title = "The transcript shows no TLS, and not why",
         .explanation =
             "s_client ended before the server sent a certificate. The lines \"Verification: OK\" "
             "and \"Verify return code: 0 (ok)\" mean nothing then: they are printed even when "
             "there was nothing to verify.",
         .remedy = "Make a new transcript with -starttls smtp (or without it on port 465) and "
                   "-showcerts, or let the checker look at the server itself.",
         .evidence = no_tls_evidence,
         .consequences = no_tls_explains,
         .find = no_tls},
    Rule{.code = "transcript-incomplete",
         .layer = FindingLayer::input,
         .effects = nobody_minds,
         .fix_at = FixAt::undecided,
         .reference = "RFC 8446 4.4.2",
         .title = "Part of what the server sent is not in the input",
         .explanation = "Certificates are missing or cut, so the diagnosis rests on less than the "
                        "server has shown. What was there has been judged.",
         .remedy = "Run the command that stands with what is missing, and hand in all of its "
                   "output.",
         .evidence = incomplete_evidence,
         .find = incomplete},
    Rule{.code = "session-secret-pasted",
         .layer = FindingLayer::input,
         .effects = nobody_minds,
         .fix_at = FixAt::undecided,
         .reference = "RFC 8446 C.4",
         .title = "The input holds a secret",
         .explanation = "A private key, a session's master key or a resumption secret was in the "
                        "input. It was dropped and appears in no report, but whoever has the text "
                        "can use it.",
         .remedy = "Don't pass the text on. Replace a private key that was in it; a session's "
                   "secret only opens that one session.",
         .evidence = secret_evidence,
         .find = secret},
};

}  // namespace

std::span<const Rule> input_rules() { return rows; }

}  // namespace badmx::checker
