#include "tests/conformance/differences.h"

#include <fstream>

namespace badmx::conformance {

std::map<std::string, std::string> read_differences(const char* file) {
  std::map<std::string, std::string> reasons;
  std::ifstream stream(file);
  for (std::string line; std::getline(stream, line);) {
    const std::size_t tab = line.find('\t');
    if (line.empty() || line.front() == '#' || tab == std::string::npos) continue;
    reasons[line.substr(0, tab)] = line.substr(tab + 1);
  }
  return reasons;
}

}  // namespace badmx::conformance
