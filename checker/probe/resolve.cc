#include "checker/probe/probe.h"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <future>
#include <memory>
#include <netdb.h>
#include <sys/socket.h>
#include <system_error>
#include <thread>

namespace badmx::checker {
namespace {

constexpr std::size_t most_addresses = 16;
constexpr std::chrono::seconds longest_wait{30};

using AddressList = std::unique_ptr<addrinfo, decltype(&freeaddrinfo)>;

Resolution ask_system(const std::string& host) {
  addrinfo hints{};
  hints.ai_socktype = SOCK_STREAM;
  hints.ai_flags = AI_ADDRCONFIG;
  addrinfo* first = nullptr;
  int result = getaddrinfo(host.c_str(), nullptr, &hints, &first);
  if (result != 0) {
    // A machine whose only network is loopback has no address of either family "configured".
    hints.ai_flags = 0;
    result = getaddrinfo(host.c_str(), nullptr, &hints, &first);
  }
  const AddressList list(first, freeaddrinfo);
  Resolution found;
  if (result != 0) {
    found.error = result == EAI_SYSTEM ? std::generic_category().message(errno)
                                       : std::string(gai_strerror(result));
    return found;
  }
  for (const addrinfo* one = list.get(); one != nullptr && found.addresses.size() < most_addresses;
       one = one->ai_next) {
    std::array<char, NI_MAXHOST> text{};
    if (getnameinfo(one->ai_addr, one->ai_addrlen, text.data(), text.size(), nullptr, 0,
                    NI_NUMERICHOST) != 0) {
      continue;
    }
    std::string address = text.data();
    if (std::find(found.addresses.begin(), found.addresses.end(), address) ==
        found.addresses.end()) {
      found.addresses.push_back(std::move(address));
    }
  }
  if (found.addresses.empty()) {
    found.error = "no address";
  }
  return found;
}

bool is_numeric(const std::string& host) {
  addrinfo hints{};
  hints.ai_flags = AI_NUMERICHOST;
  addrinfo* first = nullptr;
  const int result = getaddrinfo(host.c_str(), nullptr, &hints, &first);
  const AddressList list(first, freeaddrinfo);
  return result == 0;
}

}  // namespace

Resolution resolve(const std::string& host) {
  if (is_numeric(host)) {
    return ask_system(host);
  }
  // getaddrinfo can't be interrupted: where it takes too long, its thread is left to end by itself.
  std::promise<Resolution> promise;
  std::future<Resolution> answer = promise.get_future();
  std::thread([asked = std::move(promise), host]() mutable {
    asked.set_value(ask_system(host));
  }).detach();
  if (answer.wait_for(longest_wait) == std::future_status::ready) {
    return answer.get();
  }
  return {.addresses = {}, .error = "the resolver didn't answer within 30 seconds"};
}

}  // namespace badmx::checker
