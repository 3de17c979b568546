#include "cli/check_input.h"

#include "checker/input.h"
#include "checker/observation_json.h"
#include "checker/pem_reader.h"
#include "checker/probe.h"
#include "checker/transcript_reader.h"
#include "checker/trust.h"
#include "cli/failure.h"
#include "cli/lab.h"
#include "cli/looks.h"
#include "cli/terminal.h"
#include "fixtures/suggest.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <filesystem>
#include <map>
#include <thread>

namespace badmx::cli {
namespace {

constexpr std::array<std::string_view, 5> kinds{"host", "transcript", "pem", "observation",
                                                "hosts"};
constexpr std::array<std::string_view, 3> purposes{"server", "client", "any"};

struct Host {
  checker::HostPort at;
  bool from_list = false;
  checker::Resolution resolution{};
};

void require_one_of(const std::string& word, std::span<const std::string_view> allowed,
                    std::string_view option) {
  if (std::ranges::find(allowed, word) != allowed.end()) return;
  throw Failure(exit_usage, fmt::format("{}: found \"{}\"{}", option, word,
                                        fixtures::suggestion(word, allowed)));
}

checker::Purpose purpose_from(const std::string& word) {
  require_one_of(word, purposes, "--purpose");
  if (word == "client") return checker::Purpose::client;
  return word == "any" ? checker::Purpose::any : checker::Purpose::server;
}

checker::Profile profile_from(const std::string& word) {
  constexpr std::array<std::string_view, 3> profiles{"current", "rfc5280", "webpki"};
  require_one_of(word, profiles, "--profile");
  if (word == "rfc5280") return checker::Profile::rfc5280;
  return word == "webpki" ? checker::Profile::webpki : checker::Profile::current;
}

// What holds for all inputs; names and moment are the input's own where the user says none.
checker::Question common_question(const CheckOptions& options) {
  checker::Question question;
  std::vector<std::string> trust = options.trust;
  if (trust.empty()) trust.emplace_back("system");
  auto loaded = checker::load_trust(trust);
  question.trust = std::move(loaded.anchors);
  question.trust_description = std::move(loaded.description);
  for (const std::string& file : options.intermediates) {
    for (auto& each : checker::load_certificates(file)) question.intermediates.push_back(each);
  }
  for (const std::string& file : options.crls) {
    for (auto& each : checker::load_crls(file)) question.crls.push_back(each);
  }
  question.mail_domain = options.domain;
  question.purpose = purpose_from(options.purpose);
  question.profile = profile_from(options.profile);
  if (options.depth >= 0) question.depth = static_cast<std::size_t>(options.depth);
  return question;
}

checker::Observation read_as(checker::InputKind kind, const std::string& content,
                             const std::string& origin) {
  std::optional<checker::Observation> observation;
  if (kind == checker::InputKind::transcript) {
    observation = checker::read_transcript(content, origin);
  } else if (kind == checker::InputKind::certificates) {
    observation = checker::read_pem(content, origin);
  } else if (kind == checker::InputKind::observation) {
    observation = checker::read_observation(content);
  }
  if (observation) return std::move(*observation);
  throw Failure(exit_unobserved,
                fmt::format("{}: nothing in it can be judged; wanted is the output of `openssl "
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

checker::Target target_for(const Host& host, std::size_t address, const CheckOptions& options) {
  checker::Target target;
  target.host = host.at.host;
  target.address = address < host.resolution.addresses.size() ? host.resolution.addresses[address]
                                                              : std::string();
  target.port = host.at.port.value_or(options.implicit_tls ? 465 : 25);
  const bool implicit = options.implicit_tls || target.port == 465;
  target.tls = implicit ? smtp::TlsMode::implicit : smtp::TlsMode::starttls;
  target.sni = options.sni;
  if (target.sni.empty() && !options.names.empty()) target.sni = options.names.front();
  if (target.sni.empty() && !is_numeric(target.host, host.resolution)) target.sni = target.host;
  if (options.no_sni) target.sni.clear();
  target.looks = looks_from(options);
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

bool was_unreachable(const checker::Observation& observation) {
  return !observation.attempts.empty() &&
         observation.attempts.front().stop == checker::Stop::unreachable;
}

// As a sender does: a host's next address when the one before can't be reached.
std::vector<checker::Observation> observe_hosts(std::vector<Host>& hosts,
                                                const CheckOptions& options) {
  std::map<std::string, checker::Resolution> resolutions;
  for (Host& host : hosts) {
    if (!host.resolution.addresses.empty()) continue;
    const auto known = resolutions.find(host.at.host);
    if (known == resolutions.end()) {
      host.resolution = resolutions[host.at.host] = checker::resolve(host.at.host);
    } else {
      host.resolution = known->second;
    }
  }
  std::vector<checker::Observation> observations(hosts.size());
  std::vector<std::size_t> next(hosts.size(), 0);
  std::vector<std::size_t> open;
  for (std::size_t i = 0; i < hosts.size(); ++i) {
    observations[i] = unresolved(hosts[i], target_for(hosts[i], 0, options));
    open.push_back(i);
  }
  const int threads =
      hosts.size() < 8 ? 1
                       : static_cast<int>(std::clamp(std::thread::hardware_concurrency(), 1U, 8U));
  while (true) {
    std::erase_if(open, [&](std::size_t i) {
      return next[i] >= hosts[i].resolution.addresses.size() ||
             (next[i] > 0 && !was_unreachable(observations[i]));
    });
    if (open.empty()) break;
    std::vector<checker::Target> targets;
    for (const std::size_t i : open) targets.push_back(target_for(hosts[i], next[i]++, options));
    std::size_t done = 0;
    const bool progress = wants_progress() && targets.size() > 1;
    auto seen = checker::observe_all(
        targets, static_cast<std::size_t>(options.at_once), threads, [&](std::size_t) {
          if (progress) {
            std::fprintf(stderr, "\r%zu of %zu", ++done, targets.size());
          }
        });
    if (progress) std::fprintf(stderr, "\r\x1b[K");
    for (std::size_t i = 0; i < open.size(); ++i) observations[open[i]] = std::move(seen[i]);
  }
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

Cases read_cases(const CheckOptions& options) {
  if (!options.as.empty()) require_one_of(options.as, kinds, "--as");
  Cases cases{.common = common_question(options), .each = {}};
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
      cases.each.push_back(case_of(read_as(kind, content, origin), options));
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
