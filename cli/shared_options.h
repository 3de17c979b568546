// Options that several commands have.
#pragma once

#include "cli/options.h"

#include <string>

namespace CLI {
class App;
}

namespace badmx::cli {

// `name` writes to standard output, `name=FILE` to a file; `name FILE` would swallow a command's
// own arguments. `what` is what is written.
void add_destination(CLI::App& command, const std::string& name, Destination& into,
                     const std::string& what);
// CLI11 would take the word behind `--json` for its value: `--json=FILE` is an option of its own to
// it. One function gives its word for a user's, and throws
// Failure where no file is named; the other gives a user's word for its.
std::string destination_apart(const std::string& typed);
std::string destination_typed(const std::string& apart);

void add_output(CLI::App& command, OutputOptions& output);
// Reports that `check` alone writes.
void add_reports(CLI::App& command, OutputOptions& output);
void add_lab(CLI::App& command, LabOptions& lab);
void add_names(CLI::App& command, LabOptions& lab, const std::string& what);

}  // namespace badmx::cli
