#include "checker/report/finding_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

// Evidence whose name is made for programs.
struct Words {
  std::string_view name;
  std::string_view label;
  std::string_view between;
  std::string (*value)(const std::string&);
};

std::string as_it_is(const std::string& value) { return value; }

// Whole days, rounded down: "30 days", "1 day", "less than a day".
std::string in_words(const std::string& days) {
  if (days == "0") return "less than a day";
  return days + (days == "1" ? " day" : " days");
}

constexpr std::array words_rows{
    Words{"moment", "checked at", ": ", as_it_is},
    Words{"days-ago", "expired", " ",
          [](const std::string& days) { return in_words(days) + " ago"; }},
    Words{"days-left", "valid", " ",
          [](const std::string& days) { return "in " + in_words(days); }},
    Words{"octets", "bytes", ": ", as_it_is},
};

Words words_of(const Evidence& evidence) {
  const auto row = std::ranges::find(words_rows, std::string_view(evidence.name), &Words::name);
  return row == words_rows.end() ? Words{evidence.name, evidence.name, ": ", as_it_is} : *row;
}

}  // namespace

std::string_view evidence_label(const Evidence& evidence) { return words_of(evidence).label; }

std::string evidence_value(const Evidence& evidence) {
  return words_of(evidence).value(evidence.value);
}

std::string evidence_words(const Evidence& evidence) {
  const Words words = words_of(evidence);
  return fmt::format("{}{}{}", words.label, words.between, evidence_value(evidence));
}

std::string who_fixes(FixAt fix_at) {
  return fix_at == FixAt::undecided ? "Fix" : fmt::format("Fix ({} administrator)", name(fix_at));
}

}  // namespace badmx::checker
