// Findings about the certificates of the path, one by one.
#pragma once

#include "checker/facts/facts.h"

#include <functional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

// What is said of a certificate, a word for each piece of evidence; none: nothing is found.
using Words = std::vector<std::string>;

inline Words unless_empty(const std::string& word) { return word.empty() ? Words{} : Words{word}; }

// One finding for each of the certificates of which `words` says anything. What it says is the
// evidence of that name, behind the certificate's subject; an empty word adds none.
std::vector<Finding> findings_about(std::span<const CertificateFacts* const> certificates,
                                    std::string_view code, std::string_view evidence,
                                    const std::function<Words(const CertificateFacts&)>& words);

}  // namespace badmx::checker
