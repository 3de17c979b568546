#include "net/smtp/point.h"

#include "net/transcript.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace badmx::smtp {
namespace {

TEST(Point, HasANameThatLeadsBackToIt) {
  EXPECT_EQ(all_points().size(), 14U);
  for (const Point point : all_points()) {
    EXPECT_EQ(point_from(name(point)), point);
  }
  EXPECT_EQ(name(Point::starttls), "starttls");
  EXPECT_EQ(point_from("STARTTLS"), std::nullopt);
  EXPECT_EQ(point_from(""), std::nullopt);
}

TEST(TlsMode, HasANameThatLeadsBackToIt) {
  for (const TlsMode mode : {TlsMode::starttls, TlsMode::implicit, TlsMode::plain}) {
    EXPECT_EQ(tls_mode_from(name(mode)), mode);
  }
  EXPECT_EQ(tls_mode_from("smtps"), std::nullopt);
  EXPECT_EQ(net::name(net::Layer::clear), "clear");
  EXPECT_EQ(net::name(net::Layer::tls), "tls");
}

}  // namespace
}  // namespace badmx::smtp
