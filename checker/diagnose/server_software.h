// What a server is by its greeting, and how that product is mended: setting, file order, reload.
#pragma once

#include "checker/diagnosis.h"
#include "checker/observation.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

// "Postfix", "Exim", "sendmail", "Exchange"; empty when the greeting names none of them.
std::string server_software(const Observation& observation);
// The products that are known, as they are named on the command line.
std::span<const std::string_view> server_products();

// What mends the finding with that product; empty when its row's remedy says it all, or it isn't
// the server's to mend.
std::string_view product_remedy(std::string_view product, const Finding& finding);
// The codes of findings that are mended by a setting of the server's.
std::vector<std::string_view> product_mended_codes();

}  // namespace badmx::checker
