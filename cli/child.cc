#include "cli/child.h"

#include "cli/failure.h"
#include "cli/options.h"

#include <fmt/format.h>

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <poll.h>
#include <spawn.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace badmx::cli {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t longest_line = std::size_t{1} << 20U;
constexpr std::chrono::seconds farewell{10};

std::pair<int, int> make_pipe() {
  std::array<int, 2> ends{};
  if (::pipe2(ends.data(), O_CLOEXEC) != 0) {
    throw Failure(exit_failure, "can't make a pipe: " + std::generic_category().message(errno));
  }
  return {ends[0], ends[1]};
}

void close_end(int& end) {
  if (end >= 0) ::close(end);
  end = -1;
}

}  // namespace

Child::Child(const std::vector<std::string>& command) {
  auto [their_input, our_output] = make_pipe();
  auto [our_input, their_output] = make_pipe();
  posix_spawn_file_actions_t files;
  posix_spawn_file_actions_init(&files);
  posix_spawn_file_actions_adddup2(&files, their_input, STDIN_FILENO);
  posix_spawn_file_actions_adddup2(&files, their_output, STDOUT_FILENO);
  posix_spawnattr_t attributes;
  posix_spawnattr_init(&attributes);
  // Whatever signals we keep from ourselves, it gets.
  sigset_t none;
  sigemptyset(&none);
  posix_spawnattr_setsigmask(&attributes, &none);
  posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  std::vector<char*> words;
  for (const std::string& word : command) words.push_back(const_cast<char*>(word.c_str()));
  words.push_back(nullptr);
  const int error =
      ::posix_spawnp(&pid_, words.front(), &files, &attributes, words.data(), environ);
  posix_spawn_file_actions_destroy(&files);
  posix_spawnattr_destroy(&attributes);
  close_end(their_input);
  close_end(their_output);
  input_ = our_output;
  output_ = our_input;
  if (error != 0) {
    pid_ = -1;
    close_end(input_);
    close_end(output_);
    throw Failure(exit_usage, fmt::format("{}: can't be run: {}", command.front(),
                                          std::generic_category().message(error)));
  }
}

Child::~Child() {
  close_end(input_);
  if (pid_ > 0 && status_ < 0) wait(farewell);
  // The leader has gone or is to go; what it left in its group goes with it.
  if (pid_ > 0) {
    ::kill(-pid_, SIGKILL);
    if (status_ < 0) ::waitpid(pid_, nullptr, 0);
  }
  close_end(output_);
}

void Child::write(std::string_view text) {
  while (!text.empty()) {
    const ssize_t written = ::write(input_, text.data(), text.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) return;  // it has gone: what it said last tells more
    text.remove_prefix(static_cast<std::size_t>(written));
  }
}

void Child::end_input() { close_end(input_); }

bool Child::read_lines(std::chrono::milliseconds most,
                       const std::function<bool(std::string)>& on_line) {
  const auto until = Clock::now() + most;
  std::array<char, 65536> chunk{};
  while (true) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(until - Clock::now());
    if (left.count() <= 0) return false;
    pollfd wanted{.fd = output_, .events = POLLIN, .revents = 0};
    const int ready = ::poll(&wanted, 1, static_cast<int>(left.count()));
    if (ready < 0 && errno != EINTR) return false;
    if (ready <= 0) continue;
    const ssize_t size = ::read(output_, chunk.data(), chunk.size());
    if (size <= 0) {
      if (!line_.empty()) on_line(std::exchange(line_, {}));
      return true;
    }
    for (const char c : std::string_view(chunk.data(), static_cast<std::size_t>(size))) {
      if (c != '\n') {
        if (line_.size() < longest_line) line_ += c;
        continue;
      }
      if (!on_line(std::exchange(line_, {}))) return true;
    }
  }
}

int Child::wait(std::chrono::milliseconds most) {
  const auto until = Clock::now() + most;
  while (status_ < 0) {
    int status = 0;
    const pid_t ended = ::waitpid(pid_, &status, WNOHANG);
    if (ended == pid_) {
      status_ = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
    } else if (Clock::now() >= until) {
      return -1;
    } else {
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  return status_;
}

}  // namespace badmx::cli
