// The dialogue up to STARTTLS, and after it.
#include "checker/facts/attempt_facts.h"
#include "checker/rules/tables.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

bool is_lost(Stop stop) {
  return stop == Stop::closed || stop == Stop::reset || stop == Stop::timed_out;
}

// In clear a sender has nothing else to try; under TLS one without demands tries without.
std::vector<Finding> lost_in(const Facts& facts, net::Layer layer, std::string_view code) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->layer != layer || attempt->reached == smtp::Point::connect ||
      attempt->reached == smtp::Point::handshake || attempt->reached == smtp::Point::quit) {
    return {};
  }
  const bool broke_tls = attempt->layer == net::Layer::tls &&
                         (attempt->stop == Stop::alert || attempt->stop == Stop::tls_failed);
  if (!is_lost(attempt->stop) && !broke_tls) return {};
  auto evidence = stop_evidence(*attempt);
  evidence.push_back({"layer", std::string(net::name(attempt->layer))});
  return {make_finding(code, point_at(attempt->reached), std::move(evidence))};
}

std::vector<Finding> lost(const Facts& facts) {
  return lost_in(facts, net::Layer::clear, "connection-lost");
}

std::vector<Finding> lost_under_tls(const Facts& facts) {
  return lost_in(facts, net::Layer::tls, "connection-lost-under-tls");
}

std::vector<Finding> reply_malformed(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->stop != Stop::malformed_reply) return {};
  std::vector<Evidence> evidence;
  if (!attempt->transcript.empty() && attempt->transcript.back().speaker == net::Speaker::server) {
    evidence.push_back({"line", x509::printable(attempt->transcript.back().text, 256)});
  }
  return {make_finding("reply-malformed", point_at(attempt->reached), std::move(evidence))};
}

std::vector<Finding> too_much(const Facts& facts) {
  std::vector<Finding> findings;
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->stop != Stop::limit_exceeded) return findings;
  std::vector<Evidence> evidence;
  if (!attempt->error.empty()) evidence.push_back({"limit", x509::printable(attempt->error)});
  findings.push_back(
      make_finding("limit-exceeded", point_at(attempt->reached), std::move(evidence)));
  return findings;
}

std::vector<Finding> ehlo(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr) return {};
  const bool at_hello =
      attempt->reached == smtp::Point::ehlo || attempt->reached == smtp::Point::helo;
  const bool refused = at_hello && attempt->stop == Stop::refused;
  const bool went_on_with_helo = attempt->ehlo.code >= 400;
  if (!refused && !went_on_with_helo) return {};
  const bool under_tls = attempt->layer == net::Layer::tls && !went_on_with_helo;
  return {make_finding(
      "ehlo-refused", point_at(smtp::Point::ehlo),
      {{"reply", reply_text(under_tls ? attempt->ehlo_tls : attempt->ehlo)},
       {"layer", std::string(net::name(under_tls ? net::Layer::tls : net::Layer::clear))}})};
}

// A middlebox that hides STARTTLS overwrites the keyword, letter for letter: 250-XXXXXXXA.
bool is_masked(std::string_view line) {
  const std::string_view keyword = line.substr(0, line.find(' '));
  return keyword.size() == std::string_view("STARTTLS").size() &&
         std::ranges::count(keyword, 'X') >= 6;
}

std::string masked_line(const Attempt& attempt) {
  const auto line = std::ranges::find_if(attempt.ehlo.lines, is_masked);
  return line == attempt.ehlo.lines.end() ? std::string() : x509::printable(*line, 128);
}

bool lacks_starttls(const Attempt* attempt) {
  return attempt != nullptr && attempt->stop == Stop::not_offered;
}

std::vector<Finding> masked(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (!lacks_starttls(attempt)) return {};
  const std::string line = masked_line(*attempt);
  if (line.empty()) return {};
  return {make_finding("starttls-masked", point_at(smtp::Point::ehlo), {{"keyword", line}})};
}

std::vector<Finding> not_offered(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (!lacks_starttls(attempt) || !masked_line(*attempt).empty()) return {};
  std::string keywords;
  // The first line is the greeting's name; the others are what is offered.
  for (std::size_t i = 1; i < attempt->ehlo.lines.size(); ++i) {
    keywords += (keywords.empty() ? "" : ", ") + x509::printable(attempt->ehlo.lines[i], 64);
  }
  return {make_finding("starttls-not-offered", point_at(smtp::Point::ehlo),
                       {{"offered", keywords.empty() ? "nothing" : x509::printable(keywords)}})};
}

