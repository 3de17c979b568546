// The certificates of the path of which somebody asks how they were made.
#pragma once

#include "checker/facts/facts.h"
#include "checker/rules/path_findings.h"

#include <functional>
#include <string_view>
#include <vector>

namespace badmx::checker {

// Whatever it says of itself: another that was sent names it as its issuer.
bool issued_another(const Facts& facts, const CertificateFacts& certificate);

// Whether it is the path's first, and issued none of those sent.
bool is_leaf(const Facts& facts, const CertificateFacts& certificate);

// A finding for each of them that has words; an anchor is asked only by who demands a standard.
std::vector<Finding> on_asked(
    const Facts& facts, std::string_view code, std::string_view evidence,
    const std::function<Words(const Facts&, const CertificateFacts&)>& words);

// Said by the certificate's subject, which is evidence anyway.
inline Words said_if(bool is_so) { return is_so ? Words{""} : Words{}; }

}  // namespace badmx::checker
