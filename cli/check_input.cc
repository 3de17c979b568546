#include "cli/check_input.h"

#include "checker/diagnose/server_software.h"
#include "checker/observation_json.h"
#include "checker/paste/input_kind.h"
#include "checker/paste/pem_reader.h"
#include "checker/paste/transcript_reader.h"
#include "checker/paste/trust.h"
#include "checker/probe/probe.h"
#include "cli/choice.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/probes.h"
#include "cli/terminal.h"
#include "fixtures/scenario/suggest.h"
#include "x509/ascii.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <cstdio>
#include <filesystem>
#include <map>
#include <stdexcept>
#include <thread>

namespace badmx::cli {
namespace {

constexpr std::array<std::string_view, 5> kinds{"host", "transcript", "pem", "observation",
                                                "hosts"};

struct Host {
  checker::HostPort at;
  bool from_list = false;
  checker::Resolution resolution{};
};

checker::Purpose purpose_from(const std::string& word) {
  constexpr std::array<std::string_view, 3> words{"server", "client", "any"};
  constexpr std::array meanings{checker::Purpose::server, checker::Purpose::client,
                                checker::Purpose::any};
  return meanings.at(chosen_place("--purpose", word, words));
}

checker::Profile profile_from(const std::string& word) {
  constexpr std::array<std::string_view, 3> words{"current", "rfc5280", "webpki"};
  constexpr std::array meanings{checker::Profile::current, checker::Profile::rfc5280,
                                checker::Profile::webpki};
  return meanings.at(chosen_place("--profile", word, words));
}

// Empty: as the greeting says.
std::string product_from(const std::string& word) {
  if (word.empty()) return word;
  const auto products = checker::server_products();
  const auto found = std::ranges::find_if(products, [&word](std::string_view product) {
    return x509::equal_ignoring_case(product, word);
  });
  if (found != products.end()) return std::string(*found);
  throw Failure(exit_usage, fmt::format("--server-software: found \"{}\"{}", word,
                                        fixtures::suggestion(word, products)));
}

// A file that the user names and that can't be taken is the user's to mend.
template <typename Load>
auto loaded_or_refused(Load load) {
  try {
    return load();
  } catch (const std::runtime_error& error) {
    throw Failure(exit_usage, error.what());
  }
}

struct TrustOptions {
  std::vector<std::string> plain{};                          // FILE, DIR, system
  std::vector<std::pair<std::string, std::string>> named{};  // NAME=FILE
};

// "=" in a path is behind a "/"; a name has none.
TrustOptions read_trust(const CheckOptions& options) {
  TrustOptions trust;
  for (const std::string& word : options.trust) {
    const std::size_t equals = word.find('=');
    if (equals == std::string::npos || equals == 0 || word.find('/') < equals) {
      trust.plain.push_back(word);
    } else {
      trust.named.emplace_back(word.substr(0, equals), word.substr(equals + 1));
    }
  }
  return trust;
}

std::vector<NamedTrust> named_stores(const CheckOptions& options) {
  std::vector<NamedTrust> stores;
  const TrustOptions trust = read_trust(options);
  for (const auto& named : trust.named) {
    auto loaded = loaded_or_refused([&named] { return checker::load_trust({named.second}); });
    stores.push_back({.name = named.first, .anchors = std::move(loaded.anchors)});
  }
  return stores;
}

// What holds for all inputs; names and moment are the input's own where the user says none.
checker::Criteria common_criteria(const CheckOptions& options) {
  checker::Criteria criteria;
  const TrustOptions said = read_trust(options);
  std::vector<std::string> trust = said.plain;
  if (trust.empty()) trust.emplace_back(said.named.empty() ? "system" : said.named.front().second);
  auto loaded = loaded_or_refused([&trust] { return checker::load_trust(trust); });
  criteria.trust = std::move(loaded.anchors);
  criteria.trust_description = std::move(loaded.description);
  for (const std::string& file : options.intermediates) {
    for (auto& each : loaded_or_refused([&file] { return checker::load_certificates(file); })) {
      criteria.intermediates.push_back(each);
    }
  }
  for (const std::string& file : options.crls) {
    for (auto& each : loaded_or_refused([&file] { return checker::load_crls(file); })) {
      criteria.crls.push_back(each);
    }
  }
  criteria.mail_domain = options.domain;
  criteria.server_software = product_from(options.server_software);
  criteria.purpose = purpose_from(options.purpose);
  criteria.profile = profile_from(options.profile);
  if (options.depth >= 0) criteria.depth = static_cast<std::size_t>(options.depth);
  return criteria;
}

std::vector<checker::Observation> read_as(checker::InputKind kind, const std::string& content,
                                          const std::string& origin) {
  std::vector<checker::Observation> observations;
  const auto take = [&observations](std::optional<checker::Observation> one) {
    if (one) observations.push_back(std::move(*one));
  };
  if (kind == checker::InputKind::transcript) {
    observations = checker::read_transcripts(content, origin);
  } else if (kind == checker::InputKind::certificates) {
    take(checker::read_pem(content, origin));
  } else if (kind == checker::InputKind::observation) {
    take(checker::read_observation(content));
  }
  if (!observations.empty()) return observations;
  throw Failure(exit_unobserved,
                fmt::format("{}: could not recognise this input; expected the output of `openssl "
                            "s_client -connect HOST:25 -starttls smtp -showcerts`, PEM "
                            "certificates, a saved observation or a list of hosts",
                            origin));
}

checker::InputKind kind_of(const CheckOptions& options, const std::string& content) {
  if (options.as == "transcript") return checker::InputKind::transcript;
  if (options.as == "pem") return checker::InputKind::certificates;
  if (options.as == "observation") return checker::InputKind::observation;
  if (options.as == "hosts") return checker::InputKind::hosts;
  return checker::recognise(content);
}

bool is_file(const std::string& input) {
  std::error_code error;
  return input == "-" || std::filesystem::exists(input, error);
}

Case case_of(checker::Observation observation, const CheckOptions& options) {
  const auto at = read_moment(options.at, "--at");
  Case one{.observation = std::move(observation), .names = options.names};
  const checker::Observation& seen = one.observation;
  if (seen.source == checker::Source::live) {
    one.moment = at.value_or(seen.moment);
    if (one.names.empty()) one.names = {seen.target.host};
  } else {
    one.moment = at.value_or(seen.pasted.start_time.value_or(now()));
    const std::string& name = seen.pasted.name.empty() ? seen.pasted.host : seen.pasted.name;
    if (one.names.empty() && !name.empty()) one.names = {name};
  }
  if (options.no_names) one.names.clear();
  return one;
}

bool is_numeric(const std::string& host, const checker::Resolution& resolution) {
  return resolution.addresses.size() == 1 && resolution.addresses.front() == host;
}

// Its address is empty where the host has none.
checker::Target target_for(const Host& host, const CheckOptions& options) {
  checker::Target target;
  target.host = host.at.host;
  const auto& addresses = host.resolution.addresses;
  if (!addresses.empty()) {
    target.address = addresses.front();
    target.further_addresses.assign(addresses.begin() + 1, addresses.end());
  }
  target.port = host.at.port.value_or(options.implicit_tls ? 465 : 25);
  const bool implicit = options.implicit_tls || target.port == 465;
  target.tls = implicit ? smtp::TlsMode::implicit : smtp::TlsMode::starttls;
  target.sni = options.sni;
  if (target.sni.empty() && !options.names.empty()) target.sni = options.names.front();
  if (target.sni.empty() && !is_numeric(target.host, host.resolution)) target.sni = target.host;
  if (options.no_sni) target.sni.clear();
  target.probes = probes_from(options);
  target.limits.point = read_duration(options.timeout, "--timeout");
  target.limits.total = std::max(target.limits.total, 3 * target.limits.point);
  return target;
}

// A host without an address was not reached, like one that refuses.
checker::Observation unresolved(const Host& host, const checker::Target& target) {
  checker::Observation observation;
  observation.origin = host.at.host;
  observation.target = target;
  observation.moment = now();
  checker::Attempt attempt;
  attempt.stop = checker::Stop::unreachable;
  attempt.error = host.resolution.error;
  observation.attempts.push_back(std::move(attempt));
  return observation;
}

// Looked up side by side: most of it is waiting.
void resolve_hosts(std::vector<Host>& hosts) {
  std::map<std::string, checker::Resolution> resolutions;
  std::vector<std::string> names;
  for (const Host& host : hosts) {
    const bool is_new =
        host.resolution.addresses.empty() && resolutions.try_emplace(host.at.host).second;
    if (is_new) names.push_back(host.at.host);
  }
  std::atomic<std::size_t> next{0};
  const auto look_up = [&] {
    for (std::size_t i = next++; i < names.size(); i = next++) {
      resolutions.at(names[i]) = checker::resolve(names[i]);
    }
  };
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < std::min<std::size_t>(names.size(), 32); ++i) {
      others.emplace_back(look_up);
    }
    look_up();
  }
  for (Host& host : hosts) {
    if (host.resolution.addresses.empty()) host.resolution = resolutions.at(host.at.host);
  }
}

