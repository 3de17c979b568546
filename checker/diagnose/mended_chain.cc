#include "checker/diagnose/mended_chain.h"

#include "checker/facts/facts.h"

namespace badmx::checker {

std::optional<std::vector<x509::Bytes>> mended_chain(const Observation& observation,
                                                     const Question& question) {
  const Facts facts = read_facts(observation, question);
  if (facts.path.end != PathEnd::anchor) return std::nullopt;
  std::vector<x509::Bytes> chain;
  for (const Where& where : facts.path.certificates) {
    if (where.kind == PlaceKind::trusted && !chain.empty()) break;
    const x509::Bytes& der = facts.at(where).der;
    if (der.empty()) return std::nullopt;
    chain.push_back(der);
  }
  return chain;
}

}  // namespace badmx::checker
