// What OpenSSL says went wrong: as data for what a peer did, as an exception for what we did.
#pragma once

#include <stdexcept>
#include <string>
#include <vector>

namespace badmx::x509 {

// One entry of OpenSSL's error queue.
struct ErrorLine {
  unsigned long code = 0;  // ERR_get_error()'s packed number
  std::string reason{};    // "wrong version number"
  std::string detail{};    // the extra data, often empty

  bool operator==(const ErrorLine&) const = default;
};

// Empties this thread's error queue, oldest first.
std::vector<ErrorLine> drain_errors();
// The lines as one, for people: "wrong version number; …".
std::string text(const std::vector<ErrorLine>& lines);

// A failure of ours (bad key file, out of memory), never a peer's.
class Error : public std::runtime_error {
 public:
  // Appends what this thread's error queue says, and empties it.
  explicit Error(const std::string& what);
};

}  // namespace badmx::x509
