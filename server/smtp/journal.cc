#include "server/smtp/journal.h"

#include <utility>

namespace badmx::server {

Journal::Journal(const Limits& limits, std::function<void(const ConnectionRecord&)> on_record)
    : records_kept_(limits.records_kept),
      messages_kept_(limits.messages_kept),
      message_octets_kept_(limits.message_octets_kept),
      on_record_(std::move(on_record)) {}

void Journal::add(ConnectionRecord record) {
  if (on_record_) {
    const std::lock_guard lock(telling_);
    on_record_(record);
  }
  {
    const std::lock_guard lock(mutex_);
    ++ended_;
    ++ended_by_scenario_[record.scenario];
    records_.push_back(std::move(record));
    while (records_.size() > records_kept_) records_.pop_front();
  }
  added_.notify_all();
}

void Journal::add(Message message) {
  const std::lock_guard lock(mutex_);
  message_octets_ += message.text.size();
  messages_.push_back(std::move(message));
  while (messages_.size() > messages_kept_ ||
         (message_octets_ > message_octets_kept_ && !messages_.empty())) {
    message_octets_ -= messages_.front().text.size();
    messages_.pop_front();
  }
}

std::vector<ConnectionRecord> Journal::records() const {
  const std::lock_guard lock(mutex_);
  return {records_.begin(), records_.end()};
}

std::vector<Message> Journal::messages() const {
  const std::lock_guard lock(mutex_);
  return {messages_.begin(), messages_.end()};
}

std::size_t Journal::ended(std::string_view scenario) const {
  if (scenario.empty()) return ended_;
  const auto found = ended_by_scenario_.find(scenario);
  return found == ended_by_scenario_.end() ? 0 : found->second;
}

std::vector<ConnectionRecord> Journal::wait_for(std::string_view scenario, std::size_t count,
                                                std::chrono::milliseconds most) const {
  std::unique_lock lock(mutex_);
  added_.wait_for(lock, most, [&] { return ended(scenario) >= count; });
  std::vector<ConnectionRecord> found;
  for (const ConnectionRecord& record : records_) {
    if (scenario.empty() || record.scenario == scenario) found.push_back(record);
  }
  return found;
}

}  // namespace badmx::server