std::vector<Finding> not_found(const Facts& facts) {
  if (!tells_nothing_of_tls(facts) || !answered_without_starttls(facts)) return {};
  return {make_finding("starttls-not-found", point_at(smtp::Point::ehlo),
                       {{"said", "Didn't find STARTTLS in server response, trying anyway..."}})};
}

std::vector<Finding> refused(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->reached != smtp::Point::starttls ||
      attempt->stop != Stop::refused) {
    return {};
  }
  return {make_finding("starttls-refused", point_at(smtp::Point::starttls),
                       {{"reply", reply_text(attempt->starttls)}})};
}

std::vector<Finding> injected(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || !attempt->handshake_done || attempt->plaintext_after_starttls.empty()) {
    return {};
  }
  return {make_finding("starttls-response-injection", point_at(smtp::Point::starttls),
                       {{"bytes", x509::printable(attempt->plaintext_after_starttls, 256)}})};
}

constexpr std::array<std::string_view, 4> lost_evidence{"stopped", "error", "openssl", "layer"};
constexpr std::array<std::string_view, 1> malformed_evidence{"line"};
constexpr std::array<std::string_view, 1> limit_evidence{"limit"};
constexpr std::array<std::string_view, 2> ehlo_evidence{"reply", "layer"};
constexpr std::array<std::string_view, 1> masked_evidence{"keyword"};
constexpr std::array<std::string_view, 1> offered_evidence{"offered"};
constexpr std::array<std::string_view, 1> not_found_evidence{"said"};
constexpr std::array<std::string_view, 1> refused_evidence{"reply"};
constexpr std::array<std::string_view, 1> injected_evidence{"bytes"};
constexpr std::array not_found_explains{Consequence{"transcript-incomplete", Reach::anywhere}};
// A greeting of 421 ends a sender's attempt altogether; without STARTTLS alone it goes on in
// cleartext.
constexpr Effects perhaps_cleartext{Outcome::undecided, Outcome::refuse, Outcome::refuse,
                                    Outcome::refuse};
constexpr std::array ehlo_explains{Consequence{"starttls-not-offered", Reach::anywhere},
                                   Consequence{"starttls-masked", Reach::anywhere}};

