// `badmx serve`: scenarios as real servers, until somebody ends it.
#include "cli/addresses.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/options.h"
#include "cli/temporary_folder.h"
#include "cli/terminal.h"
#include "cli/waiting.h"
#include "fixtures/ready_file_json.h"
#include "fixtures/scenario/build.h"
#include "server/smtp/record_json.h"
#include "server/smtp/server.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <fstream>
#include <limits>
#include <map>
#include <memory>
#include <sys/resource.h>

namespace badmx::cli {
namespace {

struct Served {
  std::vector<fixtures::Scenario> scenarios;
  std::vector<fixtures::BuiltScenario> built;
  std::vector<server::Listener> listeners;
};

void require_sharable(const Served& served) {
  std::string refused;
  for (std::size_t i = 0; i < served.scenarios.size(); ++i) {
    if (server::can_share_port(served.built[i].behaviour)) continue;
    refused += (refused.empty() ? "" : ", ") + served.scenarios[i].id;
  }
  if (!refused.empty()) {
    throw Failure(exit_usage, fmt::format("--by-sni: these deviate before the ClientHello, so that "
                                          "no name can choose them: {}. Give them ports or "
                                          "addresses of their own",
                                          refused));
  }
}

std::uint16_t port_of(const ServeOptions& options, std::size_t index) {
  if (options.base_port == 0) return static_cast<std::uint16_t>(options.port);
  const std::size_t port = static_cast<std::size_t>(options.base_port) + index;
  if (port > std::numeric_limits<std::uint16_t>::max()) {
    throw Failure(exit_usage, fmt::format("--base-port: {} leaves no port for scenario {}",
                                          options.base_port, index + 1));
  }
  return static_cast<std::uint16_t>(port);
}

void place_listeners(Served& served, const ServeOptions& options) {
  const Addresses addresses = read_addresses(options.listen, served.scenarios.size());
  if (options.port != 0 && !addresses.is_range && !options.by_sni && served.scenarios.size() > 1) {
    throw Failure(exit_usage,
                  "--port: several scenarios on one port need a range of addresses "
                  "(--listen 127.1.0.0/24) or --by-sni; or give --base-port");
  }
  if (options.by_sni && addresses.is_range) {
    throw Failure(exit_usage, "--by-sni puts all on one port; a range gives each its own address");
  }
  require_addresses(addresses, served.scenarios.size());
  if (options.by_sni) require_sharable(served);
  for (std::size_t i = 0; i < served.scenarios.size(); ++i) {
    server::Listener listener;
    listener.scenario = served.scenarios[i].id;
    listener.behaviour = served.built[i].behaviour;
    listener.addresses = addresses.each;
    if (addresses.is_range) listener.addresses = {addresses.each[i]};
    listener.port = port_of(options, i);
    if (options.by_sni) listener.sni = served.built[i].place.host;
    served.listeners.push_back(std::move(listener));
  }
  for (const std::string& address : addresses.each) {
    if (is_loopback(address)) continue;
    std::fprintf(stderr,
                 "badmx: %s can be reached from other machines: these are fake servers with "
                 "known faults, keep them in a lab\n",
                 address.c_str());
    break;
  }
}

Served make(const ServeOptions& options, const Lab& lab) {
  Served served;
  served.scenarios = servable(lab, options.lab);
  certgen::KeyStore keys(lab.seed);
  for (const fixtures::Scenario& scenario : served.scenarios) {
    served.built.push_back(fixtures::build(scenario, place_in(lab, scenario), keys));
  }
  place_listeners(served, options);
  return served;
}

std::vector<fixtures::ReadyEntry> ready_entries(const Served& served, const server::Server& server,
                                                const TemporaryFolder& folder) {
  std::vector<fixtures::ReadyEntry> entries;
  for (std::size_t i = 0; i < served.scenarios.size(); ++i) {
    const std::string trust =
        (folder.path() / fmt::format("{}-trust.pem", served.built[i].place.host)).string();
    write_to(trust, fixtures::trust_pem(served.built[i].pki));
    entries.push_back({.scenario = &served.scenarios[i],
                       .place = served.built[i].place,
                       .host = served.listeners[i].addresses.front(),
                       .port = server.port(i),
                       .trust_file = trust});
  }
  return entries;
}

// What to copy into another terminal.
std::string invitation(const fixtures::ReadyEntry& entry) {
  const fixtures::Scenario& scenario = *entry.scenario;
  const std::string name = fixtures::expand(scenario.check.name, entry.place);
  const std::string at = entry.host.find(':') == std::string::npos
                             ? fmt::format("{}:{}", entry.host, entry.port)
                             : fmt::format("[{}]:{}", entry.host, entry.port);
  const bool implicit = scenario.check.tls == smtp::TlsMode::implicit;
  return fmt::format(
      "{}  {}\n"
      "  openssl s_client -connect {}{} -showcerts \\\n"
      "    -servername {} \\\n"
      "    -verify_hostname {} \\\n"
      "    -CAfile {}\n"
      "  badmx check {}{} --name {} \\\n"
      "    --trust {}\n",
      at, scenario.id, at, implicit ? "" : " -starttls smtp", entry.place.host, name,
      entry.trust_file, at, implicit ? " --implicit-tls" : "", name, entry.trust_file);
}

std::string summary(const std::vector<server::ConnectionRecord>& records, std::string_view ended) {
  std::map<std::string, std::array<std::size_t, 3>> deliveries;
  for (const auto& record : records) {
    ++deliveries[record.scenario][static_cast<std::size_t>(record.delivered)];
  }
  std::string text =
      fmt::format("\n{}: {} connection{}\n", ended, records.size(), records.size() == 1 ? "" : "s");
  for (const auto& [scenario, counts] : deliveries) {
    text += fmt::format("  {}: {} delivered under TLS, {} in cleartext, {} without a message\n",
                        scenario, counts[static_cast<std::size_t>(server::Delivered::under_tls)],
                        counts[static_cast<std::size_t>(server::Delivered::in_clear)],
                        counts[static_cast<std::size_t>(server::Delivered::no)]);
  }
  return text;
}

// Where records go as they come: a file, standard output, or nowhere.
class Events {
 public:
  explicit Events(const std::string& destination) : destination_(destination) {
    if (destination.empty() || destination == "-") return;
    file_.open(destination, std::ios::app);
    if (!file_) throw Failure(exit_usage, fmt::format("{}: can't be written", destination));
  }
  void add(const server::ConnectionRecord& record) {
    if (destination_.empty()) return;
    const std::string line = server::record_json(record) + "\n";
    if (destination_ == "-") {
      print(line);
    } else {
      file_ << line << std::flush;
    }
  }

