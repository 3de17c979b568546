// What all commands that make certificates share: scenarios, a seed, a moment, a domain.
#pragma once

#include "certgen/pki.h"
#include "cli/options.h"
#include "fixtures/scenario/catalogue.h"
#include "fixtures/scenario/scenario.h"
#include "x509/certificate.h"

#include <optional>
#include <string>
#include <vector>

namespace badmx::cli {

struct Lab {
  fixtures::Catalogue catalogue;
  certgen::Seed seed;
  x509::Moment moment;                   // that certificates are made for
  std::optional<x509::Moment> lab_made;  // when the kept root was made; unsaid: `moment`
  std::string domain;
};

// With `--lab DIR` the folder is made at first use (seed readable by its owner alone, root.pem to
// import into whatever is under test) and read later. Throws Failure.
Lab open_lab(const LabOptions& options);

// The scenarios that were named, or all of them, in the order of `list`; compositions and files
// behind, in the order given. Throws Failure when none was named, ScenarioError for a wrong name.
std::vector<fixtures::Scenario> chosen(const Lab& lab, const LabOptions& options);

// Those of them that can be served here; says on standard error which are left out, and what they
// need. Throws Failure when none is left.
std::vector<fixtures::Scenario> servable(const Lab& lab, const LabOptions& options);

// Where and when the scenario's certificates are to hold.
certgen::NamingContext place_in(const Lab& lab, const fixtures::Scenario& scenario);

// RFC 3339; `what` is the option's name for the message. Empty: nothing. Throws Failure.
std::optional<x509::Moment> read_moment(const std::string& text, const std::string& what);
// Throws Failure when the text isn't a time such as 30s, 10m, 2h, 500ms.
std::chrono::milliseconds read_duration(const std::string& text, const std::string& what);
// The clock, in whole seconds.
x509::Moment now();

}  // namespace badmx::cli
