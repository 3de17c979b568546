#include "checker/facts/certificate_policies.h"

#include <algorithm>
#include <cstddef>
#include <set>

namespace badmx::checker {
namespace {

using Policies = std::set<std::string, std::less<>>;

const std::string any_policy(x509::oid_any_policy);

// RFC 5280 6.1.2: the state variables that have to do with policies.
class Processing {
 public:
  explicit Processing(std::size_t certificates)
      : explicit_policy_(certificates + 1),
        inhibit_any_(certificates + 1),
        mapping_(certificates + 1) {}

  // 6.1.3 (d) to (f) and, but for the leaf, 6.1.4 (a), (b), (h) to (j).
  void take(const CertificateFacts& facts, bool is_leaf) {
    if (!facts.read) return;
    const x509::Certificate& certificate = *facts.read;
    // An anchor that names no policies leaves the choice open (RFC 5937 3).
    const bool is_open = facts.where.kind == LocationKind::trusted && !certificate.policies;
    if (!is_open) keep_named(certificate, inhibit_any_ > 0 || (!is_leaf && facts.self_issued()));
    if (is_leaf) {
      // 6.1.5 (a), (b)
      count_down(explicit_policy_);
      if (certificate.policy_constraints && certificate.policy_constraints->require_explicit == 0) {
        explicit_policy_ = 0;
      }
      return;
    }
    map(certificate);
    if (!facts.self_issued()) {
      count_down(explicit_policy_);
      count_down(mapping_);
      count_down(inhibit_any_);
    }
    if (certificate.policy_constraints) {
      lower(explicit_policy_, certificate.policy_constraints->require_explicit);
      lower(mapping_, certificate.policy_constraints->inhibit_mapping);
    }
    lower(inhibit_any_, certificate.inhibit_any_policy);
  }

  PolicyOutcome outcome() const {
    return {.explicit_demanded = explicit_policy_ == 0, .valid = {valid_.begin(), valid_.end()}};
  }

 private:
  static void count_down(std::size_t& variable) {
    if (variable > 0) --variable;
  }

  static void lower(std::size_t& variable, const std::optional<int>& to) {
    if (to) variable = std::min(variable, static_cast<std::size_t>(*to));
  }

  void keep_named(const x509::Certificate& certificate, bool any_counts) {
    Policies named;
    bool names_any = false;
    if (certificate.policies) {
      for (const x509::PolicyInformation& policy : *certificate.policies) {
        if (policy.oid == any_policy) {
          names_any = any_counts;
        } else {
          named.insert(policy.oid);
        }
      }
    }
    if (valid_.contains(any_policy)) {
      if (names_any) named.insert(any_policy);
      valid_ = std::move(named);
    } else if (!names_any) {
      std::erase_if(valid_, [&named](const std::string& oid) { return !named.contains(oid); });
    }
  }

  void map(const x509::Certificate& certificate) {
    if (!certificate.policy_mappings) return;
    const bool any = valid_.contains(any_policy);
    Policies mapped;
    Policies left = valid_;
    for (const x509::PolicyMapping& mapping : *certificate.policy_mappings) {
      left.erase(mapping.issuer_domain);
      if (mapping_ > 0 && (any || valid_.contains(mapping.issuer_domain))) {
        mapped.insert(mapping.subject_domain);
      }
    }
    left.insert(mapped.begin(), mapped.end());
    valid_ = std::move(left);
  }

  Policies valid_{any_policy};
  std::size_t explicit_policy_;
  std::size_t inhibit_any_;
  std::size_t mapping_;
};

}  // namespace

PolicyOutcome process_policies(std::span<const CertificateFacts* const> path) {
  Processing processing(path.size());
  for (std::size_t i = path.size(); i-- > 0;) processing.take(*path[i], i == 0);
  return processing.outcome();
}

}  // namespace badmx::checker