 private:
  std::string destination_;
  std::ofstream file_;
};

// Thousands of clients need as many descriptors; the soft limit is often 1024.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  ::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int run_serve(const ServeOptions& options) {
  raise_descriptor_limit();
  std::optional<std::chrono::milliseconds> lifetime;
  if (!options.lifetime.empty()) lifetime = read_duration(options.lifetime, "--for");
  EndWaiter waiter;
  const Lab lab = open_lab(options.lab);
  const Served served = make(options, lab);
  const TemporaryFolder folder;
  Events events(options.events);
  server::Options engine;
  engine.threads = options.threads;
  engine.on_record = [&events](const server::ConnectionRecord& record) { events.add(record); };
  const server::Server server(served.listeners, engine);
  const auto entries = ready_entries(served, server, folder);
  if (!options.ready_file.empty()) {
    write_to(options.ready_file, fixtures::ready_file_json(entries) + "\n");
  }
  if (options.events != "-") {
    for (const fixtures::ReadyEntry& entry : entries) print(invitation(entry));
    print(fmt::format("\nserving {} scenario{}; Ctrl-C ends it\n", entries.size(),
                      entries.size() == 1 ? "" : "s"));
  }
  const std::string_view ended = waiter.wait(
      lifetime, options.exit_with_stdin ? EndWaiter::Stdin::ends_it : EndWaiter::Stdin::ignored);
  if (options.events != "-") print(summary(server.records(), ended));
  return exit_fine;
}

}  // namespace badmx::cli
