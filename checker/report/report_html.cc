#include "checker/report/report_html.h"

#include "checker/diagnose/server_software.h"
#include "checker/report/finding_words.h"
#include "checker/report/html.h"
#include "checker/report/report_chain.h"
#include "checker/rules/rules.h"
#include "checker/senders/sender_profiles.h"
#include "checker/senders/senders.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

constexpr std::string_view head = R"(<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>badmx: diagnosis</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<style>
body{font:16px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:52rem;padding:0 1rem;
color:#1c1c1c;background:#fff}h1{font-size:1.3rem}h2{font-size:1.1rem;margin-top:2rem}
table{border-collapse:collapse}th,td{border:1px solid #bbb;padding:.3rem .6rem;text-align:left}
.error{border-left:.4rem solid #b3261e}.warning{border-left:.4rem solid #b26a00}
.note{border-left:.4rem solid #888}.finding{padding:.2rem 1rem;margin:1rem 0}
.finding h3{font-size:1rem;margin:.2rem 0}dt{font-weight:600}dd{margin:0 0 .3rem 1rem;
overflow-wrap:anywhere}.refuse{color:#b3261e}.clear{color:#b26a00}code{background:#f3f3f3}
svg{max-width:100%;height:auto}@media print{.finding{break-inside:avoid}}
</style></head><body>
)";

constexpr int box_width = 700;
constexpr int box_height = 64;
constexpr int link_height = 34;
constexpr int left = 10;
constexpr std::size_t widest_line = 84;  // characters that fit a box

std::string cut(std::string_view text) {
  if (text.size() <= widest_line) return html_text(text);
  return html_text(text.substr(0, widest_line - 1)) + "&hellip;";
}

// The path as boxes from the server's certificate down to the anchor; what is missing is dashed,
// what doesn't hold is red and crossed.
class Drawing {
 public:
  explicit Drawing(const Diagnosis& diagnosis) : diagnosis_(diagnosis) {}

  std::string draw() {
    const auto& path = diagnosis_.path;
    for (std::size_t i = 0; i < path.size(); ++i) {
      const Step& step = path[i];
      certificate(step);
      const bool last = i + 1 == path.size();
      if (!last) {
        arrow(link_above(diagnosis_, i));
      } else if (!diagnosis_.path_trusted && step.subject != step.issuer) {
        arrow(Link::broken);
        box("#b3261e", "6 4", step.issuer, "neither sent nor trusted", "");
      }
    }
    return fmt::format(
        "<svg role=\"img\" aria-label=\"The chain of certificates\" viewBox=\"0 0 {} {}\" "
        "width=\"{}\" font-family=\"sans-serif\" font-size=\"13\">{}</svg>",
        box_width + 2 * left, y_ + 10, box_width + 2 * left, shapes_);
  }

 private:
  void certificate(const Step& step) {
    const auto member = std::ranges::find_if(diagnosis_.chain, [&step](const ChainMember& each) {
      return step.certificate.kind == LocationKind::sent && each.index == step.certificate.index;
    });
    const std::string words =
        member == diagnosis_.chain.end() ? std::string() : certificate_words(*member);
    const auto codes = codes_at(diagnosis_, step.certificate);
    const std::string place =
        fmt::format("{}{}{}{}", text(step.certificate), step.trusted ? ", trusted" : "",
                    codes.empty() ? "" : ": ", fmt::join(codes, ", "));
    box(codes.empty() ? step.trusted ? "#1b6e3a" : "#444" : "#b3261e", "", step.subject, place,
        words);
  }

  void box(std::string_view colour, std::string_view dash, std::string_view title,
           std::string_view second, std::string_view third) {
    shapes_ += fmt::format(
        "<rect x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\" rx=\"6\" fill=\"none\" stroke=\"{}\" "
        "stroke-width=\"2\" stroke-dasharray=\"{}\"/>",
        left, y_, box_width, box_height, colour, dash);
    int line = y_ + 20;
    for (const std::string_view words : {title, second, third}) {
      shapes_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>", left + 12, line,
                             words == second ? colour : "#1c1c1c", cut(words));
      line += 18;
    }
    y_ += box_height;
  }

  void arrow(Link link) {
    const int middle = left + box_width / 2;
    const std::string_view colour = link == Link::broken ? "#b3261e" : "#444";
    const std::string_view words = link == Link::holds   ? "signed by"
                                   : link == Link::named ? "names; no signature was seen"
                                                         : "&#10007; broken here";
    shapes_ += fmt::format(
        "<line x1=\"{0}\" y1=\"{1}\" x2=\"{0}\" y2=\"{2}\" stroke=\"{3}\" stroke-width=\"2\" "
        "stroke-dasharray=\"{4}\"/>",
        middle, y_, y_ + link_height, colour, link == Link::named ? "3 3" : "");
    shapes_ += fmt::format("<text x=\"{}\" y=\"{}\" fill=\"{}\">{}</text>", middle + 12,
                           y_ + link_height / 2 + 5, colour, words);
    y_ += link_height;
  }

  const Diagnosis& diagnosis_;
  std::string shapes_;
  int y_ = 6;
};

std::string finding_html(const Finding& finding, std::string_view product) {
  const Rule* rule = find_rule(finding.code);
  std::string text =
      fmt::format("<div class=\"finding {0}\"><h3>{1}</h3><p><code>{2}</code> ({0}) {3}</p><dl>",
                  name(finding.severity), html_text(rule == nullptr ? finding.code : rule->title),
                  html_text(finding.code), html_text(checker::text(finding.where)));
  for (const Evidence& evidence : finding.evidence) {
    text += fmt::format("<dt>{}</dt><dd>{}</dd>", html_text(evidence_label(evidence)),
                        html_text(evidence_value(evidence)));
  }
  text += "</dl>";
  if (rule != nullptr) {
    text += fmt::format("<p>{}</p><p><b>{}:</b> {}</p>", html_text(rule->explanation),
                        who_fixes(finding.fix_at), html_text(rule->remedy));
    const std::string_view remedy = product_remedy(product, finding);
    if (!remedy.empty()) {
      text += fmt::format("<p><b>With {}:</b> {}.</p>", html_text(product), html_text(remedy));
    }
    text += fmt::format("<p><small>{}</small></p>", html_text(rule->reference));
  }
  return text + "</div>\n";
}

std::string_view style_of(Outcome outcome) {
  if (outcome == Outcome::refuse) return "refuse";
  return outcome == Outcome::deliver_cleartext ? "clear" : "";
}

std::string verdicts_html(const Diagnosis& diagnosis) {
  std::string text =
      "<h2>Effect on delivery, by sender policy</h2><table><tr><th>policy</th><th>what it "
      "demands</th><th>outcome</th><th>because of</th></tr>";
  for (const Verdict& verdict : diagnosis.verdicts) {
    text += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>",
                        name(verdict.policy), html_text(summary(verdict.policy)),
                        style_of(verdict.outcome), name(verdict.outcome),
                        html_text(verdict.decided_by));
  }
  for (const StoreVerdicts& store : diagnosis.stores) {
    for (const Verdict& verdict : store.verdicts) {
      if (verdict.policy != Policy::verify) continue;
      text +=
          fmt::format("<tr><td>{}</td><td>with the trust list {}</td><td>{}</td><td>{}</td></tr>",
                      name(verdict.policy), html_text(store.store), name(verdict.outcome),
                      html_text(verdict.decided_by));
    }
  }
  return text + "</table>\n";
}

std::string senders_html(const Diagnosis& diagnosis) {
  const std::vector<SenderVerdict> all = sender_verdicts(diagnosis);
  if (all.empty()) return "";
  std::string text =
      "<h2>By sender and setting</h2><table><tr><th>sender</th><th>setting</th><th>outcome</th>"
      "<th>what it writes</th></tr>";
  for (const SenderVerdict& verdict : all) {
    text += fmt::format("<tr><td>{}</td><td>{}</td><td class=\"{}\">{}</td><td>{}</td></tr>",
                        html_text(verdict.profile->sender), html_text(verdict.profile->setting),
                        style_of(verdict.outcome), name(verdict.outcome),
                        html_text(legible(verdict.says)));
  }
  return text + "</table>\n";
}

std::string bounce_html(const std::vector<BounceLine>& bounce) {
  if (bounce.empty()) return "";
  std::string text = "<h2>The bounce</h2><table><tr><th>it says</th><th>explained by</th></tr>";
  for (const BounceLine& line : bounce) {
    text += fmt::format("<tr><td>{}: {}</td><td>{}</td></tr>", html_text(line.sender),
                        html_text(legible(line.says)),
                        line.explained_by.empty()
                            ? "nothing that was found"
                            : html_text(fmt::format("{}", fmt::join(line.explained_by, ", "))));
  }
  return text + "</table>\n";
}

std::string messages_html(const std::vector<MessageEnd>& messages) {
  if (messages.empty()) return "";
  std::string text =
      "<h2>What becomes of a message</h2><table><tr><th>channel</th><th>end</th></tr>";
  for (const MessageEnd& message : messages) {
    text += fmt::format("<tr><td>{}</td><td>{}</td></tr>", html_text(message.channel),
                        html_text(legible(message.end)));
  }
  return text + "</table>\n";
}

std::string grounds_html(const Grounds& grounds) {
  return fmt::format(
      "<h2>Checked against</h2><dl><dt>time</dt><dd>{}</dd><dt>trust</dt><dd>{}</dd><dt>names</dt>"
      "<dd>{}</dd><dt>seen</dt><dd>{}, {}</dd></dl>\n",
      x509::text(grounds.moment), html_text(grounds.trust),
      html_text(fmt::format("{}", fmt::join(grounds.names, ", "))), html_text(grounds.source),
      html_text(grounds.origin));
}

std::string diagnosis_html(const Diagnosis& diagnosis) {
  std::string text = "<h1>" + html_text(answer(diagnosis)) + "</h1>\n";
  if (!diagnosis.path.empty()) text += "<h2>The chain</h2>" + Drawing(diagnosis).draw() + "\n";
  if (!diagnosis.findings.empty()) text += "<h2>Findings</h2>";
  for (const Finding& finding : diagnosis.findings) {
    text += finding_html(finding, diagnosis.grounds.software);
  }
  for (const Undecided& open : diagnosis.undecided) {
    text += fmt::format("<p>Two possible causes: {}. To tell them apart: {}</p>\n",
                        html_text(fmt::format("{}", fmt::join(open.between, " or "))),
                        html_text(open.decided_by));
  }
  return text + verdicts_html(diagnosis) + messages_html(diagnosis.messages) +
         bounce_html(diagnosis.bounce) + senders_html(diagnosis) + grounds_html(diagnosis.grounds);
}

}  // namespace

std::string report_html(std::span<const TargetReport> reports) {
  std::string page(head);
  for (const TargetReport& report : reports) {
    page += report.diagnosis ? diagnosis_html(*report.diagnosis)
                             : fmt::format("<h1>{}</h1><p>{}</p>\n", html_text(report.target),
                                           html_text(report.error));
  }
  return page + "</body></html>\n";
}

}  // namespace badmx::checker
