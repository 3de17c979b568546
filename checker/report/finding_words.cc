#include "checker/report/finding_words.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

// Evidence whose name is made for programs; `before` and `after` stand round the value.
struct Words {
  std::string_view name;
  std::string_view label;
  std::string_view between;
  std::string_view before;
  std::string_view after;
};

constexpr std::array words_rows{
    Words{"moment", "checked at", ": ", "", ""},
    Words{"days-ago", "expired", " ", "", " days ago"},
    Words{"days-left", "valid", " ", "in ", " days"},
    Words{"octets", "bytes", ": ", "", ""},
};

Words words_of(const Evidence& evidence) {
  const auto row = std::ranges::find(words_rows, std::string_view(evidence.name), &Words::name);
  return row == words_rows.end() ? Words{evidence.name, evidence.name, ": ", "", ""} : *row;
}

}  // namespace

std::string_view evidence_label(const Evidence& evidence) { return words_of(evidence).label; }

std::string evidence_value(const Evidence& evidence) {
  const Words words = words_of(evidence);
  return fmt::format("{}{}{}", words.before, evidence.value, words.after);
}

std::string evidence_words(const Evidence& evidence) {
  const Words words = words_of(evidence);
  return fmt::format("{}{}{}", words.label, words.between, evidence_value(evidence));
}

std::string who_fixes(FixAt fix_at) {
  return fix_at == FixAt::undecided ? "Fix" : fmt::format("Fix ({} administrator)", name(fix_at));
}

}  // namespace badmx::checker
