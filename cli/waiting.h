// Waits for what ends a server: a signal, the end of standard input, a time.
#pragma once

#include <chrono>
#include <optional>
#include <string_view>

namespace badmx::cli {

// Blocks SIGINT and SIGTERM in this thread and those made after it, so that wait() gets them.
// To be made before the first thread.
class EndWaiter {
 public:
  EndWaiter();
  ~EndWaiter();
  EndWaiter(const EndWaiter&) = delete;
  EndWaiter& operator=(const EndWaiter&) = delete;

  enum class Stdin { ignored, ends_it };
  // Whether SIGINT or SIGTERM has come. May be asked by several threads.
  bool is_interrupted() const;
  // What ended it, for the summary: "interrupted", "standard input ended", "time is over".
  std::string_view wait(std::optional<std::chrono::milliseconds> lifetime, Stdin standard_input);

 private:
  int signals_ = -1;
};

}  // namespace badmx::cli
