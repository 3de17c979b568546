// One run of one sender: the scenarios' servers, the adapter that delivers to them, and the cells
// that come of it.
#pragma once

#include "cli/gateway.h"
#include "cli/options.h"
#include "cli/waiting.h"
#include "fixtures/scenario/build.h"
#include "fixtures/scenario/scenario.h"

#include <filesystem>
#include <string>
#include <vector>

namespace badmx::cli {

// The scenarios, made once for all modes.
struct Trial {
  std::vector<fixtures::Scenario> scenarios{};
  std::vector<fixtures::BuiltScenario> built{};
  std::vector<std::string> trust{};  // a file each
  std::filesystem::path bundle{};
  std::string domain{};
  std::string run{};  // in the addresses, so that mail of an earlier run is known as such
  fixtures::BuiltScenario returns{};  // a healthy server for what a black box sends back
};

// Writes the trust files into the folder.
Trial prepare(const GatewayOptions& options, const std::filesystem::path& folder);

// All scenarios at once. `scratch` is the adapter's own; it is made here.
ModeResult run_mode(const std::filesystem::path& adapter, const GatewayMode& mode,
                    const Trial& trial, const std::filesystem::path& scratch,
                    const GatewayOptions& options, const EndWaiter& signals);

// One scenario after the other at the same place, each with the whole of the deadline.
ModeResult run_in_turn(const std::filesystem::path& adapter, const GatewayMode& mode,
                       const Trial& trial, const std::filesystem::path& scratch,
                       const GatewayOptions& options, const EndWaiter& signals);

}  // namespace badmx::cli
