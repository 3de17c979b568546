// Times as certificates and people write them.
#include "x509/certificate.h"
#include "x509/der.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>

namespace badmx::x509 {
namespace {

// A number of exactly `digits` decimal digits, taken off the front.
std::optional<int> take_number(std::string_view& text, std::size_t digits) {
  if (text.size() < digits) return std::nullopt;
  int number = 0;
  for (const char digit : text.substr(0, digits)) {
    if (digit < '0' || digit > '9') return std::nullopt;
    number = number * 10 + (digit - '0');
  }
  text.remove_prefix(digits);
  return number;
}

bool take(std::string_view& text, char character) {
  if (!text.starts_with(character)) return false;
  text.remove_prefix(1);
  return true;
}

std::optional<Moment> moment(int year, int month, int day, int hour, int minute, int second) {
  const std::chrono::year_month_day date{std::chrono::year(year),
                                         std::chrono::month(static_cast<unsigned>(month)),
                                         std::chrono::day(static_cast<unsigned>(day))};
  if (!date.ok() || hour > 23 || minute > 59 || second > 59) return std::nullopt;
  return std::chrono::sys_days(date) + std::chrono::hours(hour) + std::chrono::minutes(minute) +
         std::chrono::seconds(second);
}

struct Broken {
  std::chrono::year_month_day date;
  std::chrono::hh_mm_ss<std::chrono::seconds> time;
};

Broken break_down(Moment at) {
  const auto day = std::chrono::floor<std::chrono::days>(at);
  return {std::chrono::year_month_day(day), std::chrono::hh_mm_ss<std::chrono::seconds>(at - day)};
}

std::string format(Moment at, std::string_view between, std::string_view behind) {
  const Broken broken = break_down(at);
  return fmt::format("{:04}-{:02}-{:02}{}{:02}:{:02}:{:02}{}", static_cast<int>(broken.date.year()),
                     static_cast<unsigned>(broken.date.month()),
                     static_cast<unsigned>(broken.date.day()), between, broken.time.hours().count(),
                     broken.time.minutes().count(), broken.time.seconds().count(), behind);
}

}  // namespace

std::optional<Moment> read_time(std::uint8_t tag, ByteView content) {
  std::string_view text = as_text(content);
  std::optional<int> year;
  if (tag == der::utc_time_tag) {
    year = take_number(text, 2);
    // RFC 5280 4.1.2.5.1: 50 to 99 are of the 20th century.
    if (year) year = *year >= 50 ? 1900 + *year : 2000 + *year;
  } else if (tag == der::generalized_time_tag) {
    year = take_number(text, 4);
  }
  const auto month = take_number(text, 2);
  const auto day = take_number(text, 2);
  const auto hour = take_number(text, 2);
  const auto minute = take_number(text, 2);
  const auto second = take_number(text, 2);
  if (!year || !month || !day || !hour || !minute || !second || text != "Z") return std::nullopt;
  return moment(*year, *month, *day, *hour, *minute, *second);
}

std::string text(Moment at) { return format(at, " ", " UTC"); }

std::string rfc3339(Moment at) { return format(at, "T", "Z"); }

std::optional<Moment> read_rfc3339(std::string_view text) {
  const auto year = take_number(text, 4);
  if (!year || !take(text, '-')) return std::nullopt;
  const auto month = take_number(text, 2);
  if (!month || !take(text, '-')) return std::nullopt;
  const auto day = take_number(text, 2);
  if (!day) return std::nullopt;
  if (text.empty()) return moment(*year, *month, *day, 0, 0, 0);
  if (!take(text, 'T') && !take(text, ' ')) return std::nullopt;
  const auto hour = take_number(text, 2);
  if (!hour || !take(text, ':')) return std::nullopt;
  const auto minute = take_number(text, 2);
  if (!minute) return std::nullopt;
  std::optional<int> second = 0;
  if (take(text, ':')) second = take_number(text, 2);
  if (text.starts_with(" UTC")) text.remove_prefix(4);
  if (!second || (text != "Z" && !text.empty())) return std::nullopt;
  return moment(*year, *month, *day, *hour, *minute, *second);
}

}  // namespace badmx::x509
