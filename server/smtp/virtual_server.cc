#include "server/smtp/virtual_server.h"

#include <algorithm>

namespace badmx::server {

std::string folded_name(std::string_view name) {
  if (name.ends_with('.')) name.remove_suffix(1);
  std::string folded(name);
  std::transform(folded.begin(), folded.end(), folded.begin(), [](char c) {
    return c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  });
  return folded;
}

VirtualServer& SharedPort::named(std::string_view sni) const {
  const auto found = by_name.find(folded_name(sni));
  return found == by_name.end() ? first() : *found->second;
}

}  // namespace badmx::server
