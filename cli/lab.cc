#include "cli/lab.h"

#include "checker/paste/trust.h"
#include "cli/failure.h"
#include "cli/terminal.h"
#include "fixtures/scenario/build.h"
#include "fixtures/scenario/durations.h"
#include "fixtures/scenario/needs.h"
#include "x509/pem.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <filesystem>
#include <map>
#include <set>
#include <sstream>
#include <utility>

namespace badmx::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t seed_octets = 32;

certgen::Seed read_seed(const std::string& text, const std::string& what) {
  auto bytes = x509::from_hex(text);
  if (!bytes || bytes->size() != seed_octets) {
    throw Failure(exit_usage, fmt::format("{}: a seed is 64 hexadecimal digits; found \"{}\"", what,
                                          text.substr(0, 80)));
  }
  return certgen::Seed{.bytes = std::move(*bytes)};
}

// The file in a lab's folder: lines of a word and its value.
std::map<std::string, std::string> read_lab_file(const fs::path& file) {
  std::map<std::string, std::string> values;
  std::istringstream lines(checker::load_text(file.string(), 65536));
  std::string word;
  std::string value;
  while (lines >> word >> value) values[word] = value;
  for (const char* const wanted : {"seed", "made", "domain"}) {
    if (!values.contains(wanted)) {
      throw Failure(exit_usage, fmt::format("{}: the line \"{} …\" is missing; a lab's folder is "
                                            "made by --lab at first use",
                                            file.string(), wanted));
    }
  }
  return values;
}

void open_kept(Lab& lab, const fs::path& folder, const LabOptions& options) {
  const fs::path file = folder / "lab.txt";
  const auto values = read_lab_file(file);
  if (!options.seed.empty() && options.seed != values.at("seed")) {
    throw Failure(exit_usage, fmt::format("{}: this lab has a seed already; --seed can't give "
                                          "another",
                                          file.string()));
  }
  lab.seed = read_seed(values.at("seed"), file.string());
  lab.lab_made = read_moment(values.at("made"), file.string() + ": made");
  lab.domain = values.at("domain");
  if (options.domain != LabOptions{}.domain && options.domain != lab.domain) {
    throw Failure(exit_usage,
                  fmt::format("{}: this lab's domain is {}; its root may not sign for {}",
                              file.string(), lab.domain, options.domain));
  }
}

void make_kept(Lab& lab, const fs::path& folder) {
  std::error_code error;
  if (fs::exists(folder, error) && !fs::is_empty(folder, error)) {
    throw Failure(exit_usage,
                  fmt::format("{}: is there and no lab (lab.txt is missing); name a new folder",
                              folder.string()));
  }
  fs::create_directories(folder, error);
  if (error) {
    throw Failure(exit_usage,
                  fmt::format("{}: can't be made: {}", folder.string(), error.message()));
  }
  fs::permissions(folder, fs::perms::owner_all, error);
  certgen::KeyStore keys(lab.seed);
  lab.lab_made = lab.moment;
  write_to(
      (folder / "root.pem").string(),
      "The root of a badmx lab: for tests only. DO NOT TRUST it on a machine that matters.\n" +
          x509::pem("CERTIFICATE", certgen::lab_root_certificate(lab.domain, *lab.lab_made, keys)));
  const fs::path file = folder / "lab.txt";
  write_to(file.string(), fmt::format("seed {}\nmade {}\ndomain {}\n", x509::hex(lab.seed.bytes),
                                      x509::rfc3339(*lab.lab_made), lab.domain));
  fs::permissions(file, fs::perms::owner_read | fs::perms::owner_write, error);
}

}  // namespace

x509::Moment now() {
  return std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
}

std::optional<x509::Moment> read_moment(const std::string& text, const std::string& what) {
  if (text.empty()) return std::nullopt;
  const auto moment = x509::read_rfc3339(text);
  if (!moment) {
    throw Failure(exit_usage, fmt::format("{}: found \"{}\"; a moment is written like "
                                          "2026-11-24T23:26:28Z or 2026-11-24",
                                          what, text));
  }
  return moment;
}

std::chrono::milliseconds read_duration(const std::string& text, const std::string& what) {
  const auto time = fixtures::read_wait(text);
  if (!time || time->count() == 0) {
    throw Failure(
        exit_usage,
        fmt::format("{}: found \"{}\"; a time is written like 500ms, 30s, 10m or 2h", what, text));
  }
  return *time;
}

Lab open_lab(const LabOptions& options) {
  Lab lab{.catalogue = fixtures::Catalogue::built_in(),
          .seed = {},
          .moment = read_moment(options.at, "--at").value_or(now()),
          .lab_made = std::nullopt,
          .domain = options.domain};
  if (!options.scenarios.empty()) lab.catalogue.add_folder(options.scenarios);
  lab.seed = options.seed.empty() ? certgen::random_seed() : read_seed(options.seed, "--seed");
  if (options.lab.empty()) return lab;
  const fs::path folder = options.lab;
  std::error_code error;
  if (fs::exists(folder / "lab.txt", error)) {
    open_kept(lab, folder, options);
  } else {
    make_kept(lab, folder);
  }
  return lab;
}

std::vector<fixtures::Scenario> chosen(const Lab& lab, const LabOptions& options) {
  if (options.all) return lab.catalogue.scenarios();
  if (options.names.empty()) {
    throw Failure(exit_usage, "which scenario? Name some, or --all; `badmx list` shows them");
  }
  const std::set<std::string> wanted(options.names.begin(), options.names.end());
  std::vector<fixtures::Scenario> scenarios;
  for (const fixtures::Scenario& scenario : lab.catalogue.scenarios()) {
    if (wanted.contains(scenario.id)) scenarios.push_back(scenario);
  }
  std::set<std::string> taken;
  for (const std::string& name : options.names) {
    if (lab.catalogue.find(name) == nullptr && taken.insert(name).second) {
      scenarios.push_back(lab.catalogue.get(name));
    }
  }
  return scenarios;
}

std::vector<fixtures::Scenario> servable(const Lab& lab, const LabOptions& options) {
  std::vector<fixtures::Scenario> scenarios;
  for (fixtures::Scenario& scenario : chosen(lab, options)) {
    const std::string need = fixtures::unmet_need(scenario);
    if (need.empty()) {
      scenarios.push_back(std::move(scenario));
    } else {
      std::fprintf(stderr, "badmx: %s is skipped: %s\n", scenario.id.c_str(),
                   fixtures::lacking(need).c_str());
    }
  }
  if (scenarios.empty()) throw Failure(exit_unobserved, "no scenario is left");
  return scenarios;
}

certgen::NamingContext place_in(const Lab& lab, const fixtures::Scenario& scenario) {
  certgen::NamingContext place = fixtures::naming_context(scenario, lab.domain, lab.moment);
  place.lab_made = lab.lab_made;
  return place;
}

}  // namespace badmx::cli
