// Before SMTP begins.
#include "checker/facts/attempt_facts.h"
#include "checker/rules/tables.h"

#include <array>

namespace badmx::checker {
namespace {

std::vector<Finding> no_connection(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->reached != smtp::Point::connect) return {};
  const Stop stop = attempt->stop;
  if (stop != Stop::unreachable && stop != Stop::closed && stop != Stop::reset &&
      stop != Stop::timed_out) {
    return {};
  }
  return {make_finding("connect-failed", point_at(smtp::Point::connect), stop_evidence(*attempt))};
}

std::vector<Finding> banner(const Facts& facts) {
  const Attempt* attempt = first_attempt(facts);
  if (attempt == nullptr || attempt->reached != smtp::Point::connect ||
      attempt->stop != Stop::refused) {
    return {};
  }
  return {make_finding("banner-refused", point_at(smtp::Point::connect),
                       {{"reply", reply_text(attempt->greeting)}})};
}

constexpr std::array<std::string_view, 3> connect_evidence{"stopped", "error", "openssl"};
constexpr std::array<std::string_view, 1> banner_evidence{"reply"};

constexpr std::array connect_rows{
    Rule{.code = "connect-failed",
         .layer = FindingLayer::connect,
         .ends = Ends::yes,
         .effects = all_refuse,
         .fix_at = FixAt::undecided,
         .reference = "RFC 5321 3.1",
         .title = "No mail server answers",
         .explanation =
             "No connection came about, or one on which the server never sent its greeting. "
             "Nothing can be said about its TLS. A server that sends nothing may be waiting for "
             "TLS from the first byte, as on port 465.",
         .remedy = "Start the listener, open the firewall for the sender, and try the other way of "
                   "starting TLS if the connection opens and nothing comes.",
         .where = "connect",
         .evidence = connect_evidence,
         .find = no_connection},
    Rule{.code = "banner-refused",
         .layer = FindingLayer::connect,
         .ends = Ends::yes,
         .effects = all_refuse,
         .reference = "RFC 5321 3.1",
         .title = "The server turns the client away in its greeting",
         .explanation =
             "The greeting is a 4xx or 5xx reply: a policy, a rate limit or an overload. "
             "This is no TLS fault, and TLS was never reached.",
         .remedy = "Read the reply's text; allow the client or raise the limit, then try again.",
         .where = "connect",
         .evidence = banner_evidence,
         .find = banner},
};

}  // namespace

std::span<const Rule> connect_rules() { return connect_rows; }

}  // namespace badmx::checker
