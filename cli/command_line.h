// From the words of the command line to the command that they name.
#pragma once

namespace badmx::cli {

// Parses the words, runs the command, and gives its exit code. Throws Failure for a command line
// that is none, and whatever the command throws.
int run_command_line(int argc, char** argv);

}  // namespace badmx::cli