int probing_threads(std::size_t targets) {
  return targets < 8 ? 1
                     : static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 8U));
}

// Calls `take` with each host's place and what was seen of it, as it is done.
void look_at(std::vector<Host>& hosts, const CheckOptions& options,
             const std::function<void(std::size_t, checker::Observation)>& take) {
  resolve_hosts(hosts);
  std::vector<checker::Target> targets;
  std::vector<std::size_t> places;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    checker::Target target = target_for(hosts[i], options);
    if (target.address.empty()) {
      take(i, unresolved(hosts[i], target));
      continue;
    }
    targets.push_back(std::move(target));
    places.push_back(i);
  }
  checker::observe_each(
      targets, static_cast<std::size_t>(options.at_once), probing_threads(targets.size()),
      [&](std::size_t index, checker::Observation seen) { take(places[index], std::move(seen)); });
}

std::vector<checker::Observation> observe_hosts(std::vector<Host>& hosts,
                                                const CheckOptions& options) {
  std::vector<checker::Observation> observations(hosts.size());
  std::atomic<std::size_t> done{0};
  const bool progress = wants_progress() && hosts.size() > 1;
  look_at(hosts, options, [&](std::size_t place, checker::Observation seen) {
    observations[place] = std::move(seen);
    if (progress) std::fprintf(stderr, "\r%zu of %zu", ++done, hosts.size());
  });
  if (progress) std::fprintf(stderr, "\r\x1b[K");
  return observations;
}

