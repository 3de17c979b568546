// What a black box does, as it is seen: it says nothing itself, the servers' records do.
#pragma once

#include "server/smtp/record.h"

#include <chrono>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::cli {

// How far a scenario has come, over all its connections so far.
enum class Reached { not_yet, without_delivery, under_tls, in_clear };

// Of each scenario that was reached. What went out in clear stays so.
std::map<std::string, Reached> reached_so_far(const std::vector<server::ConnectionRecord>& records);

// Each of the scenarios was reached, and nothing came for `quiet`.
bool has_settled(const std::vector<server::ConnectionRecord>& records,
                 const std::vector<std::string>& scenarios, std::chrono::seconds quiet);

// Shows it on a terminal (standard error): a line for each scenario that comes further, below them
// how many there are and how long is left.
class LiveTable {
 public:
  LiveTable(std::vector<std::string> scenarios, std::chrono::steady_clock::time_point until);
  ~LiveTable();
  LiveTable(const LiveTable&) = delete;
  LiveTable& operator=(const LiveTable&) = delete;

  void show(const std::vector<server::ConnectionRecord>& records);

 private:
  std::vector<std::string> scenarios_;
  std::chrono::steady_clock::time_point until_;
  std::map<std::string, Reached> shown_;
  bool on_terminal_;
};

}  // namespace badmx::cli
