#include "checker/report/answer.h"

#include "checker/rules/rules.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

std::string_view title(const Finding& finding) {
  const Rule* const rule = find_rule(finding.code);
  return rule == nullptr ? std::string_view(finding.code) : rule->title;
}

bool is_about_input(const Finding& finding) {
  const Rule* const rule = find_rule(finding.code);
  return rule != nullptr && rule->layer == FindingLayer::input;
}

// What the answer is about: not the input's own faults, unless nothing can be judged for them.
std::vector<const Finding*> findings_of_interest(const Diagnosis& diagnosis) {
  std::vector<const Finding*> about_server;
  std::vector<const Finding*> about_input;
  for (const Finding& finding : diagnosis.findings) {
    if (finding.severity == Severity::note) continue;
    (is_about_input(finding) ? about_input : about_server).push_back(&finding);
  }
  const bool judged = std::ranges::any_of(diagnosis.verdicts, [](const Verdict& verdict) {
    return verdict.outcome != Outcome::undecided;
  });
  return about_server.empty() && !judged ? about_input : about_server;
}

// "sent[0], CN=mx.example.test"; empty for a Point, which the title speaks of.
std::string place(const Diagnosis& diagnosis, const Location& where) {
  if (where.kind == LocationKind::nowhere || where.kind == LocationKind::point) return {};
  std::string subject;
  for (const ChainMember& member : diagnosis.chain) {
    if (where.kind == LocationKind::sent && member.index == where.index) subject = member.subject;
  }
  for (const Step& step : diagnosis.path) {
    if (step.certificate == where) subject = step.subject;
  }
  return subject.empty() ? text(where) : fmt::format("{}, {}", text(where), subject);
}

// The nearest cause among the gravest, and how many there are besides.
std::string finding_clause(const Diagnosis& diagnosis,
                           const std::vector<const Finding*>& findings) {
  const Finding& finding =
      **std::ranges::max_element(findings, {}, [](const Finding* one) { return one->severity; });
  const std::string at = place(diagnosis, finding.where);
  std::string clause(title(finding));
  if (!at.empty()) clause += fmt::format(" ({})", at);
  const std::size_t more = findings.size() - 1;
  if (more > 0) clause += fmt::format(", and {} more finding{}", more, more == 1 ? "" : "s");
  return clause + ".";
}

// What senders do, when it is one of the patterns that have a plain name.
struct Pattern {
  std::array<Outcome, 4> outcomes;  // in the order of all_policies
  std::string_view sentence;
};

constexpr Outcome ok = Outcome::deliver;
constexpr Outcome clear = Outcome::deliver_cleartext;
constexpr Outcome no = Outcome::refuse;
constexpr Outcome still_open = Outcome::undecided;
constexpr std::array patterns{
    Pattern{{ok, ok, ok, ok}, "All senders deliver."},
    Pattern{{no, no, no, no}, "No sender delivers."},
    Pattern{{clear, no, no, no}, "Senders that demand TLS refuse; others deliver in cleartext."},
    Pattern{{still_open, no, no, no},
            "Senders that demand TLS refuse; whether others deliver couldn't be judged."},
    Pattern{{ok, ok, no, no}, "Senders that verify the certificate refuse; others deliver."},
    Pattern{{ok, ok, ok, no}, "Senders that verify the name refuse; others deliver."},
    Pattern{{ok, ok, still_open, still_open},
            "Whether senders that verify the certificate deliver couldn't be judged; others do."},
    Pattern{{ok, ok, ok, still_open},
            "Whether senders that verify the name deliver couldn't be judged; others do."},
    Pattern{{ok, ok, still_open, no},
            "Senders that verify the name refuse; others deliver, as far as it could be judged."},
    Pattern{{still_open, still_open, still_open, still_open},
            "What senders do couldn't be judged."},
};

std::string verdict_clause(const std::vector<Verdict>& verdicts) {
  std::array<Outcome, 4> outcomes{still_open, still_open, still_open, still_open};
  for (const Verdict& verdict : verdicts) {
    outcomes.at(static_cast<std::size_t>(verdict.policy)) = verdict.outcome;
  }
  const auto* const known = std::ranges::find(patterns, outcomes, &Pattern::outcomes);
  if (known != patterns.end()) return std::string(known->sentence);
  std::vector<std::string> parts;
  for (const Policy policy : all_policies) {
    parts.push_back(
        fmt::format("{}: {}", name(policy), name(outcomes.at(static_cast<std::size_t>(policy)))));
  }
  return fmt::format("By policy: {}.", fmt::join(parts, ", "));
}

// The message that the server didn't take by that channel; null where it took it, or none was sent.
const MessageEnd* turned_away(const Diagnosis& diagnosis, std::string_view channel) {
  const auto found = std::ranges::find_if(diagnosis.messages, [&](const MessageEnd& message) {
    return message.channel == channel && !message.accepted;
  });
  return found == diagnosis.messages.end() ? nullptr : &*found;
}

// Where senders come as far as a message under TLS and it isn't taken, what they make of TLS
// decides nothing.
std::string delivery_clause(const Diagnosis& diagnosis) {
  const bool any_comes = std::ranges::any_of(diagnosis.verdicts, [](const Verdict& verdict) {
    return verdict.outcome == Outcome::deliver;
  });
  const MessageEnd* over_tls = turned_away(diagnosis, "tls");
  if (any_comes && over_tls != nullptr) {
    return fmt::format("A message over TLS is {}.", over_tls->end);
  }
  std::string clause = verdict_clause(diagnosis.verdicts);
  if (const MessageEnd* in_cleartext = turned_away(diagnosis, "cleartext")) {
    clause += fmt::format(" A message in cleartext is {}.", in_cleartext->end);
  }
  return clause;
}

std::string no_fault_clause(const Diagnosis& diagnosis) {
  if (diagnosis.chain.empty()) return "Nothing wrong was seen, and no certificate.";
  if (!diagnosis.path_trusted) return "Nothing wrong was seen.";
  if (diagnosis.grounds.names.empty()) return "Nothing is wrong; no name was checked.";
  return diagnosis.messages.empty() ? "Nothing is wrong." : "Nothing is wrong with TLS.";
}

}  // namespace

std::string answer(const Diagnosis& diagnosis) {
  const std::string& origin = diagnosis.grounds.origin;
  const std::string who = origin.empty() ? "The server" : origin;
  const std::vector<const Finding*> findings = findings_of_interest(diagnosis);
  if (findings.empty() && diagnosis.verdicts.empty()) {
    return fmt::format("{}: Nothing could be observed.", who);
  }
  const std::string what =
      findings.empty() ? no_fault_clause(diagnosis) : finding_clause(diagnosis, findings);
  if (diagnosis.verdicts.empty()) return fmt::format("{}: {}", who, what);
  return fmt::format("{}: {} {}", who, what, delivery_clause(diagnosis));
}

}  // namespace badmx::checker
