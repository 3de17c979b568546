// `badmx list`: the tables, as people read them; as programs do, see cli/list_json.cc.
#include "certgen/defects.h"
#include "checker/rules/rules.h"
#include "checker/sender_policy.h"
#include "checker/senders/senders.h"
#include "cli/choice.h"
#include "cli/list_json.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "fixtures/ready_file_json.h"
#include "fixtures/scenario/catalogue.h"
#include "server/smtp/actions.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string>

namespace badmx::cli {
namespace {

constexpr std::array<std::string_view, 7> tables{"scenarios", "findings", "defects", "actions",
                                                 "policies",  "senders",  "gateways"};

// "  name   text", the text filled beside the name.
std::string table_row(std::string_view name, std::size_t width, std::string_view text) {
  const std::string indent(width + 4, ' ');
  std::string filled = fill(text, indent);
  const std::string head = fmt::format("  {:<{}}  ", name, width);
  return head + (filled.size() > head.size() ? filled.substr(head.size()) : "\n");
}

template <typename Rows, typename Name>
std::size_t widest(const Rows& rows, Name name) {
  std::size_t width = 0;
  for (const auto& each : rows) width = std::max(width, std::string_view(name(each)).size());
  return width;
}

std::string scenarios(const fixtures::Catalogue& catalogue) {
  const auto& all = catalogue.scenarios();
  const std::size_t width = widest(all, [](const auto& each) { return each.id; });
  std::string text;
  const std::string* group = nullptr;
  for (const fixtures::Scenario& scenario : all) {
    if (group != nullptr && *group != scenario.group) text += "\n";
    if ((group == nullptr || *group != scenario.group) && !scenario.group.empty()) {
      text += scenario.group + "\n";
    }
    group = &scenario.group;
    text += table_row(scenario.id, width, scenario.summary);
  }
  return text + fmt::format(
                    "\n{} scenarios. Two can be laid over each other: expired-leaf+wrong-host.\n"
                    "badmx demo NAME shows one, badmx explain NAME teaches it.\n",
                    all.size());
}

std::string findings() {
  const std::size_t width =
      widest(checker::rules(), [](const checker::Rule& rule) { return rule.code; });
  std::string text;
  const checker::Rule* before = nullptr;
  for (const checker::Rule& rule : checker::rules()) {
    if (before == nullptr || before->layer != rule.layer) {
      text += fmt::format("{}{}\n", before == nullptr ? "" : "\n", checker::name(rule.layer));
    }
    before = &rule;
    text += table_row(rule.code, width,
                      fmt::format("{}: {}", checker::name(checker::severity(rule)), rule.title));
  }
  return text + "\nbadmx explain CODE says what it means and how to mend it.\n";
}

std::string defects() {
  const auto shown = [](const certgen::Defect& defect) {
    return std::string(defect.name) + (defect.argument.empty() ? "" : ":ARGUMENT");
  };
  const std::size_t width =
      widest(certgen::defects(), [](const auto& each) { return each.name; }) + 9;
  std::string text;
  for (const auto& defect : certgen::defects()) {
    text += table_row(shown(defect), width, defect.summary);
  }
  return text + "\nA scenario names them: defects = [\"NAME\"] in [certificate.…].\n";
}

std::string actions() {
  const auto shown = [](const server::ActionInfo& action) {
    return std::string(action.name) + (action.argument.empty() ? "" : ":ARGUMENT");
  };
  const std::size_t width =
      widest(server::actions(), [](const auto& each) { return each.name; }) + 9;
  std::string text;
  for (const auto& action : server::actions()) {
    text += table_row(shown(action), width, action.summary);
  }
  return text + "\nA scenario names one: then = \"NAME\" in [server.on.POINT].\n";
}

std::string policies() {
  std::string text;
  for (const checker::Policy policy : checker::all_policies) {
    text += table_row(checker::name(policy), 13, checker::summary(policy));
  }
  return text;
}

std::string senders() {
  std::string text;
  std::string_view before;
  for (const checker::SenderLine& line : checker::sender_lines()) {
    if (before != line.sender) {
      text += fmt::format("{}{}\n", before.empty() ? "" : "\n", line.sender);
    }
    before = line.sender;
    text += fill(line.pattern, "  ");
  }
  return text + "\nbadmx explain \"A LINE OF A LOG OR BOUNCE\" finds what it can mean.\n";
}

std::string list_table(const ListOptions& options) {
  if (options.what == "scenarios") {
    auto catalogue = fixtures::Catalogue::built_in();
    if (!options.scenarios.empty()) catalogue.add_folder(options.scenarios);
    return options.json ? fixtures::scenarios_json(catalogue.scenarios()) + "\n"
                        : scenarios(catalogue);
  }
  if (options.what == "gateways") return options.json ? gateways_json("") : gateways_list("");
  if (options.json) return table_json(options.what);
  if (options.what == "findings") return findings();
  if (options.what == "defects") return defects();
  if (options.what == "actions") return actions();
  if (options.what == "policies") return policies();
  return senders();
}

}  // namespace

int run_list(const ListOptions& options) {
  chosen_place("list", options.what, tables);
  write_to(options.json.value_or("-"), list_table(options));
  return exit_fine;
}

}  // namespace badmx::cli
