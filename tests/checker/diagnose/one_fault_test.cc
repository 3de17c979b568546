#include "checker/diagnose/diagnose.h"
#include "checker/rules/rules.h"
#include "checker/senders/sender_profiles.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <vector>

namespace badmx::checker {
namespace {

using testing::ca;
using testing::CertificateRecipe;
using testing::criteria_for;
using ::testing::ElementsAre;
using testing::healthy_pki;
using ::testing::IsEmpty;
using testing::observation_of;
using testing::outcomes;
using testing::short_text;
using testing::test_moment;
using testing::TestPki;
using ::testing::UnorderedElementsAre;

using Lines = std::vector<std::string>;

struct LeafCase {
  std::string label;
  CertificateRecipe draw;
  Lines findings;
  std::string outcomes;
};

CertificateRecipe with(void (*change)(CertificateRecipe&)) {
  CertificateRecipe draw;
  change(draw);
  return draw;
}

class LeafFault : public ::testing::TestWithParam<LeafCase> {};

TEST_P(LeafFault, IsFoundAlone) {
  TestPki pki = healthy_pki();
  pki.issue("leaf", GetParam().draw, "intermediate");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_EQ(short_text(diagnosis.findings), GetParam().findings);
  EXPECT_EQ(outcomes(diagnosis), GetParam().outcomes);
}

INSTANTIATE_TEST_SUITE_P(
    Each, LeafFault,
    ::testing::Values(
        LeafCase{"expired",
                 with([](CertificateRecipe& d) { d.from = -120, d.to = -30; }),
                 {"certificate-expired: sent[0]"},
                 "ddrr"},
        LeafCase{"early",
                 with([](CertificateRecipe& d) { d.from = 5; }),
                 {"certificate-not-yet-valid: sent[0]"},
                 "ddrr"},
        LeafCase{"wrong_host",
                 with([](CertificateRecipe& d) { d.names = "DNS:mail.lab.test"; }),
                 {"name-mismatch: sent[0]"},
                 "dddr"},
        LeafCase{"mail_domain",
                 with([](CertificateRecipe& d) { d.names = "DNS:lab.test"; }),
                 {"name-mismatch: sent[0]"},
                 "dddr"},
        LeafCase{"wildcard",
                 with([](CertificateRecipe& d) { d.names = "DNS:*.lab.test,DNS:mx.lab.test"; }),
                 {},
                 "dddd"},
        LeafCase{"cn_only",
                 with([](CertificateRecipe& d) { d.names = ""; }),
                 {"name-only-in-cn: sent[0]"},
                 "dddr"},
        LeafCase{"cn_is_not_asked_beside_names",
                 with([](CertificateRecipe& d) { d.names = "DNS:mail.lab.test"; }),
                 {"name-mismatch: sent[0]"},
                 "dddr"},
        LeafCase{"duplicate",
                 with([](CertificateRecipe& d) { d.again = {"subjectAltName"}; }),
                 {"extension-duplicate: sent[0]"},
                 "ddrr"},
        LeafCase{"critical",
                 with([](CertificateRecipe& d) { d.critical_oid = "1.3.6.1.4.1.55555.1"; }),
                 {"extension-critical-unknown: sent[0]"},
                 "ddrr"},
        LeafCase{"malformed_san",
                 with([](CertificateRecipe& d) { d.names = "", d.raw_oid = "2.5.29.17"; }),
                 {"extension-malformed: sent[0]"},
                 "ddrr"},
        LeafCase{"sha1",
                 with([](CertificateRecipe& d) { d.digest = "sha1"; }),
                 {"signature-weak: sent[0]"},
                 "ddrr"},
        LeafCase{"rsa1024",
                 with([](CertificateRecipe& d) { d.key = "weak", d.rsa_bits = 1024; }),
                 {"key-weak: sent[0]"},
                 "ddrr"},
        LeafCase{"client",
                 with([](CertificateRecipe& d) { d.extended = "clientAuth"; }),
                 {"purpose-not-server: sent[0]"},
                 "ddrr"},
        LeafCase{"any_usage",
                 with([](CertificateRecipe& d) { d.extended = "anyExtendedKeyUsage"; }),
                 {"purpose-any-only: sent[0]"},
                 "dddd"},
        LeafCase{"no_exchange",
                 with([](CertificateRecipe& d) { d.usage = "critical,dataEncipherment"; }),
                 {"purpose-not-server: sent[0]"},
                 "ddrr"},
        LeafCase{
            "outside_constraint",
            with([](CertificateRecipe& d) { d.names = "DNS:mx.lab.test,DNS:mx.elsewhere.test"; }),
            {"name-constraint-violated: sent[0]"},
            "ddrr"},
        LeafCase{"key_id",
                 with([](CertificateRecipe& d) { d.issuer_key_of = "somebody"; }),
                 {"authority-key-id-mismatch: sent[0]"},
                 "ddrr"},
        LeafCase{"two_faults",
                 with([](CertificateRecipe& d) {
                   d.from = -120, d.to = -30, d.names = "DNS:mail.lab.test";
                 }),
                 {"certificate-expired: sent[0]", "name-mismatch: sent[0]"},
                 "ddrr"}),
    [](const auto& instance) { return instance.param.label; });

struct CaCase {
  std::string label;
  CertificateRecipe draw;
  Lines findings;
};

CertificateRecipe ca_with(void (*change)(CertificateRecipe&)) {
  CertificateRecipe draw = ca("Lab Intermediate", "intermediate");
  change(draw);
  return draw;
}

class IntermediateFault : public ::testing::TestWithParam<CaCase> {};

TEST_P(IntermediateFault, IsFoundAtTheIntermediate) {
  TestPki pki = healthy_pki();
  pki.issue("intermediate", GetParam().draw, "root");
  const Diagnosis diagnosis =
      diagnose(observation_of({pki["leaf"], pki["intermediate"]}), criteria_for({pki["root"]}));
  EXPECT_EQ(short_text(diagnosis.findings), GetParam().findings);
  EXPECT_EQ(outcomes(diagnosis), "ddrr");
}

INSTANTIATE_TEST_SUITE_P(
    Each, IntermediateFault,
    ::testing::Values(CaCase{"expired",
                             ca_with([](CertificateRecipe& d) { d.to = -1; }),
                             {"certificate-expired: sent[1]"}},
                      CaCase{"no_ca",
                             ca_with([](CertificateRecipe& d) { d.basic = "critical,CA:FALSE"; }),
                             {"issuer-not-ca: sent[1]"}},
                      CaCase{"no_basic_constraints",
                             ca_with([](CertificateRecipe& d) { d.basic = ""; }),
                             {"issuer-not-ca: sent[1]"}},
                      CaCase{"no_cert_sign",
                             ca_with([](CertificateRecipe& d) {
                               d.usage = "critical,digitalSignature";
                             }),
                             {"issuer-not-ca: sent[1]"}},
                      CaCase{"sha1",
                             ca_with([](CertificateRecipe& d) { d.digest = "sha1"; }),
                             {"signature-weak: sent[1]"}},
                      CaCase{"for_clients",
                             ca_with([](CertificateRecipe& d) { d.extended = "clientAuth"; }),
                             {"purpose-not-server: sent[1]"}}),
    [](const auto& instance) { return instance.param.label; });

}  // namespace
}  // namespace badmx::checker
