// The results of `badmx gateway` as text, JUnit and Markdown.
#include "checker/report/junit.h"
#include "cli/gateway.h"
#include "cli/terminal.h"

#include <fmt/format.h>

#include <algorithm>

namespace badmx::cli {
namespace {

using fixtures::GatewayCell;
using fixtures::GatewayMark;
using fixtures::GatewayOutcome;

std::string marked(const GatewayCell& cell) {
  std::string word(short_word(cell.outcome));
  if (fixtures::is_wrong(cell.mark)) word += "!";
  return word;
}

std::string painted_cell(const std::string& text, const GatewayCell& cell, checker::Colour colour) {
  if (colour == checker::Colour::off || !fixtures::is_wrong(cell.mark)) return text;
  return fmt::format("\x1b[31m{}\x1b[0m", text);
}

std::string result_table(const GatewayResult& result, checker::Colour colour) {
  constexpr std::size_t column = 8;
  std::size_t width = 8;
  for (const GatewayCell& cell : result.modes.front().cells) {
    width = std::max(width, cell.scenario.size());
  }
  std::string text = fmt::format("\n  {:<{}}", "", width);
  for (std::size_t i = 0; i < result.modes.size(); ++i) text += fmt::format("  {:<6}", i + 1);
  while (text.ends_with(' ')) text.pop_back();
  text += "\n";
  for (std::size_t row = 0; row < result.modes.front().cells.size(); ++row) {
    text += fmt::format("  {:<{}}", result.modes.front().cells[row].scenario, width);
    for (const ModeResult& mode : result.modes) {
      const GatewayCell& cell = mode.cells[row];
      const std::string word = marked(cell);
      text += "  " + painted_cell(word, cell, colour) + std::string(column - 2 - word.size(), ' ');
    }
    while (text.ends_with(' ')) text.pop_back();
    text += "\n";
  }
  return text + fmt::format(
                    "\n  TLS delivered under TLS, clear delivered in cleartext,\n"
                    "  would said that it would, - refused, none unreached,\n"
                    "  ! not what the mode's policy demands\n");
}

std::string wrong_cells(const GatewayResult& result) {
  std::string text;
  for (const ModeResult& mode : result.modes) {
    for (const GatewayCell& cell : mode.cells) {
      if (!fixtures::is_wrong(cell.mark)) continue;
      text += fill(fmt::format("{} in {}: {}: {}", cell.scenario, mode.mode.name,
                               fixtures::name(cell.mark), fixtures::reason(cell)),
                   "  ");
    }
  }
  return text.empty() ? "\n  every cell is as its policy demands\n" : "\n" + text;
}

}  // namespace

std::string_view short_word(GatewayOutcome outcome) {
  switch (outcome) {
    case GatewayOutcome::delivered:
      return "TLS";
    case GatewayOutcome::delivered_in_clear:
      return "clear";
    case GatewayOutcome::would_deliver:
      return "would";
    case GatewayOutcome::refused:
      return "-";
    case GatewayOutcome::unreached:
      return "none";
    case GatewayOutcome::skipped:
      return "";
  }
  return "";
}

std::map<std::string, std::string> outcomes_of(const std::vector<GatewayResult>& results) {
  std::map<std::string, std::string> outcomes;
  for (const GatewayResult& result : results) {
    for (const ModeResult& mode : result.modes) {
      for (const GatewayCell& cell : mode.cells) {
        outcomes[fmt::format("{}/{}/{}", result.adapter.name, mode.mode.name, cell.scenario)] =
            std::string(fixtures::name(cell.outcome));
      }
    }
  }
  return outcomes;
}

std::string gateway_text(const std::vector<GatewayResult>& results, checker::Colour colour) {
  std::string text;
  for (const GatewayResult& result : results) {
    if (!text.empty()) text += "\n";
    text +=
        fmt::format("{}, {}\n", result.adapter.name,
                    result.adapter.version.empty() ? "version not known" : result.adapter.version);
    if (!result.adapter.missing.empty()) {
      text += fill("skipped: " + result.adapter.missing, "  ");
      continue;
    }
    for (std::size_t i = 0; i < result.modes.size(); ++i) {
      const ModeResult& mode = result.modes[i];
      text += fill(fmt::format("{} {}, judged by {}: {} ({:.1f} s)", i + 1, mode.mode.name,
                               checker::name(mode.mode.policy), mode.mode.summary, mode.seconds),
                   "  ");
      if (!mode.failure.empty()) text += fill("lacks: " + mode.failure, "    ");
    }
    if (result.modes.empty()) continue;
    text += result_table(result, colour) + wrong_cells(result);
  }
  return text;
}

std::string gateway_junit(const std::vector<GatewayResult>& results) {
  std::vector<checker::JunitSuite> suites;
  for (const GatewayResult& result : results) {
    if (!result.adapter.missing.empty()) {
      suites.push_back({.name = result.adapter.name,
                        .cases = {{.name = "adapter",
                                   .result = checker::JunitResult::skipped,
                                   .message = result.adapter.missing}}});
    }
    for (const ModeResult& mode : result.modes) {
      checker::JunitSuite suite{.name = fmt::format("{} {}", result.adapter.name, mode.mode.name),
                                .cases = {}};
      for (const GatewayCell& cell : mode.cells) {
        checker::JunitCase one{.name = cell.scenario, .lines = cell.says.log};
        if (cell.mark == GatewayMark::skipped) {
          one.result = checker::JunitResult::skipped;
          one.message = fixtures::reason(cell);
        } else if (fixtures::is_wrong(cell.mark)) {
          one.result = checker::JunitResult::failed;
          one.message = fmt::format("{}: {}", fixtures::name(cell.mark), fixtures::reason(cell));
        }
        suite.cases.push_back(std::move(one));
      }
      suites.push_back(std::move(suite));
    }
  }
  return checker::junit_xml("badmx gateway", suites);
}

std::string gateway_markdown(const std::vector<GatewayResult>& results) {
  std::string text;
  for (const GatewayResult& result : results) {
    text += fmt::format("\n## {}\n\n{}\n\n", result.adapter.name, result.adapter.version);
    if (!result.adapter.missing.empty()) {
      text += fmt::format("Not measured: {}\n", result.adapter.missing);
      continue;
    }
    text += "| mode | promises | |\n|---|---|---|\n";
    for (const ModeResult& mode : result.modes) {
      text += fmt::format("| {} | {} | {} |\n", mode.mode.name, checker::name(mode.mode.policy),
                          mode.mode.summary);
    }
    if (result.modes.empty()) continue;
    text += "\n| scenario |";
    for (const ModeResult& mode : result.modes) text += fmt::format(" {} |", mode.mode.name);
    text += "\n|---|";
    for (std::size_t i = 0; i < result.modes.size(); ++i) text += "---|";
    text += "\n";
    for (std::size_t row = 0; row < result.modes.front().cells.size(); ++row) {
      text += fmt::format("| {} |", result.modes.front().cells[row].scenario);
      for (const ModeResult& mode : result.modes) {
        const GatewayCell& cell = mode.cells[row];
        const bool wrong = fixtures::is_wrong(cell.mark);
        text += fmt::format(" {}{}{} |", wrong ? "**" : "", short_word(cell.outcome),
                            wrong ? "**" : "");
      }
      text += "\n";
    }
  }
  return text;
}

}  // namespace badmx::cli
