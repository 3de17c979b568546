#include "cli/shared_options.h"

#include "cli/choice.h"
#include "cli/failure.h"

#include <CLI/CLI.hpp>

#include <array>
#include <cstdint>
#include <string_view>

namespace badmx::cli {
namespace {

constexpr std::array<std::string_view, 4> destinations{"--json", "--junit", "--html", "--tlsrpt"};
constexpr std::string_view file_suffix = "-file";

// `word` with `from` behind a destination's name replaced by `to`.
std::string with_suffix(const std::string& word, std::string_view from, std::string_view to) {
  for (const std::string_view name : destinations) {
    const std::size_t behind = name.size() + from.size();
    if (word.starts_with(name) && word.substr(name.size()).starts_with(from) &&
        word.substr(behind).starts_with('=')) {
      return std::string(name) + std::string(to) + word.substr(behind);
    }
  }
  return word;
}

When when_from(const std::string& word) {
  constexpr std::array<std::string_view, 3> words{"auto", "always", "never"};
  constexpr std::array meanings{When::automatic, When::always, When::never};
  return meanings.at(chosen_place("--color", word, words));
}

}  // namespace

void add_destination(CLI::App& command, const std::string& name, Destination& into,
                     const std::string& what) {
  command
      .add_flag_function(
          name,
          [&into](std::int64_t) {
            if (!into) into = "-";
          },
          what + " to standard output; " + name + "=FILE writes a file and keeps the text")
      ->multi_option_policy(CLI::MultiOptionPolicy::TakeLast);
  command.add_option(name + std::string(file_suffix), into)->group("");
}

std::string destination_apart(const std::string& typed) {
  std::string apart = with_suffix(typed, "", file_suffix);
  if (apart != typed && apart.ends_with('=')) {
    throw Failure(exit_usage, typed + ": a file's name is missing behind it");
  }
  return apart;
}

std::string destination_typed(const std::string& apart) {
  return with_suffix(apart, file_suffix, "");
}

void add_output(CLI::App& command, OutputOptions& output) {
  add_destination(command, "--json", output.json, "JSON");
  add_destination(command, "--junit", output.junit, "JUnit XML");
  command
      .add_option_function<std::string>(
          "--color,--colour",
          [&output](const std::string& word) { output.colour = when_from(word); },
          "auto, always or never")
      ->option_text("WHEN");
}

void add_reports(CLI::App& command, OutputOptions& output) {
  add_destination(command, "--html", output.html, "A page");
  add_destination(command, "--tlsrpt", output.tlsrpt, "An RFC 8460 report");
}

void add_lab(CLI::App& command, LabOptions& lab) {
  command.add_option("--scenarios", lab.scenarios, "A folder with further scenario files")
      ->option_text("DIR");
  command.add_option("--seed", lab.seed, "64 hexadecimal digits: same seed and time, same bytes")
      ->option_text("HEX");
  command
      .add_option("--lab", lab.lab,
                  "A folder that keeps the seed and the lab's root (made at first use)")
      ->option_text("DIR");
  command.add_option("--domain", lab.domain, "The lab's domain (badmx.test)")->option_text("NAME");
  command.add_option("--at", lab.at, "The moment certificates are made for, RFC 3339 (now)")
      ->option_text("TIME");
}

void add_names(CLI::App& command, LabOptions& lab, const std::string& what) {
  command.add_option("NAME", lab.names, what)->option_text("...");
}

}  // namespace badmx::cli
