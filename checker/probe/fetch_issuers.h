// Asks the certificates themselves where their issuers' certificates are (RFC 5280 4.2.2.1).
#pragma once

#include "checker/criteria.h"
#include "checker/observation.h"
#include "checker/probe/http.h"

namespace badmx::checker {

// While the path ends in a gap, the last certificate's http: URLs are asked, three certificates
// deep and ten URLs in all; what came of each goes into Observation::fetched. Blocks. Only for
// those who allow it: the server chose the URL, and whoever answers there learns of the check.
void fetch_issuers(Observation& observation, const Criteria& criteria, const HttpLimits& limits);

}  // namespace badmx::checker