// One for each address that is to be a case of its own; an empty one is looked up later.
std::vector<checker::Resolution> dialled_apart(const std::string& host,
                                               const CheckOptions& options) {
  std::vector<checker::Resolution> apart;
  if (options.all_addresses) {
    for (std::string& address : checker::resolve(host).addresses) {
      apart.push_back({.addresses = {std::move(address)}});
    }
  }
  if (apart.empty()) apart.emplace_back();
  return apart;
}

}  // namespace

checker::Criteria criteria_for_all(const CheckOptions& options) { return common_criteria(options); }

void stream_cases(const CheckOptions& options, const std::vector<checker::HostPort>& list,
                  const std::function<void(std::size_t, Case)>& take) {
  std::vector<Host> hosts;
  for (const checker::HostPort& at : list) hosts.push_back({.at = at, .from_list = true});
  look_at(hosts, options, [&](std::size_t place, checker::Observation seen) {
    take(place, case_of(std::move(seen), options));
  });
}

Cases read_cases(const CheckOptions& options) {
  if (!options.as.empty()) chosen_place("--as", options.as, kinds);
  Cases cases{.common = common_criteria(options), .stores = named_stores(options), .each = {}};
  std::vector<Host> hosts;
  std::vector<std::size_t> host_cases;
  const auto add_host = [&](const checker::HostPort& at, bool from_list) {
    for (checker::Resolution& resolution : dialled_apart(at.host, options)) {
      host_cases.push_back(cases.each.size());
      cases.each.emplace_back();
      hosts.push_back({.at = at, .from_list = from_list, .resolution = std::move(resolution)});
    }
  };
  for (const std::string& input : options.inputs) {
    if (options.as == "host" || !is_file(input)) {
      if (input.find('/') != std::string::npos) {
        throw Failure(exit_usage, fmt::format("{}: there is no such file", input));
      }
      add_host(checker::parse_host_port(input), false);
      continue;
    }
    const std::string content = checker::load_text(input);
    const std::string origin = input == "-" ? "standard input" : input;
    const checker::InputKind kind = kind_of(options, content);
    if (kind == checker::InputKind::hosts) {
      for (const auto& at : checker::read_host_list(content)) add_host(at, true);
    } else {
      for (checker::Observation& seen : read_as(kind, content, origin)) {
        cases.each.push_back(case_of(std::move(seen), options));
      }
    }
  }
  auto observations = observe_hosts(hosts, options);
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    Case& one = cases.each[host_cases[i]];
    one = case_of(std::move(observations[i]), options);
    one.from_list = hosts[i].from_list;
  }
  return cases;
}

}  // namespace badmx::cli
