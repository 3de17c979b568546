#include "checker/facts/path.h"

#include "checker/facts/anchors.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/certificate_policies.h"
#include "checker/facts/constraints.h"
#include "checker/facts/signatures.h"

#include <algorithm>
#include <map>
#include <optional>
#include <tuple>
#include <utility>

namespace badmx::checker {
namespace {

using x509::SignatureCheck;

int rank(KeyIds ids) {
  switch (ids) {
    case KeyIds::agree:
      return 0;
    case KeyIds::unknown:
      return 1;
    case KeyIds::differ:
      return 2;
  }
  return 2;
}

int rank(LocationKind kind) {
  if (kind == LocationKind::trusted) return 0;
  return kind == LocationKind::sent ? 1 : 2;
}

int own_faults(const CertificateFacts& certificate, const Criteria& criteria, std::size_t height) {
  int faults = int{!weak_key(certificate).empty()};
  if (dates_count(criteria, certificate, height)) {
    faults += int{has_expired(certificate, criteria.moment)} +
              int{is_not_yet_valid(certificate, criteria.moment)} +
              int{!unreadable_times(certificate).empty()};
  }
  if (constraints_count(criteria, certificate, height)) {
    faults += int{!duplicate_extensions(certificate).empty()} +
              int{!unknown_critical_extensions(certificate).empty()} +
              int{!unreadable_extensions(certificate).empty()} +
              int{!why_wrong_purpose(certificate, criteria, height).empty()};
    if (height > 0) faults += int{!why_no_issuer(certificate).empty()};
  }
  return faults;
}

class Search {
 public:
  Search(const Facts& facts, const PathLimits& limits) : facts_(facts), limits_(limits) {}

  PathSearch from(std::size_t leaf) {
    Path start;
    start.certificates.push_back(sent_at(leaf));
    Badness none;
    extend(start, none);
    PathSearch result;
    if (best_) {
      result.path = best_->path;
      result.badness = best_->badness;
      result.names = std::move(best_->names);
    }
    result.path.steps = steps_;
    const bool bounded = steps_ >= limits_.steps || signatures_ > limits_.signatures;
    result.path.cut_short = bounded && result.badness != Badness{};
    result.edges = edges_;
    return result;
  }

 private:
  struct Candidate {
    const CertificateFacts* certificate = nullptr;
    KeyIds ids = KeyIds::unknown;
    bool in_time = true;
  };

  void finish(Path path, Badness badness, PathEnd end) {
    path.end = end;
    const auto certificates = members(facts_, path);
    for (std::size_t i = 0; i < certificates.size(); ++i) {
      badness.faults += own_faults(*certificates[i], facts_.criteria, i);
      if (i + 1 < certificates.size()) {
        badness.faults += int{!weak_signature(*certificates[i]).empty()};
        badness.faults += int{path.edges[i].key_ids == KeyIds::differ};
      }
    }
    const auto limiting = constraining_certificates(facts_.criteria, certificates);
    NameJudgement names = judge_names(limiting);
    badness.faults +=
        static_cast<int>(path_length_violations(limiting).size()) + int{!names.is_clean()};
    badness.faults += int{!process_policies(limiting).satisfied()};
    badness.faults += int{exceeds_depth(facts_.criteria, certificates)};
    if (!best_ || badness < best_->badness) {
      best_ = PathSearch{std::move(path), badness, std::move(names), {}};
    }
  }

  bool done() const { return (best_ && best_->badness == Badness{}) || steps_ >= limits_.steps; }

  void extend(const Path& path, const Badness& badness) {
    if (best_ && badness > best_->badness) return;
    const CertificateFacts& last = facts_.at(path.certificates.back());
    if (ends_here(path, last)) {
      finish(anchored(path, last), badness, PathEnd::anchor);
      return;
    }
    if (path.certificates.size() >= limits_.length) {
      finish_gap(path, badness, PathEnd::bound);
      return;
    }
    if (signs_itself(last)) {
      Badness untrusted = badness;
      ++untrusted.untrusted;
      finish(path, untrusted, PathEnd::untrusted_root);
      if (done()) return;
    }
    bool went_on = false;
    for (const Candidate& candidate : candidates(path, last)) {
      if (step(path, badness, last, candidate)) went_on = true;
      if (done()) break;
    }
    // Where a certificate that was sent leads on, the gap is further up.
    if (!went_on) finish_gap(path, badness, PathEnd::gap);
  }

  // An anchor ends the path, where it may be trusted as what it is here.
  bool ends_here(const Path& path, const CertificateFacts& last) {
    if (last.where.kind != LocationKind::trusted && !facts_.anchor_with(last)) return false;
    const AnchorRules::Role role = facts_.criteria.anchors.role;
    if (role == AnchorRules::Role::either) return true;
    if (path.certificates.size() > 1) return role == AnchorRules::Role::issuer;
    return role == AnchorRules::Role::leaf ||
           (role == AnchorRules::Role::self_signed_leaf && signs_itself(last));
  }

  void finish_gap(const Path& path, Badness badness, PathEnd end) {
    ++badness.gaps;
    finish(path, badness, end);
  }

