// What has happened so far: records and messages of all connections, bounded, for several threads.
#pragma once

#include "server/smtp/record.h"
#include "server/smtp/server.h"

#include <chrono>
#include <condition_variable>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <map>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::server {

class Journal {
 public:
  Journal(const Limits& limits, std::function<void(const ConnectionRecord&)> on_record);

  void add(ConnectionRecord record);
  void add(Message message);

  std::vector<ConnectionRecord> records() const;
  std::vector<Message> messages() const;
  // As Server::wait_for_records.
  std::vector<ConnectionRecord> wait_for(std::string_view scenario, std::size_t count,
                                         std::chrono::milliseconds most) const;

 private:
  std::size_t ended(std::string_view scenario) const;

  const std::size_t records_kept_;
  const std::size_t messages_kept_;
  const std::size_t message_octets_kept_;
  const std::function<void(const ConnectionRecord&)> on_record_;

  std::mutex telling_;  // one call of on_record_ at a time

  mutable std::mutex mutex_;  // guards all below
  mutable std::condition_variable added_;
  std::deque<ConnectionRecord> records_;
  std::deque<Message> messages_;
  std::size_t message_octets_ = 0;
  std::size_t ended_ = 0;
  std::map<std::string, std::size_t, std::less<>> ended_by_scenario_;
};

}  // namespace badmx::server
