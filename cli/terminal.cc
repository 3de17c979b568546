#include "cli/terminal.h"

#include "cli/failure.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <unistd.h>

namespace badmx::cli {
namespace {

std::size_t columns(std::string_view word) {
  std::size_t count = 0;
  for (const char octet : word) count += (octet & 0xc0) != 0x80 ? 1 : 0;
  return count;
}

}  // namespace

checker::Colour colour_for(When colour) {
  if (colour == When::always) return checker::Colour::on;
  if (colour == When::never || std::getenv("NO_COLOR") != nullptr) return checker::Colour::off;
  return isatty(STDOUT_FILENO) == 1 ? checker::Colour::on : checker::Colour::off;
}

bool wants_progress() { return isatty(STDERR_FILENO) == 1; }

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size() || std::fflush(stdout) != 0) {
    if (errno == EPIPE) throw Failure(exit_failure, "");
    throw Failure(exit_failure,
                  fmt::format("standard output can't be written: {}", std::strerror(errno)));
  }
}

void write_to(const std::string& destination, std::string_view text) {
  if (destination == "-") {
    print(text);
    return;
  }
  // Renamed into place, so that nobody reads half a file.
  const std::string beside = fmt::format("{}.{}.part", destination, getpid());
  {
    std::ofstream out(beside, std::ios::binary);
    out.write(text.data(), static_cast<std::streamsize>(text.size()));
    out.close();
    if (!out) {
      const int error = errno;
      std::error_code ignored;
      std::filesystem::remove(beside, ignored);
      throw Failure(exit_usage,
                    fmt::format("{}: can't be written: {}", destination, std::strerror(error)));
    }
  }
  std::error_code error;
  std::filesystem::rename(beside, destination, error);
  if (error) {
    std::error_code ignored;
    std::filesystem::remove(beside, ignored);
    throw Failure(exit_usage,
                  fmt::format("{}: can't be written: {}", destination, error.message()));
  }
}

std::string fill(std::string_view text, std::string_view indent, std::size_t width) {
  std::string filled;
  std::string line(indent);
  bool fresh = true;
  while (!text.empty()) {
    const std::size_t start = text.find_first_not_of(" \n");
    if (start == std::string_view::npos) break;
    text.remove_prefix(start);
    const std::string_view word = text.substr(0, text.find_first_of(" \n"));
    text.remove_prefix(word.size());
    if (!fresh && columns(line) + 1 + columns(word) > width) {
      filled += line + "\n";
      line = indent;
      fresh = true;
    }
    if (!fresh) line += ' ';
    line += word;
    fresh = false;
  }
  return fresh ? filled : filled + line + "\n";
}

}  // namespace badmx::cli