  // Whether the candidate, sent or trusted, is the issuer for all that is known of keys' names.
  bool step(const Path& path, Badness badness, const CertificateFacts& last,
            const Candidate& candidate) {
    ++steps_;
    const Edge edge = judge(last, *candidate.certificate, candidate.ids);
    const bool given = candidate.certificate->where.kind == LocationKind::given;
    const bool fits = edge.signature != SignatureCheck::invalid || edge.key_ids != KeyIds::differ;
    if (edge.signature == SignatureCheck::invalid) {
      if (edge.key_ids == KeyIds::differ) {
        ++badness.other_keys;
      } else {
        ++badness.bad_signatures;
      }
    } else if (edge.signature == SignatureCheck::not_checked && !edge.guessed) {
      ++badness.unchecked;
    }
    if (given) ++badness.given;
    Path longer = path;
    longer.certificates.push_back(candidate.certificate->where);
    longer.edges.push_back(edge);
    extend(longer, badness);
    return fits && !given;
  }

  // A certificate that was sent and is an anchor too stands in the path as the anchor.
  Path anchored(Path path, const CertificateFacts& last) const {
    const auto anchor = facts_.anchor_with(last);
    if (anchor) {
      path.certificates.back() = *anchor;
      if (!path.edges.empty()) path.edges.back().issuer = *anchor;
    }
    return path;
  }

  bool signs_itself(const CertificateFacts& certificate) {
    if (!certificate.self_issued()) return false;
    const Edge edge = judge(certificate, certificate, key_ids(certificate, certificate));
    return edge.signature == SignatureCheck::valid || edge.guessed;
  }

  std::vector<Candidate> candidates(const Path& path, const CertificateFacts& last) const {
    std::vector<Candidate> found;
    const auto consider = [&](const CertificateFacts& certificate) {
      if (!issuer_name_matches(last, certificate) || is_member(path, certificate)) return;
      // Copies of one certificate lead the same way.
      for (const Candidate& other : found) {
        if (!certificate.der.empty() && other.certificate->der == certificate.der) return;
      }
      const x509::Moment moment = facts_.criteria.moment;
      found.push_back(
          {.certificate = &certificate,
           .ids = key_ids(last, certificate),
           .in_time = !has_expired(certificate, moment) && !is_not_yet_valid(certificate, moment)});
    };
    if (facts_.anchors) {
      const auto& anchors = facts_.anchors->certificates();
      if (last.read) {
        for (const std::size_t i : facts_.anchors->with_subject(last.normalized_issuer)) {
          consider(anchors[i]);
        }
      } else {
        for (const CertificateFacts& anchor : anchors) consider(anchor);
      }
    }
    for (const CertificateFacts& certificate : facts_.sent) consider(certificate);
    for (const CertificateFacts& certificate : facts_.given) consider(certificate);
    std::ranges::stable_sort(found, {}, [](const Candidate& candidate) {
      return std::tuple(rank(candidate.certificate->where.kind), rank(candidate.ids),
                        !candidate.in_time);
    });
    return found;
  }

  bool is_member(const Path& path, const CertificateFacts& certificate) const {
    return std::ranges::any_of(path.certificates, [&](const Location& where) {
      const CertificateFacts& member = facts_.at(where);
      return where == certificate.where || (!member.der.empty() && member.der == certificate.der);
    });
  }

  Edge judge(const CertificateFacts& child, const CertificateFacts& issuer, KeyIds ids) {
    const auto [known, is_new] = known_.try_emplace({&child, &issuer}, edges_.size());
    if (!is_new) return edges_[known->second];
    Edge edge{.child = child.where, .issuer = issuer.where, .key_ids = ids};
    if (!child.read || !issuer.read) {
      edge.guessed = true;
    } else if (++signatures_ <= limits_.signatures) {
      edge.signature = check_signed_by(child, issuer);
    }
    edges_.push_back(edge);
    return edge;
  }

  const Facts& facts_;
  const PathLimits& limits_;
  std::size_t steps_ = 0;
  std::size_t signatures_ = 0;  // wanted: those beyond the limit aren't checked
  std::vector<Edge> edges_;
  std::map<std::pair<const CertificateFacts*, const CertificateFacts*>, std::size_t> known_;
  std::optional<PathSearch> best_;
};

}  // namespace

PathSearch find_path(const Facts& facts, std::size_t leaf, const PathLimits& limits) {
  return Search(facts, limits).from(leaf);
}

std::span<const CertificateFacts* const> constraining_certificates(
    const Criteria& criteria, std::span<const CertificateFacts* const> path) {
  if (path.empty() || constraints_count(criteria, *path.back(), path.size() - 1)) return path;
  return path.first(path.size() - 1);
}

bool exceeds_depth(const Criteria& criteria, std::span<const CertificateFacts* const> path) {
  if (!criteria.depth || path.size() < 3) return false;
  const auto between = path.subspan(1, path.size() - 2);
  const auto counted =
      std::ranges::count_if(between, [](const CertificateFacts* ca) { return !ca->self_issued(); });
  return static_cast<std::size_t>(counted) > *criteria.depth;
}

std::vector<const CertificateFacts*> members(const Facts& facts, const Path& path) {
  std::vector<const CertificateFacts*> certificates;
  certificates.reserve(path.certificates.size());
  for (const Location& where : path.certificates) certificates.push_back(&facts.at(where));
  return certificates;
}

}  // namespace badmx::checker
