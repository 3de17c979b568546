#include "cli/temporary_folder.h"

#include "cli/failure.h"
#include "cli/options.h"

#include <fmt/format.h>

#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <string>
#include <system_error>

namespace badmx::cli {

TemporaryFolder::TemporaryFolder() {
  std::error_code error;
  std::filesystem::path below = std::filesystem::temp_directory_path(error);
  if (error) below = "/tmp";
  std::string pattern = (below / "badmx-XXXXXX").string();
  if (::mkdtemp(pattern.data()) == nullptr) {
    throw Failure(exit_failure, fmt::format("{}: no temporary folder can be made there: {}",
                                            below.string(), std::strerror(errno)));
  }
  path_ = pattern;
}

TemporaryFolder::~TemporaryFolder() {
  std::error_code ignored;
  std::filesystem::remove_all(path_, ignored);
}

}  // namespace badmx::cli
