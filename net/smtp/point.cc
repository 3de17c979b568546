#include "net/smtp/point.h"

#include <algorithm>
#include <array>

namespace badmx::smtp {
namespace {

struct PointRow {
  Point point;
  std::string_view name;
};

constexpr std::array<PointRow, 14> point_rows = {{
    {Point::connect, "connect"},
    {Point::ehlo, "ehlo"},
    {Point::helo, "helo"},
    {Point::starttls, "starttls"},
    {Point::handshake, "handshake"},
    {Point::auth, "auth"},
    {Point::mail, "mail"},
    {Point::rcpt, "rcpt"},
    {Point::data, "data"},
    {Point::message, "message"},
    {Point::rset, "rset"},
    {Point::noop, "noop"},
    {Point::quit, "quit"},
    {Point::unknown, "unknown"},
}};

constexpr std::array<Point, point_rows.size()> make_points() {
  std::array<Point, point_rows.size()> points{};
  std::transform(point_rows.begin(), point_rows.end(), points.begin(),
                 [](const PointRow& row) { return row.point; });
  return points;
}

constexpr std::array<Point, point_rows.size()> points = make_points();
constexpr std::array<TlsMode, 3> modes = {TlsMode::starttls, TlsMode::implicit, TlsMode::plain};

}  // namespace

std::string_view name(Point point) {
  const auto* const found = std::find_if(point_rows.begin(), point_rows.end(),
                                         [&](const PointRow& row) { return row.point == point; });
  return found == point_rows.end() ? "unknown" : found->name;
}

std::string_view name(TlsMode mode) {
  switch (mode) {
    case TlsMode::implicit:
      return "implicit";
    case TlsMode::plain:
      return "plain";
    case TlsMode::starttls:
      break;
  }
  return "starttls";
}

std::optional<Point> point_from(std::string_view text) {
  const auto* const found = std::find_if(point_rows.begin(), point_rows.end(),
                                         [&](const PointRow& row) { return row.name == text; });
  return found == point_rows.end() ? std::nullopt : std::optional(found->point);
}

std::optional<TlsMode> tls_mode_from(std::string_view text) {
  const auto* const found =
      std::find_if(modes.begin(), modes.end(), [&](TlsMode mode) { return name(mode) == text; });
  return found == modes.end() ? std::nullopt : std::optional(*found);
}

std::span<const Point> all_points() { return points; }

}  // namespace badmx::smtp
