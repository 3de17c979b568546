#include "checker/report/report_chain.h"

#include "checker/report/text_wrap.h"
#include "x509/certificate.h"
#include "x509/printable.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <string_view>
#include <vector>

namespace badmx::checker {
namespace {

constexpr std::size_t label_width = 16;  // "  trusted[143]  "
constexpr std::size_t most_shown_names = 8;

// Findings that sit between a certificate and the one above it.
constexpr std::array<std::string_view, 3> breaks{"signature-bad", "issuer-wrong-key",
                                                 "signature-unchecked"};

const ChainMember* sent_member(const Diagnosis& diagnosis, const Location& where) {
  if (where.kind != LocationKind::sent) return nullptr;
  const auto found = std::ranges::find(diagnosis.chain, where.index, &ChainMember::index);
  return found == diagnosis.chain.end() ? nullptr : &*found;
}

std::string day(const std::optional<x509::Moment>& moment) {
  return moment ? x509::rfc3339(*moment).substr(0, 10) : "?";
}

class Picture {
 public:
  Picture(const Diagnosis& diagnosis, std::size_t width) : diagnosis_(diagnosis), width_(width) {}

  std::string draw() {
    for (std::size_t i = 0; i < diagnosis_.path.size(); ++i) {
      const Step& step = diagnosis_.path[i];
      const bool last = i + 1 == diagnosis_.path.size();
      const bool open_end = last && !diagnosis_.path_trusted && step.subject != step.issuer;
      rail_ = last && !open_end ? ' ' : '|';
      certificate(step.certificate, step.subject, step.trusted);
      if (open_end) {
        missing(step.issuer);
      } else if (!last) {
        edge(i);
      }
    }
    others();
    return std::move(all_);
  }

 private:
  void certificate(const Location& where, const std::string& subject, bool trusted) {
    // An anchor that was sent too is drawn once, under its place in the chain.
    all_ += wrapped(subject.empty() ? "(no name)" : x509::printable(subject), width_,
                    padded("  " + text(where), label_width));
    if (const ChainMember* const member = sent_member(diagnosis_, where)) {
      detail(certificate_words(*member));
    }
    if (trusted) detail("trusted");
    if (!trusted && rail_ == ' ' && !diagnosis_.path_trusted && is_end(where)) {
      detail("signed by itself, not trusted");
    }
    for (const std::string& code : codes_at(diagnosis_, where)) detail("! " + code);
  }

  bool is_end(const Location& where) const {
    return !diagnosis_.path.empty() && diagnosis_.path.back().certificate == where &&
           !diagnosis_.grounds.trust.empty();
  }

  void detail(const std::string& words) {
    if (words.empty()) return;
    const std::string rail = padded(fmt::format("    {}", rail_), label_width);
    // The rail stands before every line of it.
    const std::string lines =
        wrapped(x509::printable(words, 4096), width_, std::string(label_width, ' '));
    std::string_view rest = lines;
    while (!rest.empty()) {
      const std::size_t end = rest.find('\n');
      std::string line = rail + std::string(rest.substr(label_width, end - label_width));
      all_ += line + "\n";
      rest.remove_prefix(end + 1);
    }
  }

  void edge(std::size_t height) {
    switch (link_above(diagnosis_, height)) {
      case Link::holds:
        all_ += "    |\n";
        break;
      case Link::named:
        all_ += "    :           by their names; no signature was seen\n";
        break;
      case Link::broken:
        all_ += "    X           the signature doesn't hold\n";
        break;
    }
  }

  void missing(const std::string& issuer) {
    all_ += "    X\n";
    all_ += wrapped(issuer.empty() ? "(its issuer has no name)" : x509::printable(issuer), width_,
                    padded("  ?", label_width));
    rail_ = ' ';
    detail(diagnosis_.grounds.trust.empty() ? "not sent" : "neither sent nor trusted");
  }

  void others() {
    bool first = true;
    for (const ChainMember& member : diagnosis_.chain) {
      const Location where{.kind = LocationKind::sent, .index = member.index};
      const bool drawn = std::ranges::any_of(
          diagnosis_.path, [&where](const Step& step) { return step.certificate == where; });
      if (drawn) continue;
      if (first && !diagnosis_.path.empty()) all_ += "  also sent, and not needed:\n";
      first = false;
      rail_ = ' ';
      certificate(where, member.subject, false);
    }
  }

  const Diagnosis& diagnosis_;
  std::size_t width_;
  std::string all_;
  char rail_ = ' ';  // what runs down beside a certificate: the line to its issuer, or nothing
};

}  // namespace

std::string certificate_words(const ChainMember& member) {
  std::vector<std::string> parts;
  if (member.not_before || member.not_after) {
    parts.push_back(fmt::format("valid {} to {}", day(member.not_before), day(member.not_after)));
  }
  if (!member.key.empty()) parts.push_back(member.key);
  if (!member.names.empty()) {
    const std::size_t shown = std::min(member.names.size(), most_shown_names);
    std::string names = fmt::format(
        "{}", fmt::join(member.names.begin(),
                        member.names.begin() + static_cast<std::ptrdiff_t>(shown), ", "));
    if (shown < member.names.size()) {
      names += fmt::format(" and {} more", member.names.size() - shown);
    }
    parts.push_back("for " + names);
  }
  return fmt::format("{}", fmt::join(parts, ", "));
}

std::vector<std::string> codes_at(const Diagnosis& diagnosis, const Location& where) {
  std::vector<std::string> codes;
  for (const auto* const list : {&diagnosis.findings, &diagnosis.consequences}) {
    for (const Finding& finding : *list) {
      if (finding.where == where && std::ranges::count(codes, finding.code) == 0) {
        codes.push_back(finding.code);
      }
    }
  }
  return codes;
}

Link link_above(const Diagnosis& diagnosis, std::size_t height) {
  const Location& child = diagnosis.path[height].certificate;
  const bool broken = std::ranges::any_of(codes_at(diagnosis, child), [](const std::string& code) {
    return std::ranges::find(breaks, code) != breaks.end();
  });
  if (broken) return Link::broken;
  const auto is_printed = [&diagnosis](const Location& where) {
    const ChainMember* const member = sent_member(diagnosis, where);
    return member != nullptr && member->sha256.empty();
  };
  const bool named = is_printed(child) || (height + 1 < diagnosis.path.size() &&
                                           is_printed(diagnosis.path[height + 1].certificate));
  return named ? Link::named : Link::holds;
}

std::string chain_picture(const Diagnosis& diagnosis, std::size_t width) {
  return Picture(diagnosis, width).draw();
}

}  // namespace badmx::checker
