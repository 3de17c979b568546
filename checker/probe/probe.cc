#include "checker/probe/probe.h"

#include "checker/probe/attempt.h"
#include "checker/probe/observe_by.h"

#include <asio/awaitable.hpp>
#include <asio/co_spawn.hpp>
#include <asio/io_context.hpp>
#include <fmt/format.h>

#include <algorithm>
#include <atomic>
#include <exception>
#include <mutex>
#include <thread>
#include <utility>

namespace badmx::checker {
namespace {

using smtp::Point;
using smtp::TlsMode;

// Another attempt that puts up with more may show the certificate that this one didn't get to see.
// Silence would only cost the same wait again.
bool permissive_may_see_more(const Attempt& first, bool tls_octets_came) {
  if (first.reached != Point::handshake || first.certificate_seen) {
    return false;
  }
  switch (first.stop) {
    case Stop::alert:
    case Stop::tls_failed:
      return true;
    case Stop::closed:
    case Stop::reset:
      return tls_octets_came;
    default:
      return false;
  }
}

// Whether it can show what the first didn't, and is worth a connection.
bool may_show_more(Probe probe, const Target& target, const Attempt& first) {
  switch (probe) {
    case Probe::without_sni:
      return tls::may_be_sni(first.sni);
    case Probe::tls12_only:
      return first.tls.version != "TLSv1.2";
    case Probe::tls13_only:
      return first.tls.version != "TLSv1.3";
    case Probe::injecting:
      return target.tls == TlsMode::starttls;
    default:
      return true;
  }
}

std::string origin_of(const Target& target) {
  const bool v6 = target.address.find(':') != std::string::npos;
  return v6 ? fmt::format("[{}]:{}", target.address, target.port)
            : fmt::format("{}:{}", target.address, target.port);
}

asio::awaitable<Observation> look_at(const AttemptTools& tools, const Target& all) {
  Target target = all;
  Observation observation;
  observation.source = Source::live;
  observation.moment = std::chrono::floor<std::chrono::seconds>(std::chrono::system_clock::now());
  bool tls_octets_came = false;
  Attempt first = co_await make_attempt(tools, target, Probe::ordinary, tls_octets_came);
  for (const std::string& address : all.further_addresses) {
    if (first.stop != Stop::unreachable) break;
    target.address = address;
    first = co_await make_attempt(tools, target, Probe::ordinary, tls_octets_came);
  }
  observation.origin = origin_of(target);
  observation.target = target;
  const bool again = permissive_may_see_more(first, tls_octets_came);
  observation.attempts.push_back(std::move(first));
  if (again) {
    Attempt second = co_await make_attempt(tools, target, Probe::permissive, tls_octets_came);
    observation.attempts.push_back(std::move(second));
  }
  // What breaks the session breaks the further ones too.
  const bool whole = observation.attempts.front().handshake_done &&
                     observation.attempts.front().stop == Stop::finished;
  for (const Probe probe : target.probes) {
    if (!whole || !may_show_more(probe, target, observation.attempts.front())) continue;
    Attempt further = co_await make_attempt(tools, target, probe, tls_octets_came);
    observation.attempts.push_back(std::move(further));
  }
  co_return observation;
}

// All that the threads share.
struct Round {
  std::span<const Target> targets;
  const std::function<void(std::size_t, Observation)>& take;
  std::atomic<std::size_t> next{0};
  std::mutex mutex;  // of the failure
  std::exception_ptr failure;
};

asio::awaitable<void> work(Round& round, const AttemptTools& tools) {
  while (true) {
    const std::size_t index = round.next++;
    if (index >= round.targets.size()) {
      co_return;
    }
    Observation seen = co_await look_at(tools, round.targets[index]);
    round.take(index, std::move(seen));
  }
}

void keep_failure(Round& round, std::exception_ptr failure) {
  const std::scoped_lock lock(round.mutex);
  if (failure && !round.failure) {
    round.failure = std::move(failure);
    round.next = round.targets.size();
  }
}

void run_thread(Round& round, std::size_t at_once) {
  try {
    ClientContexts contexts;
    const net::Dial dial = net::dial_socket;
    const AttemptTools tools{.contexts = contexts, .dial = dial};
    asio::io_context context(1);
    for (std::size_t i = 0; i < at_once; ++i) {
      asio::co_spawn(context, work(round, tools), [&round](std::exception_ptr failure) {
        keep_failure(round, std::move(failure));
      });
    }
    context.run();
  } catch (...) {
    keep_failure(round, std::current_exception());
  }
}

}  // namespace

asio::awaitable<Observation> observe_by(net::Dial dial, Target target) {
  ClientContexts contexts;
  const AttemptTools tools{.contexts = contexts, .dial = dial};
  co_return co_await look_at(tools, target);
}

Observation observe(const Target& target) {
  return std::move(observe_all({&target, 1}, 1, 1, {}).front());
}

void observe_each(std::span<const Target> targets, std::size_t at_once, int threads,
                  const std::function<void(std::size_t, Observation)>& take) {
  Round round{.targets = targets, .take = take, .mutex = {}, .failure = {}};
  const std::size_t connections =
      std::clamp<std::size_t>(at_once, 1, std::max<std::size_t>(1, targets.size()));
  const std::size_t workers = std::min(connections, static_cast<std::size_t>(std::max(1, threads)));
  {
    std::vector<std::jthread> others;
    for (std::size_t i = 1; i < workers; ++i) {
      const std::size_t share = connections / workers + (i < connections % workers ? 1 : 0);
      others.emplace_back([&round, share] { run_thread(round, share); });
    }
    run_thread(round, connections / workers + (connections % workers > 0 ? 1 : 0));
  }
  if (round.failure) {
    std::rethrow_exception(round.failure);
  }
}

std::vector<Observation> observe_all(std::span<const Target> targets, std::size_t at_once,
                                     int threads, const std::function<void(std::size_t)>& on_done) {
  std::vector<Observation> observations(targets.size());
  std::mutex mutex;
  observe_each(targets, at_once, threads, [&](std::size_t index, Observation seen) {
    observations[index] = std::move(seen);
    if (!on_done) return;
    const std::scoped_lock lock(mutex);
    on_done(index);
  });
  return observations;
}

}  // namespace badmx::checker
