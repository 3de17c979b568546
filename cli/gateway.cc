#include "cli/gateway.h"

#include "checker/paste/trust.h"
#include "cli/child.h"
#include "cli/choice.h"
#include "cli/failure.h"
#include "cli/gateway_trial.h"
#include "cli/options.h"
#include "cli/temporary_folder.h"
#include "cli/terminal.h"
#include "cli/waiting.h"
#include "fixtures/scenario/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <future>
#include <utility>

namespace badmx::cli {
namespace {

namespace fs = std::filesystem;

// The senders of the build folder that the program is in, or of its installation: it knows no other
// place, so that it can be installed anywhere.
fs::path gateways_folder(const GatewayOptions& options) {
  if (!options.gateways.empty()) return options.gateways;
  std::error_code error;
  const fs::path program_folder = fs::read_symlink("/proc/self/exe", error).parent_path();
  for (const std::string_view place : {"share/badmx/gateways", BADMX_GATEWAYS}) {
    fs::path folder = fs::canonical(program_folder / place, error);
    if (!error) return folder;
  }
  throw Failure(
      exit_failure,
      fmt::format("gateway: found no senders at {}; --gateways FOLDER says where they are",
                  (program_folder / BADMX_GATEWAYS).lexically_normal().string()));
}

std::vector<std::string> adapter_names(const fs::path& folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (const auto& entry : fs::directory_iterator(folder, error)) {
    if (fs::exists(entry.path() / "adapter", error)) names.push_back(entry.path().filename());
  }
  std::ranges::sort(names);
  return names;
}

std::vector<std::string> wanted_adapters(const GatewayOptions& options, const fs::path& folder) {
  const std::vector<std::string> all = adapter_names(folder);
  if (options.adapter == "all") {
    // A black box is somebody's own, and asked for by name.
    std::vector<std::string> ours = all;
    std::erase(ours, "external");
    return ours;
  }
  std::vector<std::string> wanted;
  std::string_view rest = options.adapter;
  while (true) {
    const std::size_t comma = rest.find(',');
    const std::string name(rest.substr(0, comma));
    if (std::ranges::find(all, name) == all.end()) {
      const std::vector<std::string_view> allowed(all.begin(), all.end());
      throw Failure(exit_usage, fmt::format("gateway: there is no adapter \"{}\" in {}{}", name,
                                            folder.string(), fixtures::suggestion(name, allowed)));
    }
    if (std::ranges::find(wanted, name) == wanted.end()) wanted.push_back(name);
    if (comma == std::string_view::npos) return wanted;
    rest.remove_prefix(comma + 1);
  }
}

AdapterDescription describe(const fs::path& folder, const std::string& adapter) {
  Child child({(folder / adapter / "adapter").string(), "describe"});
  child.end_input();
  std::string text;
  child.read_lines(std::chrono::seconds(30), [&text](const std::string& line) {
    text += line + "\n";
    return true;
  });
  auto description = read_description(text);
  if (!description) {
    throw Failure(exit_failure, fmt::format("{}: `adapter describe` doesn't answer as "
                                            "docs/gateways.md says",
                                            adapter));
  }
  description->name = adapter;
  return std::move(*description);
}

std::vector<GatewayMode> wanted_modes(const GatewayOptions& options,
                                      const AdapterDescription& adapter) {
  std::vector<GatewayMode> modes;
  std::vector<std::string_view> names;
  for (const GatewayMode& mode : adapter.modes) {
    names.push_back(mode.name);
    const bool by_policy = options.policy.empty() || checker::name(mode.policy) == options.policy ||
                           mode.is_open || !options.mode.empty();
    if (by_policy && (options.mode.empty() || mode.name == options.mode)) modes.push_back(mode);
  }
  if (modes.empty() && !options.mode.empty()) {
    throw Failure(exit_usage, fmt::format("--mode: {} has no \"{}\"{}", adapter.name, options.mode,
                                          fixtures::suggestion(options.mode, names)));
  }
  if (modes.empty() && options.adapter != "all") {
    throw Failure(exit_usage,
                  fmt::format("--policy: no mode of {} promises {}; --mode judges one by "
                              "it all the same: {}",
                              adapter.name, options.policy, fmt::join(names, ", ")));
  }
  // Demanded is one thing, how the sender is set another.
  for (GatewayMode& mode : modes) {
    if ((mode.is_open || !options.mode.empty()) && !options.policy.empty()) {
      mode.policy = *checker::policy_from(options.policy);
    }
  }
  return modes;
}

std::vector<ChangedCell> changes(const std::map<std::string, std::string>& before,
                                 const std::map<std::string, std::string>& now) {
  std::vector<ChangedCell> changed;
  for (const auto& [where, outcome] : now) {
    const auto old = before.find(where);
    if (old != before.end() && old->second != outcome) {
      changed.push_back({.where = where, .before = old->second, .now = outcome});
    }
  }
  return changed;
}

// Side by side is possible where each has servers at ports of its own.
std::launch way_to_run(const GatewayOptions& options) {
  const bool fixed = options.port != 0 || options.base_port != 0;
  return fixed ? std::launch::deferred : std::launch::async;
}

// Its modes are run side by side: most of the time is waiting for silent servers.
GatewayResult run_adapter(const fs::path& folder, const std::string& adapter, const Trial& trial,
                          const fs::path& scratch, const GatewayOptions& options,
                          const EndWaiter& signals) {
  GatewayResult result{.adapter = describe(folder, adapter)};
  if (!result.adapter.missing.empty()) return result;
  if (wants_progress()) std::fprintf(stderr, "\r\x1b[K%s", adapter.c_str());
  const auto run_one = options.in_turn ? run_in_turn : run_mode;
  std::vector<std::future<ModeResult>> runs;
  for (const GatewayMode& mode : wanted_modes(options, result.adapter)) {
    runs.push_back(std::async(way_to_run(options), [&, mode] {
      return run_one(folder / adapter / "adapter", mode, trial,
                     scratch / (adapter + "-" + mode.name), options, signals);
    }));
  }
  for (auto& run : runs) result.modes.push_back(run.get());
  return result;
}

// Those that were named are run side by side too, a few at once. "all" takes its time: nothing
// there shall depend on how busy the machine is.
std::vector<GatewayResult> run_adapters(const fs::path& folder,
                                        const std::vector<std::string>& adapters,
                                        const Trial& trial, const fs::path& scratch,
                                        const GatewayOptions& options, const EndWaiter& signals) {
  constexpr std::size_t most_at_once = 4;
  const std::size_t at_once = options.adapter == "all" ? 1 : most_at_once;
  std::vector<GatewayResult> results;
  for (std::size_t begin = 0; begin < adapters.size(); begin += at_once) {
    std::vector<std::future<GatewayResult>> runs;
    for (std::size_t i = begin; i < std::min(begin + at_once, adapters.size()); ++i) {
      runs.push_back(std::async(way_to_run(options), [&, i] {
        return run_adapter(folder, adapters[i], trial, scratch, options, signals);
      }));
    }
    for (auto& run : runs) results.push_back(run.get());
    if (signals.is_interrupted()) throw Failure(exit_failure, "gateway: interrupted");
  }
  return results;
}

// Only what has changed since, and whether anything has.
int compare(const GatewayOptions& options, const std::vector<GatewayResult>& results) {
  const auto before = read_outcomes(checker::load_text(options.baseline));
  if (!before) {
    throw Failure(exit_usage,
                  fmt::format("--baseline: {} isn't what --save writes", options.baseline));
  }
  const auto changed = changes(*before, outcomes_of(results));
  for (const ChangedCell& cell : changed) {
    print(fmt::format("{}: {} before, {} now\n", cell.where, cell.before, cell.now));
  }
  if (changed.empty()) print("nothing has changed\n");
  return changed.empty() ? exit_fine : exit_findings;
}

int gateway_exit_code(const std::vector<GatewayResult>& results, const GatewayOptions& options) {
  bool judged = false;
  bool wrong = false;
  for (const GatewayResult& result : results) {
    if (!result.adapter.missing.empty() && options.require) return exit_findings;
    for (const ModeResult& mode : result.modes) {
      wrong = wrong || !mode.failure.empty();
      for (const fixtures::GatewayCell& cell : mode.cells) {
        judged = judged || (cell.mark != fixtures::GatewayMark::skipped &&
                            cell.mark != fixtures::GatewayMark::unreached);
        wrong = wrong || fixtures::is_wrong(cell.mark);
      }
    }
  }
  if (!judged) return exit_unobserved;
  return wrong ? exit_findings : exit_fine;
}

std::vector<AdapterDescription> all_adapters(const std::string& folder) {
  GatewayOptions options;
  options.gateways = folder;
  const fs::path where = gateways_folder(options);
  std::vector<AdapterDescription> adapters;
  for (const std::string& name : adapter_names(where)) adapters.push_back(describe(where, name));
  return adapters;
}

}  // namespace

std::string gateways_json(const std::string& folder) {
  return descriptions_json(all_adapters(folder));
}

std::string gateways_list(const std::string& folder) {
  std::string text;
  for (const AdapterDescription& adapter : all_adapters(folder)) {
    text += fmt::format("{}  {}\n", adapter.name,
                        adapter.missing.empty() ? adapter.version : "(" + adapter.missing + ")");
    for (const GatewayMode& mode : adapter.modes) {
      text += fill(fmt::format("{} ({}): {}", mode.name, promise(mode), mode.summary), "    ");
    }
  }
  return text;
}

int run_gateway(const GatewayOptions& options) {
  std::signal(SIGPIPE, SIG_IGN);  // an adapter that has gone is told of, not died of
  chosen_policy(options.policy);
  if (options.adapter.empty()) {
    print(gateways_list(options.gateways));
    return exit_fine;
  }
  // Before the first thread; a run that is interrupted leaves nothing either.
  const EndWaiter signals;
  const fs::path folder = gateways_folder(options);
  const std::vector<std::string> adapters = wanted_adapters(options, folder);
  const TemporaryFolder scratch;
  const Trial trial = prepare(options, scratch.path());
  const std::vector<GatewayResult> results =
      run_adapters(folder, adapters, trial, scratch.path(), options, signals);
  if (wants_progress()) std::fprintf(stderr, "\r\x1b[K");
  if (!options.save.empty()) write_to(options.save, gateway_json(results));
  const OutputOptions& output = options.output;
  if (output.json) write_to(*output.json, gateway_json(results));
  if (output.junit) write_to(*output.junit, gateway_junit(results));
  if (!options.html.empty()) write_to(options.html, gateway_html(results));
  if (!options.markdown.empty()) write_to(options.markdown, gateway_markdown(results));
  if (!options.baseline.empty()) return compare(options, results);
  if (output.json != "-" && output.junit != "-" && options.html != "-") {
    print(gateway_text(results, colour_for(output.colour)));
  }
  return gateway_exit_code(results, options);
}

}  // namespace badmx::cli
