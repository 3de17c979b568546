// What `badmx check` was given, made into observations and the criteria each is to be judged by.
#pragma once

#include "checker/criteria.h"
#include "checker/host_port.h"
#include "checker/observation.h"
#include "cli/options.h"

#include <cstddef>
#include <functional>
#include <string>
#include <vector>

namespace badmx::cli {

// One thing to be diagnosed, and which of the criteria are its own: a pasted text is judged at its
// own time and for its own name.
struct Case {
  checker::Observation observation;
  std::vector<std::string> names;
  x509::Moment moment{};
  bool from_list = false;  // one of a list of hosts
};

// A trust list by the name that the user gives it.
struct NamedTrust {
  std::string name{};
  std::vector<x509::Bytes> anchors{};
};

struct Cases {
  checker::Criteria common;          // trust, intermediates, CRLs, purpose: the same for all
  std::vector<NamedTrust> stores{};  // each for a verdict of its own
  std::vector<Case> each;
};

// Reads files, dials hosts, all hosts at the same time. Throws Failure for what can't be read or
// understood, std::runtime_error for trust and certificates that can't be loaded.
Cases read_cases(const CheckOptions& options);

// What `Cases::common` holds.
checker::Criteria criteria_for_all(const CheckOptions& options);

// Dials a list of hosts and gives each to `take`, with its place in the list, as soon as it is
// done: from several threads at the same time. Nothing is kept.
void stream_cases(const CheckOptions& options, const std::vector<checker::HostPort>& list,
                  const std::function<void(std::size_t, Case)>& take);

}  // namespace badmx::cli