constexpr std::array smtp_rows{
    Rule{.code = "limit-exceeded",
         .layer = FindingLayer::smtp,
         .ends = Ends::yes,
         .effects = all_refuse,
         .reference = "RFC 5321 4.5.3.1",
         .title = "The server sends more than any client takes",
         .explanation = "A reply line, a reply or the certificate chain was longer than a mail "
                        "client accepts, so the dialogue was ended there.",
         .remedy = "Find out what answers on this port: a mail server's replies are short, and its "
                   "chain has a handful of certificates.",
         .where = "connect",
         .evidence = limit_evidence,
         .find = too_much},
    Rule{.code = "reply-malformed",
         .layer = FindingLayer::smtp,
         .ends = Ends::yes,
         .effects = all_refuse,
         .reference = "RFC 5321 4.2",
         .title = "What the server says is not an SMTP reply",
         .explanation =
             "A reply begins with three digits. What came instead is another protocol's, "
             "or a broken proxy's.",
         .remedy = "Find out what answers on this port, and put the mail server there.",
         .where = "connect",
         .evidence = malformed_evidence,
         .find = reply_malformed},
    Rule{.code = "ehlo-refused",
         .layer = FindingLayer::smtp,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 5321 4.1.1.1",
         .tlsrpt = "starttls-not-supported",
         .title = "The server refuses EHLO",
         .explanation = "Without EHLO there are no extensions, so there is no STARTTLS. Senders "
                        "that don't insist on TLS say HELO and go on in cleartext.",
         .remedy = "Switch off SMTP inspection (\"fixup\") in the firewall before the server, or "
                   "replace a server that knows no EHLO.",
         .where = "ehlo",
         .evidence = ehlo_evidence,
         .consequences = ehlo_explains,
         .find = ehlo},
    Rule{.code = "starttls-masked",
         .layer = FindingLayer::smtp,
         .ends = Ends::yes,
         .effects = no_tls,
         .fix_at = FixAt::network,
         .reference = "RFC 3207 6",
         .tlsrpt = "starttls-not-supported",
         .title = "Something on the way overwrites STARTTLS",
         .explanation =
             "The EHLO answer has a keyword of eight letters that are nearly all X where STARTTLS "
             "would stand: a firewall that inspects SMTP writes over it, so that mail stays in "
             "cleartext, where it can be read.",
         .remedy =
             "Switch off SMTP inspection for this server (\"no inspect esmtp\", \"allow-tls\"), "
             "at the server's side or, if others see STARTTLS, at the sender's.",
         .where = "ehlo",
         .evidence = masked_evidence,
         .find = masked},
    Rule{
        .code = "starttls-not-found",
        .layer = FindingLayer::smtp,
        .ends = Ends::yes,
        .effects = perhaps_cleartext,
        .reference = "RFC 3207 4",
        .tlsrpt = "starttls-not-supported",
        .title = "s_client found no STARTTLS in what the server answered",
        .explanation =
            "The server doesn't offer STARTTLS, something on the way takes it out, or the greeting "
            "or the EHLO was refused already: s_client shows none of the dialogue. It goes on all "
            "the same, so whatever is below that line means nothing, \"Verify return code: 0 "
            "(ok)\" included.",
        .remedy = "Look at the server itself (badmx check HOST shows the dialogue); then switch "
                  "STARTTLS on for this port, or stop what takes it out.",
        .where = "ehlo",
        .evidence = not_found_evidence,
        .consequences = not_found_explains,
        .find = not_found},
    Rule{.code = "starttls-not-offered",
         .layer = FindingLayer::smtp,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 3207 4",
         .tlsrpt = "starttls-not-supported",
         .title = "The server doesn't offer STARTTLS",
         .explanation =
             "STARTTLS is not among the keywords of the EHLO answer. Senders that insist "
             "on TLS defer the mail; the others send it unencrypted. One connection can't "
             "tell whether the server has it switched off or something on the way takes "
             "it out.",
         .remedy = "Install a certificate and switch TLS on; if it is on, look for a proxy or "
                   "firewall that removes the keyword.",
         .where = "ehlo",
         .evidence = offered_evidence,
         .find = not_offered},
    Rule{.code = "starttls-refused",
         .layer = FindingLayer::smtp,
         .ends = Ends::yes,
         .effects = no_tls,
         .reference = "RFC 3207 4",
         .tlsrpt = "starttls-not-supported",
         .title = "The server offers STARTTLS, then refuses it",
         .explanation = "The command was answered with an error. Usually the server couldn't load "
                        "its key or certificate, and says so only in its own log.",
         .remedy =
             "Read the server's log; mend the path or the permissions of key and certificate, "
             "and restart it.",
         .where = "starttls",
         .evidence = refused_evidence,
         .find = refused},
    Rule{.code = "connection-lost",
         .layer = FindingLayer::smtp,
         .effects = all_refuse,
         .reference = "RFC 5321 3.8",
         .title = "The connection was lost during the SMTP dialogue",
         .explanation = "The connection ended, or nothing came any more, where a reply was due.",
         .remedy = "Look into the server's log at that second; a proxy or a crashed process is the "
                   "usual cause.",
         .where = "ehlo",
         .evidence = lost_evidence,
         .find = lost},
    Rule{.code = "connection-lost-under-tls",
         .layer = FindingLayer::smtp,
         .effects = no_tls,
         .reference = "RFC 5321 3.8",
         .tlsrpt = "validation-failure",
         .title = "The connection was lost under TLS",
         .explanation =
             "The handshake was fine, and then the connection ended, or nothing came any "
             "more, where a reply was due. A sender without demands tries again in "
             "cleartext.",
         .remedy = "Look into the server's log at that second; a proxy or a crashed process is the "
                   "usual cause.",
         .where = "ehlo",
         .evidence = lost_evidence,
         .find = lost_under_tls},
    Rule{.code = "starttls-response-injection",
         .layer = FindingLayer::smtp,
         .effects = nobody_minds,
         .reference = "RFC 3207 4.2",
         .title = "Plaintext follows the server's reply to STARTTLS",
         .explanation =
             "What follows the 220 was sent before TLS began, and a client that "
             "keeps it would take it for the server's words under TLS. Either the server "
             "doesn't empty its buffer or somebody injects replies.",
         .remedy = "Update the server or proxy: all that is buffered must be dropped when TLS "
                   "starts.",
         .where = "starttls",
         .evidence = injected_evidence,
         .find = injected},
};

}  // namespace

std::span<const Rule> smtp_rules() { return smtp_rows; }

}  // namespace badmx::checker
