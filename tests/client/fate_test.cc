#include "client/fate.h"

#include <gtest/gtest.h>

#include <optional>

namespace badmx::client {
namespace {

using smtp::Point;

TEST(Fate, IsWrittenWithThePointThatDecidedIt) {
  EXPECT_EQ(text({Fate::accepted, Point::message}), "accepted");
  EXPECT_EQ(text({Fate::rejected, Point::rcpt}), "rejected: rcpt");
  EXPECT_EQ(text({Fate::deferred, Point::connect}), "deferred: connect");
  EXPECT_EQ(text({Fate::lost, Point::data}), "lost: data");
}

TEST(Fate, HasWordsForPeople) {
  EXPECT_EQ(words({}), "accepted");
  EXPECT_EQ(words({Fate::rejected, Point::rcpt}), "rejected at RCPT");
  EXPECT_EQ(words({Fate::lost, Point::handshake}), "lost at the TLS handshake");
  EXPECT_EQ(words({Fate::deferred, Point::message}), "deferred at the end of the message");
}

TEST(Fate, IsReadAsItIsWritten) {
  for (const Fate fate : {Fate::rejected, Fate::deferred, Fate::lost}) {
    for (const Point point : smtp::all_points()) {
      const DeliveryEnd end{fate, point};
      EXPECT_EQ(delivery_end_from(text(end)),
                is_on_the_way(point) ? std::optional(end) : std::nullopt)
          << text(end);
    }
  }
  EXPECT_EQ(delivery_end_from("accepted"), DeliveryEnd{});
}

TEST(Fate, IsNothingElse) {
  for (const char* other : {"", "accept", "accepted: mail", "rejected", "rejected:", "rejected: ",
                            "rejected:mail", "rejected: Mail", "lost: mail ", "bounced: mail"}) {
    EXPECT_EQ(delivery_end_from(other), std::nullopt) << other;
  }
}

}  // namespace
}  // namespace badmx::client
