#include "checker/diagnose/mended_chain.h"

#include "checker/facts/facts.h"

namespace badmx::checker {

std::optional<std::vector<x509::Bytes>> mended_chain(const Observation& observation,
                                                     const Criteria& criteria) {
  const Facts facts = read_facts(observation, criteria);
  if (facts.path.end != PathEnd::anchor) return std::nullopt;
  std::vector<x509::Bytes> chain;
  for (const Location& where : facts.path.certificates) {
    if (where.kind == LocationKind::trusted && !chain.empty()) break;
    const x509::Bytes& der = facts.at(where).der;
    if (der.empty()) return std::nullopt;
    chain.push_back(der);
  }
  return chain;
}

}  // namespace badmx::checker
