// Table 2: what a server does that no reply line expresses. A scenario names a row, with its
// argument behind a colon, in `then`: it takes over once the answer has been sent.
#pragma once

#include "net/smtp/point.h"

#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace badmx::server {

struct ActionInfo {
  std::string_view name;
  std::string_view summary;                  // "Closes the connection …", one line
  std::string_view reference;                // "RFC 8446 6.2"
  std::string_view argument = {};            // what it is; empty: it takes none
  std::span<const smtp::Point> points = {};  // where it makes sense; empty: everywhere
};

// In the table's order.
std::span<const ActionInfo> actions();

// The row of "alert:40", null when there is none.
const ActionInfo* find_action(std::string_view then);

// Why a scenario can't say this at this point; nothing when it can.
std::optional<std::string> action_fault(std::string_view then, smtp::Point point);

}  // namespace badmx::server
