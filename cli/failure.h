// How a command ends early: one clear line for the user, and the exit code. An empty line says
// nothing: whoever read the output has gone.
#pragma once

#include <stdexcept>
#include <string>

namespace badmx::cli {

class Failure : public std::runtime_error {
 public:
  Failure(int code, const std::string& what) : std::runtime_error(what), exit_code(code) {}
  int exit_code;
};

}  // namespace badmx::cli
