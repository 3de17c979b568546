// The tables of `badmx list` for programs.
#pragma once

#include <string>
#include <string_view>

namespace badmx::cli {

// An array with an object a row; `table` is findings, defects, actions, policies or senders.
std::string table_json(std::string_view table);

}  // namespace badmx::cli
