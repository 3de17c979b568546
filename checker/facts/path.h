// Builds the path from the server's certificate towards a trust anchor.
#pragma once

#include "checker/facts/facts.h"

#include <cstddef>
#include <span>
#include <vector>

namespace badmx::checker {

// The ways of a path to be bad, worst first, so that paths compare as their members do. What is
// given only explains: a path through it comes after any that is as whole without.
struct Badness {
  int gaps = 0;            // it ends at nobody's certificate, or was cut short
  int other_keys = 0;      // an issuer of the right name whose key made no such signature
  int bad_signatures = 0;  // the same, though its key identifier is the one that is named
  int unchecked = 0;       // signatures of which nothing can be said
  int untrusted = 0;       // it ends in a root that isn't trusted
  int given = 0;           // certificates that the server didn't send
  int faults = 0;          // of its certificates: dates, rights, strength, constraints
  auto operator<=>(const Badness&) const = default;
};

struct PathLimits {
  std::size_t length = 32;       // certificates of one path
  std::size_t steps = 4000;      // certificates looked at in all
  std::size_t signatures = 128;  // signatures checked in all; further ones count as not checked
};

struct PathSearch {
  Path path;
  Badness badness;
  NameJudgement names{};
  std::vector<Edge> edges{};  // all that were judged
};

// The best path from sent[leaf], by backtracking over what is sent, trusted and given: anchors
// first, then what was sent, and among these whose key identifier fits and whose dates hold.
PathSearch find_path(const Facts& facts, std::size_t leaf, const PathLimits& limits);

// Those of a path whose constraints count: all, or all but the anchor (see AnchorRules).
std::span<const CertificateFacts* const> constraining_certificates(
    const Criteria& criteria, std::span<const CertificateFacts* const> path);

// Whether more CAs stand between the ends than the sender follows.
bool exceeds_depth(const Criteria& criteria, std::span<const CertificateFacts* const> path);

// The certificates of a path, the leaf first. Valid as long as the facts.
std::vector<const CertificateFacts*> members(const Facts& facts, const Path& path);

}  // namespace badmx::checker
