#include "checker/facts/attempt_facts.h"

#include "x509/printable.h"

#include <fmt/format.h>

namespace badmx::checker {

const Attempt* first_attempt(const Facts& facts) {
  if (facts.observation.source == Source::pem || facts.observation.attempts.empty()) {
    return nullptr;
  }
  return &facts.observation.attempts.front();
}

std::string how_it_stopped(const Attempt& attempt) {
  switch (attempt.stop) {
    case Stop::closed:
      return "the server closed the connection";
    case Stop::reset:
      return "the connection was reset";
    case Stop::timed_out:
      return "nothing came in time";
    case Stop::unreachable:
      return "no connection";
    case Stop::alert:
      return "a fatal alert";
    case Stop::tls_failed:
      return "TLS failed";
    case Stop::not_tls:
      return "no TLS came";
    case Stop::finished:
    case Stop::refused:
    case Stop::not_offered:
    case Stop::limit_exceeded:
    case Stop::malformed_reply:
    case Stop::unknown:
      break;
  }
  return "it ended";
}

std::string reply_text(const ReplySeen& reply) {
  if (reply.code == 0) return "";
  std::string text = fmt::format("{}", reply.code);
  for (const std::string& line : reply.lines) text += " " + x509::printable(line, 512);
  return x509::printable(text, 1024);
}

std::vector<Evidence> stop_evidence(const Attempt& attempt) {
  std::vector<Evidence> evidence{{"stopped", how_it_stopped(attempt)}};
  if (!attempt.error.empty()) evidence.push_back({"error", x509::printable(attempt.error)});
  if (!attempt.tls_errors.empty()) {
    evidence.push_back({"openssl", x509::printable(x509::text(attempt.tls_errors))});
  }
  return evidence;
}

bool tells_nothing_of_tls(const Facts& facts) {
  const Attempt& attempt = facts.judged_attempt();
  return facts.observation.source == Source::transcript && !facts.chain_seen &&
         !attempt.handshake_done &&
         (attempt.stop == Stop::unknown || attempt.stop == Stop::finished);
}

bool answered_without_starttls(const Facts& facts) {
  const Pasted& pasted = facts.observation.pasted;
  return pasted.starttls_not_found && pasted.octets_read > 0;
}

}  // namespace badmx::checker
