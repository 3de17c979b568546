// What senders do and say: lines of their logs and bounces, OpenSSL's and GnuTLS' words, TLS report
// types, and which findings may stand behind each. The fourth table of the design.
#pragma once

#include "checker/diagnosis.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

// One thing that is said. A pattern is literal text, compared without regard to case and with any
// run of white space alike; "{host}" stands for a host, "{}" for anything on the way.
struct SenderLine {
  std::string_view sender = {};    // "Postfix", "OpenSSL 20", "TLS report"
  std::string_view versions = {};  // "2.5 to 3.5"; empty: all that are known
  std::string_view pattern = {};
  std::string_view meaning = {};  // a sentence
  // Codes of the findings that may be behind it, likeliest first, blanks between.
  std::string_view codes = {};
  std::string_view policies = {};  // under which it is said; empty: any
  std::string_view tlsrpt = {};    // RFC 8460 4.3 result type; empty: none
  std::string_view ask = {};       // what to ask for next where the usual check isn't it

  bool operator==(const SenderLine&) const = default;
};

// All rows, by sender.
std::span<const SenderLine> sender_lines();

struct Explanation {
  SenderLine line;
  std::vector<std::string_view> codes;
  std::string host;  // that the text names, printable; empty: none
  std::string next;  // what to ask for or run next

  bool operator==(const Explanation&) const = default;
};

// A pattern as people read it: HOST for "{host}", … for "{}".
std::string legible(std::string_view pattern);

// The rows that fit, the closest first: the one with the longest text in common. Takes a line of a
// log, a bounce, an OpenSSL number ("20") or text, a TLS report type. Only the first 64 KiB are
// looked at; at most 20 come back; none when nothing fits.
std::vector<Explanation> explain_line(std::string_view log_or_bounce);

}  // namespace badmx::checker
