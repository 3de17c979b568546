#include "checker/rules/path_findings.h"

#include "checker/rules/tables.h"

#include <utility>

namespace badmx::checker {

std::vector<Finding> findings_about(std::span<const CertificateFacts* const> certificates,
                                    std::string_view code, std::string_view evidence,
                                    const std::function<Words(const CertificateFacts&)>& words) {
  std::vector<Finding> findings;
  for (const CertificateFacts* certificate : certificates) {
    const Words said = words(*certificate);
    if (said.empty()) continue;
    std::vector<Evidence> list{{"subject", certificate->subject}};
    for (const std::string& word : said) {
      if (!word.empty()) list.push_back({std::string(evidence), word});
    }
    findings.push_back(make_finding(code, certificate->where, std::move(list)));
  }
  return findings;
}

}  // namespace badmx::checker
