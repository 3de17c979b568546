#include "checker/report/report_text.h"

#include "checker/diagnose/server_software.h"
#include "checker/report/answer.h"
#include "checker/report/finding_words.h"
#include "checker/report/report_chain.h"
#include "checker/report/report_wire.h"
#include "checker/report/text_wrap.h"
#include "checker/rules/rules.h"
#include "checker/senders/sender_profiles.h"
#include "checker/senders/senders.h"
#include "x509/certificate.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <functional>
#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

constexpr std::size_t least_width = 40;
constexpr std::size_t longest_value = 4096;
constexpr std::string_view indent = "           ";  // under a finding's code

// SGR parameters (ECMA-48).
constexpr std::string_view bold = "1";
constexpr std::string_view red = "31";
constexpr std::string_view green = "32";
constexpr std::string_view yellow = "33";
constexpr std::string_view cyan = "36";

std::string_view colour_of(Severity severity) {
  switch (severity) {
    case Severity::error:
      return red;
    case Severity::warning:
      return yellow;
    case Severity::note:
      break;
  }
  return cyan;
}

std::string_view outcome_words(Outcome outcome) {
  switch (outcome) {
    case Outcome::deliver:
      return "delivers under TLS";
    case Outcome::deliver_cleartext:
      return "delivers unencrypted";
    case Outcome::refuse:
      return "refuses";
    case Outcome::undecided:
      break;
  }
  return "undecided";
}

std::string_view colour_of(Outcome outcome) {
  switch (outcome) {
    case Outcome::deliver:
      return green;
    case Outcome::deliver_cleartext:
      return yellow;
    case Outcome::refuse:
      return red;
    case Outcome::undecided:
      break;
  }
  return cyan;
}

class Report {
 public:
  Report(const Diagnosis& diagnosis, const TextOptions& options)
      : diagnosis_(diagnosis), options_(options), width_(std::max(options.width, least_width)) {}

  std::string write(const Observation* observation) {
    head();
    grounds();
    chain();
    findings();
    undecided();
    verdicts();
    messages();
    bounce();
    openssl();
    if (options_.detail == Detail::verbose && observation != nullptr) {
      heading("On the wire");
      all_ += wire_facts(*observation, width_);
    }
    return std::move(all_);
  }

 private:
  std::string painted(std::string_view text, std::string_view colour) const {
    if (options_.colour == Colour::off) return std::string(text);
    return fmt::format("\x1b[{}m{}\x1b[0m", colour, text);
  }

