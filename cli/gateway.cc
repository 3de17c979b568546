#include "cli/gateway.h"

#include "checker/trust.h"
#include "cli/addresses.h"
#include "cli/child.h"
#include "cli/failure.h"
#include "cli/gateway_watch.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/temporary_folder.h"
#include "cli/terminal.h"
#include "cli/waiting.h"
#include "fixtures/delivery_status.h"
#include "fixtures/realise.h"
#include "fixtures/suggest.h"
#include "server/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <functional>
#include <future>
#include <set>
#include <utility>

namespace badmx::cli {
namespace {

namespace fs = std::filesystem;

// The senders of the checkout, or of the installation that the program is in.
fs::path gateways_folder(const GatewayOptions& options) {
  if (!options.gateways.empty()) return options.gateways;
  std::error_code error;
  const fs::path program = fs::read_symlink("/proc/self/exe", error);
  fs::path installed = program.parent_path().parent_path() / "share/badmx/gateways";
  if (!error && fs::exists(installed, error)) return installed;
  return BADMX_GATEWAYS;
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
  if (std::ranges::find(all, options.adapter) == all.end()) {
    const std::vector<std::string_view> allowed(all.begin(), all.end());
    throw Failure(exit_usage,
                  fmt::format("gateway: there is no adapter \"{}\" in {}{}", options.adapter,
                              folder.string(), fixtures::suggestion(options.adapter, allowed)));
  }
  return {options.adapter};
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

// The scenarios, made once for all modes.
struct Trial {
  std::vector<fixtures::Scenario> scenarios{};
  std::vector<fixtures::Realised> realised{};
  std::vector<std::string> trust{};  // a file each
  fs::path bundle{};
  std::string domain{};
  std::string run{};  // in the addresses, so that mail of an earlier run is known as such
  fixtures::Realised returns{};  // a healthy server for what a black box sends back
};

std::string return_address(const Trial& trial) {
  return fmt::format("bounce-{}@{}.{}", trial.run, return_scenario, trial.domain);
}

std::string recipient(const Trial& trial, std::size_t scenario) {
  return fmt::format("check-{}@{}", trial.run, trial.realised[scenario].place.domain);
}

Trial prepare(const GatewayOptions& options, const fs::path& folder) {
  Trial trial;
  const Lab lab = open_lab(options.lab);
  LabOptions choice = options.lab;
  choice.all = choice.names.empty();
  trial.scenarios = chosen(lab, choice);
  trial.domain = lab.domain;
  trial.run = fmt::format("{:x}", std::chrono::system_clock::now().time_since_epoch().count());
  certgen::KeyStore keys(lab.seed);
  std::set<std::string> bundle;
  for (const fixtures::Scenario& scenario : trial.scenarios) {
    trial.realised.push_back(fixtures::realise(scenario, place_in(lab, scenario), keys));
    const std::string pem = fixtures::trust_pem(trial.realised.back().pki);
    trial.trust.push_back((folder / (scenario.id + "-trust.pem")).string());
    write_to(trial.trust.back(), pem);
    bundle.insert(pem);
  }
  fixtures::Scenario healthy = lab.catalogue.get("healthy");
  healthy.id = return_scenario;
  trial.returns = fixtures::realise(healthy, place_in(lab, healthy), keys);
  std::string all;
  for (const std::string& pem : bundle) all += pem;
  trial.bundle = folder / "trust.pem";
  write_to(trial.bundle.string(), all);
  return trial;
}

// One for each scenario, and the last for what comes back, where there is a place for it.
std::vector<server::Listener> listeners_of(const Trial& trial, const GatewayOptions& options) {
  const auto places =
      gateway_places({.listen = options.listen,
                      .port = options.port,
                      .base_port = options.base_port,
                      .turns = options.in_turn ? Turns::one_by_one : Turns::together},
                     trial.scenarios.size());
  std::vector<server::Listener> listeners;
  for (std::size_t i = 0; i < places.size(); ++i) {
    const bool returns = i == trial.scenarios.size();
    listeners.push_back(
        {.scenario = returns ? std::string(return_scenario) : trial.scenarios[i].id,
         .behaviour = returns ? trial.returns.behaviour : trial.realised[i].behaviour,
         .addresses = {places[i].address},
         .port = places[i].port});
  }
  return listeners;
}

// Of every certificate that the server may show as its own.
std::vector<std::string> key_digests(const server::Behaviour& behaviour) {
  std::vector<std::string> digests;
  for (const server::Conversation& conversation : behaviour.connections) {
    for (const server::ServerIdentity& each : conversation.identities) {
      const auto& chain = each.identity.chain;
      const auto own = chain.empty() ? std::nullopt : tls::read_certificate(chain.front());
      if (!own) continue;
      std::string digest = tls::hex(tls::sha256(own->key.spki));
      if (std::ranges::find(digests, digest) == digests.end()) digests.push_back(std::move(digest));
    }
  }
  return digests;
}

GatewayRequest request_for(const Trial& trial, const GatewayMode& mode,
                           const std::vector<server::Listener>& listeners,
                           const server::Server& server, const fs::path& scratch,
                           const GatewayOptions& options) {
  GatewayRequest request{.mode = mode,
                         .scratch = scratch,
                         .trust = trial.bundle,
                         .sender = return_address(trial),
                         .settings = options.settings,
                         .submit = options.submit,
                         .deadline = options.deadline};
  for (std::size_t i = 0; i < trial.scenarios.size(); ++i) {
    const fixtures::Scenario& scenario = trial.scenarios[i];
    const certgen::Place& place = trial.realised[i].place;
    request.endpoints.push_back({.scenario = scenario.id,
                                 .host = listeners[i].addresses.front(),
                                 .port = server.port(i),
                                 .tls = scenario.check.tls,
                                 .name = fixtures::filled_in(scenario.check.name, place),
                                 .recipient = recipient(trial, i),
                                 .trust = trial.trust[i],
                                 .keys = key_digests(trial.realised[i].behaviour)});
  }
  return request;
}

// What the adapter says, until its last line, the deadline, a signal, or until it has nothing to
// wait for.
std::map<std::string, fixtures::SenderSays> deliver(const fs::path& adapter,
                                                    const GatewayRequest& request,
                                                    const std::function<bool()>& is_over,
                                                    const EndWaiter& signals,
                                                    std::string& failure) {
  std::map<std::string, fixtures::SenderSays> says;
  Child child({adapter.string(), "run"});
  child.write(request_json(request));
  bool done = false;
  bool waits = false;
  const auto take = [&](const std::string& line) {
    auto answer = read_answer(line);
    if (!answer) return true;
    done = done || answer->done;
    waits = waits || answer->waits;
    if (!answer->scenario.empty()) says[answer->scenario] = std::move(answer->says);
    return !done;
  };
  // Its own deadline comes first; beyond it no more than its clean-up is waited for.
  const auto until = std::chrono::steady_clock::now() + std::chrono::seconds(request.deadline + 15);
  bool ended = false;
  while (!ended && std::chrono::steady_clock::now() < until && !signals.is_interrupted()) {
    ended = child.read_lines(std::chrono::milliseconds(500), take);
    if (waits && is_over()) done = ended = true;
  }
  child.end_input();
  if (signals.is_interrupted()) {
    failure = "interrupted";
  } else if (!ended) {
    failure = "the adapter didn't come to an end by the deadline";
  } else if (!done) {
    failure = fmt::format("the adapter ended early, with {}", child.wait(std::chrono::seconds(10)));
  }
  return says;
}

// A black box' own word is what it sends back: a bounce names the recipient that it is about.
void take_bounces(const std::vector<server::Message>& messages, const Trial& trial,
                  std::map<std::string, fixtures::SenderSays>& says) {
  for (const server::Message& message : messages) {
    if (message.scenario != return_scenario) continue;
    for (std::size_t i = 0; i < trial.scenarios.size(); ++i) {
      if (message.text.find(recipient(trial, i)) == std::string::npos) continue;
      says[trial.scenarios[i].id] = fixtures::read_delivery_status(message.text);
    }
  }
}

ModeResult run_mode(const fs::path& adapter, const GatewayMode& mode, const Trial& trial,
                    const fs::path& scratch, const GatewayOptions& options,
                    const EndWaiter& signals) {
  const auto begin = std::chrono::steady_clock::now();
  ModeResult result{.mode = mode};
  std::map<std::string, std::vector<server::ConnectionRecord>> records;
  std::map<std::string, fixtures::SenderSays> says;
  {
    server::Options engine;
    engine.threads = 2;
    engine.on_record = [&records](const server::ConnectionRecord& record) {
      records[record.scenario].push_back(record);
    };
    const std::vector<server::Listener> listeners = listeners_of(trial, options);
    const server::Server server(listeners, engine);
    fs::create_directories(scratch);
    std::vector<std::string> ids;
    for (const fixtures::Scenario& scenario : trial.scenarios) ids.push_back(scenario.id);
    // Shorter where the next one waits for its turn.
    const std::chrono::seconds quiet{options.in_turn ? 2 : 5};
    LiveTable table(ids, begin + std::chrono::seconds(options.deadline));
    // A black box says nothing: it is over when each scenario was reached and nothing comes any
    // more.
    const auto is_over = [&] {
      const auto records_so_far = server.records();
      table.show(records_so_far);
      return has_settled(records_so_far, ids, quiet);
    };
    says = deliver(adapter, request_for(trial, mode, listeners, server, scratch, options), is_over,
                   signals, result.failure);
    take_bounces(server.messages(), trial, says);
  }  // the server has stopped: every connection has its record
  for (const fixtures::Scenario& scenario : trial.scenarios) {
    result.cells.push_back(fixtures::judge(scenario, mode.policy, std::move(records[scenario.id]),
                                           std::move(says[scenario.id])));
  }
  result.seconds = std::chrono::duration<double>(std::chrono::steady_clock::now() - begin).count();
  return result;
}

// The trial of that scenario alone.
Trial only(const Trial& trial, std::size_t scenario) {
  Trial one = trial;
  one.scenarios = {trial.scenarios[scenario]};
  one.realised = {trial.realised[scenario]};
  one.trust = {trial.trust[scenario]};
  return one;
}

// One scenario after the other at the same place, each with the whole of the deadline.
ModeResult run_in_turn(const fs::path& adapter, const GatewayMode& mode, const Trial& trial,
                       const fs::path& scratch, const GatewayOptions& options,
                       const EndWaiter& signals) {
  ModeResult all{.mode = mode};
  for (std::size_t i = 0; i < trial.scenarios.size() && !signals.is_interrupted(); ++i) {
    const std::string& id = trial.scenarios[i].id;
    if (wants_progress()) {
      std::fprintf(stderr, "\r\x1b[K%zu of %zu: %s", i + 1, trial.scenarios.size(), id.c_str());
    }
    ModeResult turn = run_mode(adapter, mode, only(trial, i), scratch / id, options, signals);
    all.cells.push_back(std::move(turn.cells.front()));
    if (!turn.failure.empty()) {
      all.failure += fmt::format("{}{}: {}", all.failure.empty() ? "" : "; ", id, turn.failure);
    }
    all.seconds += turn.seconds;
  }
  return all;
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

int exit_code(const std::vector<GatewayResult>& results, const GatewayOptions& options) {
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
  if (!options.policy.empty() && !checker::policy_from(options.policy)) {
    std::vector<std::string_view> names;
    for (const checker::Policy policy : checker::all_policies)
      names.push_back(checker::name(policy));
    throw Failure(exit_usage, fmt::format("--policy: found \"{}\"{}", options.policy,
                                          fixtures::suggestion(options.policy, names)));
  }
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
  std::vector<GatewayResult> results;
  for (const std::string& adapter : adapters) {
    GatewayResult result{.adapter = describe(folder, adapter)};
    if (result.adapter.missing.empty()) {
      if (wants_progress()) std::fprintf(stderr, "\r\x1b[K%s", adapter.c_str());
      // Side by side, each with servers of its own: most of the time is waiting for silent ones. At
      // ports that are said one after the other.
      const bool fixed = options.port != 0 || options.base_port != 0;
      const auto run_one = options.in_turn ? run_in_turn : run_mode;
      const auto when = fixed ? std::launch::deferred : std::launch::async;
      std::vector<std::future<ModeResult>> runs;
      for (const GatewayMode& mode : wanted_modes(options, result.adapter)) {
        runs.push_back(std::async(when, [&, mode] {
          return run_one(folder / adapter / "adapter", mode, trial,
                         scratch.path() / (adapter + "-" + mode.name), options, signals);
        }));
      }
      for (auto& run : runs) result.modes.push_back(run.get());
    }
    if (signals.is_interrupted()) throw Failure(exit_failure, "gateway: interrupted");
    results.push_back(std::move(result));
  }
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
  return exit_code(results, options);
}

}  // namespace badmx::cli
