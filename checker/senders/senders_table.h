// The rows of the senders' table, a file a family; checker/senders/senders.cc puts them together.
#pragma once

#include "checker/senders/senders.h"

#include <span>

namespace badmx::checker {

std::span<const SenderLine> postfix_lines();
std::span<const SenderLine> server_lines();
std::span<const SenderLine> service_lines();
std::span<const SenderLine> library_lines();
std::span<const SenderLine> tls_report_lines();

}  // namespace badmx::checker
