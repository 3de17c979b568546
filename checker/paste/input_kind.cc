#include "checker/paste/input_kind.h"

#include "checker/host_port.h"
#include "checker/observation_json.h"
#include "checker/paste/pem_reader.h"
#include "checker/paste/transcript_reader.h"

#include <algorithm>
#include <cstddef>

namespace badmx::checker {
namespace {

constexpr std::size_t looked_at = 4096;

// The first octets that aren't blank.
std::string_view beginning(std::string_view content) {
  content = content.substr(0, looked_at);
  return content.substr(std::min(content.find_first_not_of(" \t\r\n"), content.size()));
}

}  // namespace

InputKind recognise(std::string_view content) {
  if (beginning(content).starts_with('{')) {
    return read_observation(content) ? InputKind::observation : InputKind::unknown;
  }
  if (!read_transcripts(content, "").empty()) return InputKind::transcript;
  if (read_pem(content, "")) return InputKind::certificates;
  if (is_host_list(content)) return InputKind::hosts;
  return InputKind::unknown;
}

std::string_view name(InputKind kind) {
  switch (kind) {
    case InputKind::transcript:
      return "an s_client transcript";
    case InputKind::certificates:
      return "certificates";
    case InputKind::observation:
      return "a saved observation";
    case InputKind::hosts:
      return "a list of hosts";
    case InputKind::unknown:
      break;
  }
  return "nothing that is known";
}

}  // namespace badmx::checker
