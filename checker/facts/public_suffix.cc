#include "checker/facts/public_suffix.h"

#include <libpsl.h>

namespace badmx::checker {

bool is_public_suffix(const std::string& domain) {
  const psl_ctx_t* list = psl_builtin();
  return list != nullptr &&
         psl_is_public_suffix2(list, domain.c_str(), PSL_TYPE_ANY | PSL_TYPE_NO_STAR_RULE) == 1;
}

}  // namespace badmx::checker
