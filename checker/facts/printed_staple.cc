#include "checker/facts/printed_staple.h"

#include <algorithm>
#include <array>
#include <string_view>

namespace badmx::checker {

std::optional<x509::SingleResponse> answer_of(const PrintedStaple& staple) {
  constexpr std::array<std::string_view, 3> words{"good", "revoked", "unknown"};
  const auto* const word = std::ranges::find(words, staple.status);
  if (word == words.end() || !staple.this_update) return std::nullopt;
  x509::SingleResponse answer;
  answer.status = static_cast<x509::CertificateStatus>(word - words.begin());
  answer.revoked_at = staple.revoked_at;
  answer.this_update = staple.this_update;
  answer.next_update = staple.next_update;
  return answer;
}

}  // namespace badmx::checker
