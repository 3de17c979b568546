#include "cli/gateway_watch.h"

#include "cli/terminal.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstdio>
#include <utility>

namespace badmx::cli {
namespace {

std::string_view words(Reached reached) {
  switch (reached) {
    case Reached::not_yet:
      return "not reached";
    case Reached::without_delivery:
      return "reached, nothing delivered";
    case Reached::under_tls:
      return "delivered under TLS";
    case Reached::in_clear:
      return "delivered in cleartext";
  }
  return "";
}

Reached reached_by(const server::ConnectionRecord& record) {
  switch (record.delivered) {
    case server::Delivered::no:
      return Reached::without_delivery;
    case server::Delivered::under_tls:
      return Reached::under_tls;
    case server::Delivered::in_clear:
      return Reached::in_clear;
  }
  return Reached::without_delivery;
}

std::string counts(const std::map<std::string, Reached>& reached, std::size_t all) {
  const auto count = [&](Reached wanted) {
    return std::ranges::count_if(reached, [&](const auto& each) { return each.second == wanted; });
  };
  return fmt::format("{} of {} reached: {} under TLS, {} in cleartext, {} without delivery",
                     reached.size(), all, count(Reached::under_tls), count(Reached::in_clear),
                     count(Reached::without_delivery));
}

}  // namespace

std::map<std::string, Reached> reached_so_far(
    const std::vector<server::ConnectionRecord>& records) {
  std::map<std::string, Reached> reached;
  for (const server::ConnectionRecord& record : records) {
    Reached& so_far = reached[record.scenario];
    so_far = std::max(so_far, reached_by(record));
  }
  return reached;
}

bool has_settled(const std::vector<server::ConnectionRecord>& records,
                 const std::vector<std::string>& scenarios, std::chrono::seconds quiet) {
  using std::chrono::system_clock;
  const auto reached = reached_so_far(records);
  auto last = system_clock::time_point::min();
  for (const server::ConnectionRecord& record : records) {
    last = std::max(
        last, record.started + std::chrono::duration_cast<system_clock::duration>(record.lasted));
  }
  return std::ranges::all_of(scenarios, [&](const auto& id) { return reached.contains(id); }) &&
         system_clock::now() - last > quiet;
}

LiveTable::LiveTable(std::vector<std::string> scenarios,
                     std::chrono::steady_clock::time_point until)
    : scenarios_(std::move(scenarios)), until_(until), on_terminal_(wants_progress()) {}

LiveTable::~LiveTable() {
  if (on_terminal_) std::fprintf(stderr, "\r\x1b[K");
}

void LiveTable::show(const std::vector<server::ConnectionRecord>& records) {
  if (!on_terminal_) return;
  auto reached = reached_so_far(records);
  // A black box' bounces come to a server that is no scenario.
  std::erase_if(reached, [&](const auto& each) {
    return std::ranges::find(scenarios_, each.first) == scenarios_.end();
  });
  std::string text = "\r\x1b[K";
  for (const auto& [id, how] : reached) {
    if (shown_[id] != how) text += fmt::format("  {:<40}{}\n", id, words(how));
  }
  const auto left =
      std::chrono::duration_cast<std::chrono::seconds>(until_ - std::chrono::steady_clock::now());
  text += fmt::format("{}; {} s left", counts(reached, scenarios_.size()),
                      std::max<long long>(left.count(), 0));
  std::fputs(text.c_str(), stderr);
  shown_ = std::move(reached);
}

}  // namespace badmx::cli
