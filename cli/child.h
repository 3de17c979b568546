// A program of somebody else's that runs beside us and ends with us.
#pragma once

#include <chrono>
#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>
#include <vector>

namespace badmx::cli {

// In a process group of its own, with a pipe each for standard input and output; standard error is
// ours. When it goes out of scope its input ends, which asks it to clean up; what is left of the
// group after ten seconds is killed.
class Child {
 public:
  // Throws Failure when the program can't be started.
  explicit Child(const std::vector<std::string>& command);
  ~Child();
  Child(const Child&) = delete;
  Child& operator=(const Child&) = delete;

  // Keeps its standard input open afterwards: that it ends is the sign to stop.
  void write(std::string_view text);
  void end_input();
  // Calls `on_line` for each line of its output until that ends, `on_line` says false, or the time
  // is over; false in the last case, and the beginning of a line is kept for the next call. A line
  // has at most a mebi octets, what is beyond is dropped.
  bool read_lines(std::chrono::milliseconds most, const std::function<bool(std::string)>& on_line);
  // Its exit status, 128 and the signal's number when one ended it.
  int wait(std::chrono::milliseconds most);

 private:
  pid_t pid_ = -1;
  int input_ = -1;
  int output_ = -1;
  int status_ = -1;
  std::string line_;  // what has come of one that hasn't ended
};

}  // namespace badmx::cli
