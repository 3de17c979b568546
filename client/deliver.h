// Our own sender: delivers one message over one channel, as a mail server without a queue would,
// and says what became of it. It believes every certificate: whether a sender may is its policy's
// business, which a Channel is the outcome of.
#pragma once

#include "client/fate.h"
#include "net/smtp/point.h"

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <vector>

namespace badmx::client {

struct Order {
  std::string address{};  // numeric
  std::uint16_t port = 25;
  Channel channel = Channel::tls;
  // How TLS begins where the channel is TLS. A cleartext channel never says STARTTLS.
  smtp::TlsMode tls = smtp::TlsMode::starttls;
  std::string sni{};  // empty: none sent
  std::string ehlo = "badmx.invalid";
  std::string from{};  // "" is the empty return path
  std::string to{};
  std::string text{};  // CRLF line ends, dots not yet stuffed
  // Commands that no delivery needs, said once the message's fate is known: helo, auth, rset, noop
  // or unknown. Their answers decide nothing; what a session that ends leaves unsaid is said in a
  // further one, without a message.
  std::vector<smtp::Point> afterwards{};
  std::chrono::milliseconds wait{10000};                     // the longest at each Point
  std::map<smtp::Point, std::chrono::milliseconds> waits{};  // where it differs
  std::chrono::milliseconds total{60000};                    // the whole

  bool operator==(const Order&) const = default;
};

struct Delivery {
  DeliveryEnd end{};
  std::string reply{};  // the one that decided it, its lines joined by spaces; empty: none came
  std::string error{};  // why it was lost, in words

  bool operator==(const Delivery&) const = default;
};

// Blocks until all are done, at most `at_once` connections open; in the orders' order.
std::vector<Delivery> deliver_all(std::span<const Order> orders, std::size_t at_once);

}  // namespace badmx::client
