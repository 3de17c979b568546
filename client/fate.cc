#include "client/fate.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>

namespace badmx::client {
namespace {

using smtp::Point;

constexpr std::array fates{Fate::accepted, Fate::rejected, Fate::deferred, Fate::lost};
constexpr std::array way{Point::connect, Point::ehlo, Point::starttls, Point::handshake,
                         Point::mail,    Point::rcpt, Point::data,     Point::message};

// As a log says it: the command's verb where it is one.
std::string_view point_words(Point point) {
  switch (point) {
    case Point::connect:
      return "the greeting";
    case Point::ehlo:
      return "EHLO";
    case Point::starttls:
      return "STARTTLS";
    case Point::handshake:
      return "the TLS handshake";
    case Point::mail:
      return "MAIL";
    case Point::rcpt:
      return "RCPT";
    case Point::data:
      return "DATA";
    default:
      return "the end of the message";
  }
}

}  // namespace

std::string_view name(Channel channel) { return channel == Channel::tls ? "tls" : "cleartext"; }

std::string_view name(Fate fate) {
  switch (fate) {
    case Fate::accepted:
      return "accepted";
    case Fate::rejected:
      return "rejected";
    case Fate::deferred:
      return "deferred";
    case Fate::lost:
      break;
  }
  return "lost";
}

std::string text(const DeliveryEnd& end) {
  if (end.fate == Fate::accepted) return std::string(name(end.fate));
  return fmt::format("{}: {}", name(end.fate), smtp::name(end.at));
}

std::string words(const DeliveryEnd& end) {
  if (end.fate == Fate::accepted) return std::string(name(end.fate));
  return fmt::format("{} at {}", name(end.fate), point_words(end.at));
}

std::optional<DeliveryEnd> delivery_end_from(std::string_view text) {
  const std::size_t colon = text.find(": ");
  const std::string_view word = text.substr(0, colon);
  const auto* const fate =
      std::ranges::find_if(fates, [&](Fate each) { return name(each) == word; });
  if (fate == fates.end()) return std::nullopt;
  if (*fate == Fate::accepted) {
    return colon == std::string_view::npos ? std::optional(DeliveryEnd{}) : std::nullopt;
  }
  if (colon == std::string_view::npos) return std::nullopt;
  const auto point = smtp::point_from(text.substr(colon + 2));
  if (!point || !is_on_the_way(*point)) return std::nullopt;
  return DeliveryEnd{*fate, *point};
}

bool is_on_the_way(Point point) { return std::ranges::find(way, point) != way.end(); }

}  // namespace badmx::client
