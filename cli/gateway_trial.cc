#include "cli/gateway_trial.h"

#include "cli/addresses.h"
#include "cli/child.h"
#include "cli/gateway_watch.h"
#include "cli/lab.h"
#include "cli/terminal.h"
#include "fixtures/gateway/delivery_status.h"
#include "server/smtp/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <chrono>
#include <cstdio>
#include <functional>
#include <map>
#include <set>
#include <utility>

namespace badmx::cli {
namespace {

namespace fs = std::filesystem;

std::string return_address(const Trial& trial) {
  return fmt::format("bounce-{}@{}.{}", trial.run, return_scenario, trial.domain);
}

std::string recipient(const Trial& trial, std::size_t scenario) {
  return fmt::format("check-{}@{}", trial.run, trial.built[scenario].place.domain);
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
    listeners.push_back({.scenario = returns ? std::string(return_scenario) : trial.scenarios[i].id,
                         .behaviour = returns ? trial.returns.behaviour : trial.built[i].behaviour,
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
      const auto own = chain.empty() ? std::nullopt : x509::read_certificate(chain.front());
      if (!own) continue;
      std::string digest = x509::hex(x509::sha256(own->key.spki));
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
    const certgen::NamingContext& place = trial.built[i].place;
    request.endpoints.push_back({.scenario = scenario.id,
                                 .host = listeners[i].addresses.front(),
                                 .port = server.port(i),
                                 .tls = scenario.check.tls,
                                 .name = fixtures::expand(scenario.check.name, place),
                                 .recipient = recipient(trial, i),
                                 .trust = trial.trust[i],
                                 .keys = key_digests(trial.built[i].behaviour)});
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

// The trial of that scenario alone.
Trial only(const Trial& trial, std::size_t scenario) {
  Trial one = trial;
  one.scenarios = {trial.scenarios[scenario]};
  one.built = {trial.built[scenario]};
  one.trust = {trial.trust[scenario]};
  return one;
}

}  // namespace

Trial prepare(const GatewayOptions& options, const fs::path& folder) {
  Trial trial;
  const Lab lab = open_lab(options.lab);
  LabOptions choice = options.lab;
  choice.all = choice.names.empty();
  trial.scenarios = servable(lab, choice);
  trial.domain = lab.domain;
  trial.run = fmt::format("{:x}", std::chrono::system_clock::now().time_since_epoch().count());
  certgen::KeyStore keys(lab.seed);
  std::set<std::string> bundle;
  for (const fixtures::Scenario& scenario : trial.scenarios) {
    trial.built.push_back(fixtures::build(scenario, place_in(lab, scenario), keys));
    const std::string pem = fixtures::trust_pem(trial.built.back().pki);
    trial.trust.push_back((folder / (scenario.id + "-trust.pem")).string());
    write_to(trial.trust.back(), pem);
    bundle.insert(pem);
  }
  fixtures::Scenario healthy = lab.catalogue.get("healthy");
  healthy.id = return_scenario;
  trial.returns = fixtures::build(healthy, place_in(lab, healthy), keys);
  std::string all;
  for (const std::string& pem : bundle) all += pem;
  trial.bundle = folder / "trust.pem";
  write_to(trial.bundle.string(), all);
  return trial;
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

}  // namespace badmx::cli
