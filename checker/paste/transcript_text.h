// A pasted text as lines, freed of what mail, terminals and operating systems put around them.
#pragma once

#include "x509/certificate.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

inline constexpr std::size_t longest_paste = std::size_t{16} << 20U;

struct PastedText {
  std::string text;  // the cleaned lines, each with its line feed
  std::vector<std::size_t> starts;

  std::string_view line(std::size_t index) const;
  // A line of the printed chain with what a mail program wrapped off it; `index` moves on to the
  // last line of it. Any other line is as it is.
  std::string unwrapped(std::size_t& index) const;
  std::size_t size() const { return starts.size(); }
};

// Undoes HTML and a logger's prefixes, drops "> " quotes, indentation, carriage returns and
// trailing blanks; a line ends at 64 KiB, the text at `longest_paste`.
PastedText clean(std::string_view pasted);

// What stands behind `prefix`, without leading blanks; nothing when the line doesn't begin so.
std::optional<std::string_view> after(std::string_view line, std::string_view prefix);
// The value of "Key   : value"; nothing when the line isn't of that key.
std::optional<std::string_view> value_of(std::string_view line, std::string_view key);
// The decimal number at the front; nothing when there is none or it has more than 12 digits.
std::optional<long long> leading_number(std::string_view text);
// "Nov 24 23:39:10 2026 GMT", as ASN1_TIME_print writes it.
std::optional<x509::Moment> printed_time(std::string_view text);
// The parts behind "error:" of OpenSSL's "139…:error:0A00010B:SSL routines:ssl3_get_record:wrong
// version number:FILE:LINE:DATA": code, library, function, reason, file, line, data. Empty when the
// line is none; fewer when it is cut.
std::vector<std::string_view> error_parts(std::string_view line);

}  // namespace badmx::checker
