// Tests against servers that are broken on purpose. Put your own sender in the place of the
// checker: it connects to server.host() and server.port(), verifies server.name(), and trusts
// server.trust_pem().
#include "checker/diagnose/diagnose.h"
#include "checker/probe/probe.h"
#include "fixtures/live_scenario.h"
#include "fixtures/matchers.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace {

using namespace badmx;
using checker::Policy;
using fixtures::LiveScenario;

checker::Diagnosis diagnose(const LiveScenario& server) {
  return checker::diagnose(checker::observe(server.target()), server.criteria());
}

TEST(Gateway, DeliversToAHealthyServer) {
  const LiveScenario server("healthy");
  EXPECT_THAT(diagnose(server), fixtures::FindsNothing());
}

TEST(Gateway, RefusesAnExpiredCertificate) {
  const LiveScenario server("expired-leaf");
  EXPECT_THAT(diagnose(server), fixtures::Refuses(Policy::verify));
}

TEST(Gateway, SaysBothFaultsOfACertificate) {
  const LiveScenario server("expired-leaf+wrong-host");
  EXPECT_THAT(diagnose(server), fixtures::FindsExactly({"certificate-expired", "name-mismatch"}));
}

TEST(Gateway, SendsNoMailInTheClearWhenStarttlsIsRefused) {
  const LiveScenario server("starttls-refused-454");
  diagnose(server);
  for (const auto& connection : server.wait_for_records(1)) {
    EXPECT_EQ(connection.delivered, server::Delivered::no);
  }
}

}  // namespace
