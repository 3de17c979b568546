// Every exception ends here.
#include "cli/command_line.h"
#include "cli/failure.h"
#include "cli/options.h"
#include "fixtures/scenario/scenario_error.h"

#include <csignal>
#include <cstdio>
#include <exception>

int main(int argc, char** argv) {
  // A reader that has gone is an error of write(), not the end: temporary files still go.
  std::signal(SIGPIPE, SIG_IGN);
  try {
    return badmx::cli::run_command_line(argc, argv);
  } catch (const badmx::cli::Failure& failure) {
    if (*failure.what() != '\0') std::fprintf(stderr, "badmx: %s\n", failure.what());
    return failure.exit_code;
  } catch (const badmx::fixtures::ScenarioError& error) {
    std::fprintf(stderr, "%s\n", error.what());
    return badmx::cli::exit_usage;
  } catch (const std::exception& error) {
    std::fprintf(stderr, "badmx: %s\n", error.what());
    return badmx::cli::exit_failure;
  }
}
