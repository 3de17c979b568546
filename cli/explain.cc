// `badmx explain`: what a scenario teaches, what a finding means, what a line of a log or bounce
// can mean.
#include "checker/paste/trust.h"
#include "checker/rules/rules.h"
#include "checker/senders/bounce.h"
#include "checker/senders/senders.h"
#include "cli/failure.h"
#include "cli/options.h"
#include "cli/terminal.h"
#include "fixtures/proof/delivery.h"
#include "fixtures/scenario/build.h"
#include "fixtures/scenario/catalogue.h"
#include "fixtures/scenario/renamed.h"
#include "fixtures/scenario/suggest.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <filesystem>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::cli {
namespace {

std::string heading(std::string_view text) { return fmt::format("\n{}\n", text); }

std::string effects_text(const checker::Effects& effects) {
  std::string text;
  for (const checker::Policy policy : checker::all_policies) {
    text += fmt::format("  {:<13}  {}\n", checker::name(policy), checker::name(effects[policy]));
  }
  return text;
}

std::string lesson_of(const checker::Rule& rule) {
  std::string text = fmt::format("{} ({})\n", rule.code, checker::name(checker::severity(rule)));
  text += fill(rule.title, "  ") + "\n" + fill(rule.explanation);
  text += heading("Fix") + fill(rule.remedy, "  ");
  text += heading("Effect on delivery, by sender policy") + effects_text(rule.effects);
  if (!rule.reference.empty()) text += heading("Read") + fill(rule.reference, "  ");
  if (!rule.tlsrpt.empty()) {
    text += heading("In a TLS report (RFC 8460)") + fill(rule.tlsrpt, "  ");
  }
  return text;
}

// The certificates as drawn in the file, one a line below what signed it.
std::string picture(const fixtures::Scenario& scenario) {
  if (scenario.server.connections.empty()) return "";
  std::string text;
  const auto& identities = scenario.server.connections.front().identities;
  for (const fixtures::IdentityChoice& identity : identities) {
    text += identities.size() > 1 ? "  one identity sends:\n" : "  the server sends:\n";
    for (std::size_t i = 0; i < identity.chain.size(); ++i) {
      text += fmt::format("    {}  {}\n", i, identity.chain[i]);
    }
  }
  text += "  and the certificates are:\n";
  for (const certgen::CertificateSpec& certificate : scenario.pki.certificates) {
    text += fmt::format("    {}  signed by  {}\n", certificate.name,
                        certificate.signed_by.value_or(certificate.issued_by));
  }
  return text;
}

std::string by_hand(const fixtures::Scenario& scenario) {
  const bool implicit = scenario.check.tls == smtp::TlsMode::implicit;
  return fmt::format(
      "  badmx serve {} --base-port 2525\n"
      "  openssl s_client -connect 127.0.0.1:2525{} -showcerts </dev/null\n"
      "  badmx demo {}\n",
      scenario.id, implicit ? "" : " -starttls smtp", scenario.id);
}

std::string lesson_of(const fixtures::Scenario& scenario) {
  std::string text = scenario.id + "\n" + fill(scenario.summary, "  ");
  if (!scenario.why.empty()) text += "\n" + fill(scenario.why);
  text += heading("The chain") + picture(scenario);
  text += heading("See it by hand") + by_hand(scenario);
  text += heading("What a checker must find");
  if (scenario.expect.findings.empty()) text += "  nothing: TLS is as it should be\n";
  for (const fixtures::ExpectedFinding& finding : scenario.expect.findings) {
    const checker::Rule* rule = checker::find_rule(finding.code);
    text += fmt::format("  {}{}\n", finding.code, finding.at.empty() ? "" : " at " + finding.at);
    if (rule == nullptr) continue;
    text += fill(rule->title, "    ") + fill(rule->remedy, "    ");
  }
  for (const auto& between : scenario.expect.undecided) {
    text += "  undecided between:";
    for (const std::string& code : between) text += " " + code;
    text += "\n";
  }
  text += heading("Effect on delivery, by sender policy");
  for (const auto& [policy, outcome] : scenario.expect.outcomes) {
    text += fmt::format("  {:<13}  {}\n", checker::name(policy), checker::name(outcome));
  }
  const std::vector<std::string> messages = fixtures::delivery_lines(scenario);
  if (!messages.empty()) text += heading("What becomes of a message that gets there");
  for (const std::string& line : messages) text += "  " + line + "\n";
  if (!scenario.references.empty()) {
    std::string all;
    for (const std::string& each : scenario.references) all += (all.empty() ? "" : ", ") + each;
    text += heading("Read") + fill(all, "  ");
  }
  return text + heading("Ask for next") +
         fill(
             "The whole output of `openssl s_client -connect HOST:25 -starttls smtp -showcerts`, "
             "and the sender's log line or bounce: `badmx check` reads the one, `badmx explain` "
             "the other.",
             "  ");
}

std::optional<fixtures::Scenario> scenario_named(const fixtures::Catalogue& catalogue,
                                                 const std::string& word) {
  const bool named = word.find_first_of(" \t") == std::string::npos &&
                     (catalogue.find(word) != nullptr || word.find('+') != std::string::npos ||
                      word.ends_with(".toml"));
  if (!named) return std::nullopt;
  return catalogue.get(word);
}

// The new name in one line, and what it stands for; an outcome or an option stands for itself.
std::string lesson_of_renamed(const fixtures::Catalogue& catalogue, std::string_view before,
                              std::string_view now) {
  const std::string text = fmt::format("\"{}\" is called \"{}\" now.\n", before, now);
  if (const checker::Rule* rule = checker::find_rule(now)) return text + "\n" + lesson_of(*rule);
  const fixtures::Scenario* const scenario = catalogue.find(now);
  return scenario == nullptr ? text : text + "\n" + lesson_of(*scenario);
}

[[noreturn]] void fail_unknown(const fixtures::Catalogue& catalogue, const std::string& what) {
  std::vector<std::string_view> words;
  for (const auto& scenario : catalogue.scenarios()) words.push_back(scenario.id);
  for (const checker::Rule& rule : checker::rules()) words.push_back(rule.code);
  const std::string_view near = fixtures::nearest(what, words);
  throw Failure(exit_usage,
                fmt::format("explain: nothing is known of \"{}\"{}; allowed are a scenario, a "
                            "finding's code, an OpenSSL number or text, a TLSRPT type, a line of a "
                            "log or bounce",
                            x509::printable(what, 200),
                            near.empty() ? "" : fmt::format("; did you mean \"{}\"?", near)));
}

// A word that is a file, or "-", stands for what is in it.
std::string said(const ExplainOptions& options) {
  if (options.words.size() == 1) {
    const std::string& word = options.words.front();
    std::error_code ignored;
    if (word == "-" || std::filesystem::is_regular_file(word, ignored)) {
      return checker::readable_bounce(checker::load_text(word));
    }
  }
  std::string text;
  for (const std::string& word : options.words) text += (text.empty() ? "" : " ") + word;
  return text;
}

std::string explanations_text(const std::vector<checker::Explanation>& explanations) {
  std::string text;
  for (const checker::Explanation& each : explanations) {
    const checker::SenderLine& line = each.line;
    text += fmt::format("{}{}{}{}\n", text.empty() ? "" : "\n", line.sender,
                        line.versions.empty() ? "" : " ", line.versions);
    text += fill(fmt::format("says: {}", line.pattern), "  ") + fill(line.meaning, "  ");
    if (!each.host.empty()) text += fill(fmt::format("host: {}", each.host), "  ");
    if (!line.policies.empty()) text += fill(fmt::format("under: {}", line.policies), "  ");
    for (const std::string_view code : each.codes) {
      const checker::Rule* rule = checker::find_rule(code);
      text += fmt::format("    {}\n", code);
      if (rule != nullptr) text += fill(rule->title, "      ");
    }
    text += fill(fmt::format("Next: {}", each.next), "  ");
  }
  return text;
}

}  // namespace

int run_explain(const ExplainOptions& options) {
  auto catalogue = fixtures::Catalogue::built_in();
  if (!options.scenarios.empty()) catalogue.add_folder(options.scenarios);
  const bool one_word = options.words.size() == 1;
  if (const auto scenario =
          one_word ? scenario_named(catalogue, options.words.front()) : std::nullopt) {
    print(lesson_of(*scenario));
    return exit_fine;
  }
  const std::string what = said(options);
  if (const checker::Rule* rule = checker::find_rule(what)) {
    print(lesson_of(*rule));
  } else if (const std::string_view now = fixtures::now_called(what); !now.empty()) {
    print(lesson_of_renamed(catalogue, what, now));
  } else {
    const auto explanations = checker::explain_line(what);
    if (explanations.empty()) fail_unknown(catalogue, what);
    print(explanations_text(explanations));
  }
  return exit_fine;
}

}  // namespace badmx::cli
