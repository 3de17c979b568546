// About what was handed in rather than about the server.
#include "checker/facts/attempt_facts.h"
#include "checker/rules/tables.h"
#include "x509/printable.h"

#include <array>

namespace badmx::checker {
namespace {

std::vector<Finding> shows_no_tls(const Facts& facts) {
  if (!tells_nothing_of_tls(facts) || answered_without_starttls(facts)) return {};
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
  return {make_finding("no-tls-in-transcript", {}, std::move(evidence))};
}

std::vector<Finding> incomplete(const Facts& facts) {
  if (facts.observation.pasted.gaps.empty()) return {};
  std::vector<Evidence> evidence;
  for (const std::string& gap : facts.observation.pasted.gaps) {
    evidence.push_back({"missing", x509::printable(gap)});
  }
  return {make_finding("transcript-incomplete", {}, std::move(evidence))};
}

std::vector<Finding> secret(const Facts& facts) {
  if (facts.observation.pasted.secrets.empty()) return {};
  std::vector<Evidence> evidence;
  for (const std::string& kind : facts.observation.pasted.secrets) {
    evidence.push_back({"secret", x509::printable(kind)});
  }
  return {make_finding("session-secret-pasted", {}, std::move(evidence))};
}

constexpr std::array<std::string_view, 2> no_tls_evidence{"said", "void"};
constexpr std::array<std::string_view, 1> incomplete_evidence{"missing"};
constexpr std::array<std::string_view, 1> secret_evidence{"secret"};
constexpr std::array no_tls_explains{Consequence{"transcript-incomplete", Reach::anywhere}};

constexpr std::array input_rows{
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
         .find = shows_no_tls},
    Rule{.code = "transcript-incomplete",
         .layer = FindingLayer::input,
         .effects = nobody_minds,
         .fix_at = FixAt::undecided,
         .reference = "RFC 8446 4.4.2",
         .title = "Part of what the server sent is not in the input",
         .explanation = "Certificates are missing or cut, so the diagnosis rests on less than the "
                        "server has shown. What was there has been checked.",
         .remedy = "Run the command that is shown with what is missing, and hand in all of its "
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

std::span<const Rule> input_rules() { return input_rows; }

}  // namespace badmx::checker
