#include "cli/waiting.h"

#include "cli/failure.h"
#include "cli/options.h"

#include <algorithm>
#include <array>
#include <csignal>
#include <poll.h>
#include <sys/signalfd.h>
#include <unistd.h>

namespace badmx::cli {
namespace {

sigset_t ending_signals() {
  sigset_t set;
  sigemptyset(&set);
  sigaddset(&set, SIGINT);
  sigaddset(&set, SIGTERM);
  return set;
}

// Whether standard input has ended; what comes on it is thrown away.
bool stdin_ended() {
  std::array<char, 4096> octets{};
  return ::read(STDIN_FILENO, octets.data(), octets.size()) <= 0;
}

}  // namespace

EndWaiter::EndWaiter() {
  const sigset_t set = ending_signals();
  pthread_sigmask(SIG_BLOCK, &set, nullptr);
  signals_ = signalfd(-1, &set, SFD_CLOEXEC);
  if (signals_ < 0) throw Failure(exit_failure, "signals can't be waited for (signalfd)");
}

EndWaiter::~EndWaiter() { ::close(signals_); }

bool EndWaiter::is_interrupted() const {
  pollfd event{.fd = signals_, .events = POLLIN, .revents = 0};
  return ::poll(&event, 1, 0) > 0;
}

std::string_view EndWaiter::wait(std::optional<std::chrono::milliseconds> lifetime,
                                 Stdin standard_input) {
  using Clock = std::chrono::steady_clock;
  const auto end = lifetime ? Clock::now() + *lifetime : Clock::time_point::max();
  std::array<pollfd, 2> events{pollfd{.fd = signals_, .events = POLLIN, .revents = 0},
                               pollfd{.fd = STDIN_FILENO, .events = POLLIN, .revents = 0}};
  const nfds_t count = standard_input == Stdin::ends_it ? 2 : 1;
  while (true) {
    int milliseconds = -1;
    if (lifetime) {
      const auto left = std::chrono::ceil<std::chrono::milliseconds>(end - Clock::now()).count();
      milliseconds = static_cast<int>(std::clamp<long long>(left, 0, 1000000000));
    }
    const int ready = ::poll(events.data(), count, milliseconds);
    if (ready > 0 && (events[0].revents & POLLIN) != 0) return "interrupted";
    if (ready > 0 && events[1].revents != 0 && stdin_ended()) return "standard input ended";
    if (lifetime && Clock::now() >= end) return "time is over";
  }
}

}  // namespace badmx::cli
