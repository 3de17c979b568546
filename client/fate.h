// What becomes of a message that is delivered to a server, and the words for it.
#pragma once

#include "net/smtp/point.h"

#include <optional>
#include <string>
#include <string_view>

namespace badmx::client {

// The way that a sender's policy leads to.
enum class Channel { cleartext, tls };

enum class Fate {
  accepted,
  rejected,  // a reply of class 5 (RFC 5321 4.2.1): the sender returns the message
  deferred,  // a reply of class 4: the sender tries again later
  lost,      // no reply that can be used: closed, reset, too late or no SMTP
};

struct DeliveryEnd {
  Fate fate = Fate::accepted;
  smtp::Point at = smtp::Point::message;  // where it was decided; of an accepted one always message

  bool operator==(const DeliveryEnd&) const = default;
};

std::string_view name(Channel channel);  // "cleartext", "tls"
std::string_view name(Fate fate);        // "accepted"

// "accepted", "rejected: rcpt".
std::string text(const DeliveryEnd& end);

// For people: "accepted", "rejected at RCPT", "lost at the TLS handshake".
std::string words(const DeliveryEnd& end);

// The text read back; nothing for any other text, and for a point that no delivery passes.
std::optional<DeliveryEnd> delivery_end_from(std::string_view text);

// Whether every delivery passes the point, or could: connect, ehlo, starttls, handshake, mail,
// rcpt, data, message.
bool is_on_the_way(smtp::Point point);

}  // namespace badmx::client