  // The sentence's lines are painted one by one, so that no colour runs over a line's end.
  void head() {
    const std::string lines =
        wrapped(x509::printable(answer(diagnosis_), longest_value), width_, "");
    std::string_view rest = lines;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      all_ += painted(rest.substr(0, end), bold) + "\n";
      rest.remove_prefix(end + 1);
    }
  }

  void heading(std::string_view title) { all_ += "\n" + painted(title, bold) + "\n"; }

  void item(std::string_view key, std::string_view value) {
    all_ += wrapped(x509::printable(value, longest_value), width_,
                    padded(fmt::format("  {}", key), 10));
  }

  void grounds() {
    const Grounds& by = diagnosis_.grounds;
    heading("Checked against");
    item("time", x509::text(by.moment));
    item("trust", by.trust.empty() ? "not checked" : by.trust);
    item("names", by.names.empty() ? "not checked" : fmt::format("{}", fmt::join(by.names, ", ")));
    if (by.intermediates > 0) {
      item("given", fmt::format("{} certificate{} to explain by", by.intermediates,
                                by.intermediates == 1 ? "" : "s"));
    }
    if (!by.source.empty()) {
      item("seen", by.origin.empty() ? by.source : fmt::format("{}, {}", by.source, by.origin));
    }
  }

  void chain() {
    const std::string picture = chain_picture(diagnosis_, width_);
    if (picture.empty()) return;
    heading("Chain");
    all_ += picture;
  }

  void findings() {
    if (diagnosis_.findings.empty()) return;
    heading("Findings");
    // The gravest first; among equals the nearest cause, as they come.
    std::vector<const Finding*> sorted;
    for (const Finding& finding : diagnosis_.findings) sorted.push_back(&finding);
    std::ranges::stable_sort(sorted, std::ranges::greater{},
                             [](const Finding* finding) { return finding->severity; });
    for (const Finding* const finding : sorted) {
      if (finding != sorted.front()) all_ += "\n";
      one(*finding);
      for (const Finding& consequence : diagnosis_.consequences) {
        if (!consequence.because_of.empty() && consequence.because_of.front() == finding->code) {
          follows(consequence);
        }
      }
    }
  }

  void one(const Finding& finding) {
    const std::string where = text(finding.where);
    std::string first =
        "  " + painted(padded(name(finding.severity), 9), colour_of(finding.severity));
    first += clipped(where.empty() ? finding.code : fmt::format("{}  at {}", finding.code, where),
                     width_ - indent.size());
    all_ += first + "\n";
    const Rule* const rule = find_rule(finding.code);
    if (rule != nullptr) all_ += wrapped(fmt::format("{}.", rule->title), width_, indent);
    for (const Evidence& evidence : finding.evidence) {
      all_ += wrapped(x509::printable(evidence_words(evidence), longest_value), width_,
                      std::string(indent) + "- ");
    }
    if (rule == nullptr) return;
    if (options_.detail == Detail::verbose) all_ += wrapped(rule->explanation, width_, indent);
    all_ += wrapped(fmt::format("{}: {}", who_fixes(finding.fix_at), rule->remedy), width_, indent);
    with_product(finding);
    if (!rule->reference.empty()) all_ += wrapped(rule->reference, width_, indent);
  }

  void with_product(const Finding& finding) {
    const std::string& product = diagnosis_.grounds.software;
    const std::string_view remedy = product_remedy(product, finding);
    if (remedy.empty()) return;
    all_ += wrapped(fmt::format("With {}: {}.", product, remedy), width_, indent);
  }

  void follows(const Finding& consequence) {
    const std::string where = text(consequence.where);
    all_ += wrapped(fmt::format("{}{}", consequence.code, where.empty() ? "" : " at " + where),
                    width_, std::string(indent) + "same cause: ");
  }

  void undecided() {
    if (diagnosis_.undecided.empty()) return;
    heading("Two possible causes");
    for (const Undecided& open : diagnosis_.undecided) {
      all_ += wrapped(fmt::format("{}", fmt::join(open.between, " or ")), width_, "  ");
      if (!open.decided_by.empty()) {
        all_ += wrapped("To tell them apart: " + x509::printable(open.decided_by, longest_value),
                        width_, "    ");
      }
    }
  }

  void verdicts() {
    if (diagnosis_.verdicts.empty()) return;
    heading(diagnosis_.messages.empty() ? "Effect on delivery, by sender policy"
                                        : "Effect of TLS on delivery, by sender policy");
    for (const Verdict& verdict : diagnosis_.verdicts) {
      std::string line = "  " + padded(name(verdict.policy), 15);
      line += painted(padded(outcome_words(verdict.outcome), 22), colour_of(verdict.outcome));
      line += clipped(verdict.decided_by, width_ - 39);
      while (line.ends_with(' ')) line.pop_back();
      all_ += line + "\n";
    }
    for (const StoreVerdicts& store : diagnosis_.stores) of_store(store);
    if (options_.detail == Detail::verbose) senders();
  }

  void senders() {
    heading("By sender and setting");
    const std::vector<SenderVerdict> all = sender_verdicts(diagnosis_);
    const bool harmless = std::ranges::all_of(
        all, [](const SenderVerdict& each) { return each.outcome == Outcome::deliver; });
    if (harmless) {
      all_ += fmt::format("  all {} that are known deliver under TLS\n", all.size());
      return;
    }
    for (const SenderVerdict& verdict : all) {
      std::string line =
          "  " + painted(padded(outcome_words(verdict.outcome), 22), colour_of(verdict.outcome));
      line += clipped(fmt::format("{}, {}", verdict.profile->sender, verdict.profile->setting),
                      width_ - 24);
      all_ += line + "\n";
      if (!verdict.says.empty()) {
        all_ +=
            wrapped(fmt::format("says: {}", legible(verdict.says)), width_, std::string(26, ' '));
      }
    }
  }

  void messages() {
    if (diagnosis_.messages.empty()) return;
    heading("What becomes of a message");
    for (const MessageEnd& message : diagnosis_.messages) {
      all_ += wrapped(legible(message.end), width_, "  " + padded(message.channel, 15));
    }
  }

  void bounce() {
    if (diagnosis_.bounce.empty()) return;
    heading("The bounce");
    for (const BounceLine& line : diagnosis_.bounce) {
      all_ += wrapped(fmt::format("{} says: {}", line.sender, legible(line.says)), width_, "  ");
      all_ += wrapped(line.explained_by.empty()
                          ? fmt::format("not explained by what was found; it can mean: {}",
                                        fmt::join(line.codes, ", "))
                          : fmt::format("explained by: {}", fmt::join(line.explained_by, ", ")),
                      width_, "    ");
    }
  }

  // One line a trust list: what a sender that verifies makes of it with that.
  void of_store(const StoreVerdicts& store) {
    for (const Verdict& verdict : store.verdicts) {
      if (verdict.policy != Policy::verify) continue;
      const std::string line =
          fmt::format("{} with {}: {}{}{}", name(verdict.policy), x509::printable(store.store, 64),
                      outcome_words(verdict.outcome), verdict.decided_by.empty() ? "" : ", ",
                      verdict.decided_by);
      all_ += wrapped(line, width_, "  ");
    }
  }

  void openssl() {
    if (diagnosis_.chain.empty()) return;
    heading("OpenSSL's own verdict");
    if (!diagnosis_.openssl_skipped.empty()) {
      all_ += wrapped("OpenSSL verification skipped: " + diagnosis_.openssl_skipped, width_, "  ");
    } else if (diagnosis_.openssl.empty()) {
      all_ += "  ok\n";
    }
    for (const Complaint& complaint : diagnosis_.openssl) {
      all_ += wrapped(x509::printable(fmt::format("{} ({})", complaint.text, complaint.code)),
                      width_, fmt::format("  depth {}: ", complaint.depth));
    }
  }

  const Diagnosis& diagnosis_;
  const TextOptions& options_;
  std::size_t width_;
  std::string all_;
};

}  // namespace

std::string report_text(const Diagnosis& diagnosis, const TextOptions& options) {
  return report_text(diagnosis, nullptr, options);
}

std::string report_text(const Diagnosis& diagnosis, const Observation* observation,
                        const TextOptions& options) {
  return Report(diagnosis, options).write(observation);
}

}  // namespace badmx::checker
