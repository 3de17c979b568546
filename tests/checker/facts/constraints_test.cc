#include "checker/facts/constraints.h"

#include "checker/facts/certificate_facts.h"
#include "tests/checker/test_diagnosis.h"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace badmx::checker {
namespace {

using testing::ca;
using testing::CertificateRecipe;
using testing::TestPki;

// The limits that a leaf with these names breaks under a CA with these constraints.
std::vector<std::string> broken(const std::string& constraints, const std::string& names) {
  TestPki pki;
  CertificateRecipe root = ca("Root", "root");
  root.constraints = constraints;
  pki.issue("root", root, "root");
  CertificateRecipe leaf;
  leaf.names = names;
  pki.issue("leaf", leaf, "root");
  const CertificateFacts low = read_certificate_facts(sent_at(0), pki["leaf"]);
  const CertificateFacts high = read_certificate_facts(trusted_at(0), pki["root"]);
  const std::vector<const CertificateFacts*> path{&low, &high};
  std::vector<std::string> limits;
  for (const ConstraintViolation& violation : judge_names(path).violations) {
    limits.push_back(violation.name + " " + violation.limit);
  }
  return limits;
}

using ::testing::ElementsAre;
using ::testing::IsEmpty;

TEST(NameConstraint, PermitsItsSubtreeOnly) {
  EXPECT_THAT(broken("permitted;DNS:lab.test", "DNS:mx.lab.test,DNS:lab.test"), IsEmpty());
  EXPECT_THAT(broken("permitted;DNS:lab.test", "DNS:mx.notlab.test"),
              ElementsAre("mx.notlab.test permitted: lab.test"));
}

TEST(NameConstraint, TakesAnyOfThePermitted) {
  EXPECT_THAT(broken("permitted;DNS:lab.test,permitted;DNS:localhost", "DNS:localhost"), IsEmpty());
}

TEST(NameConstraint, ExclusionOutweighsPermission) {
  EXPECT_THAT(broken("permitted;DNS:lab.test,excluded;DNS:mx.lab.test", "DNS:a.mx.lab.test"),
              ElementsAre("a.mx.lab.test excluded: mx.lab.test"));
}

TEST(NameConstraint, HoldsAWildcardToAllThatItCovers) {
  EXPECT_THAT(broken("permitted;DNS:lab.test", "DNS:*.lab.test"), IsEmpty());
  EXPECT_THAT(broken("permitted;DNS:mx.lab.test", "DNS:*.lab.test"),
              ElementsAre("*.lab.test permitted: mx.lab.test"));
  EXPECT_THAT(broken("excluded;DNS:secret.lab.test", "DNS:*.lab.test"),
              ElementsAre("*.lab.test excluded: secret.lab.test"));
}

TEST(NameConstraint, OfOneKindSaysNothingOfAnother) {
  EXPECT_THAT(broken("permitted;DNS:lab.test", "IP:192.0.2.1"), IsEmpty());
}

TEST(NameConstraint, LimitsAddressesByTheirMask) {
  const std::string net = "permitted;IP:192.0.2.0/255.255.255.0";
  EXPECT_THAT(broken(net, "IP:192.0.2.77"), IsEmpty());
  EXPECT_THAT(broken(net, "IP:198.51.100.1"),
              ElementsAre("198.51.100.1 permitted: 192.0.2.0/255.255.255.0"));
}

TEST(NameConstraint, LimitsMailboxesByHostOrDomain) {
  EXPECT_THAT(broken("permitted;email:lab.test", "email:a@lab.test"), IsEmpty());
  EXPECT_THAT(broken("permitted;email:lab.test", "email:a@mx.lab.test"),
              ElementsAre("a@mx.lab.test permitted: lab.test"));
  EXPECT_THAT(broken("permitted;email:.lab.test", "email:a@mx.lab.test"), IsEmpty());
  // Quoted or not, it is one mailbox; its case counts.
  EXPECT_THAT(broken("permitted;email:a.b@lab.test", "email:\"a.\\b\"@lab.test"), IsEmpty());
  EXPECT_THAT(broken("permitted;email:a@lab.test", "email:\"A\"@lab.test"),
              ElementsAre("\"A\"@lab.test permitted: a@lab.test"));
}

TEST(NameConstraint, ThatIsEmptyHoldsAllNamesOfItsKind) {
  for (const char* const name :
       {"email:a@lab.test", "URI:http://mx.lab.test/x", "DNS:mx.lab.test"}) {
    TestPki pki;
    CertificateRecipe root = ca("Root", "root");
    root.constraints = "permitted;" +
                       std::string(name).substr(0, std::string_view(name).find(':')) +
                       ":other.test";
    pki.issue("root", root, "root");
    CertificateRecipe leaf;
    leaf.names = name;
    pki.issue("leaf", leaf, "root");
    const CertificateFacts low = read_certificate_facts(sent_at(0), pki["leaf"]);
    CertificateFacts high = read_certificate_facts(trusted_at(0), pki["root"]);
    const std::vector<const CertificateFacts*> path{&low, &high};
    EXPECT_THAT(judge_names(path).violations, ::testing::SizeIs(1)) << name;
    // OpenSSL's configuration can't say it empty.
    high.read->name_constraints->permitted[0].value.clear();
    EXPECT_THAT(judge_names(path).violations, IsEmpty()) << name;
    std::swap(high.read->name_constraints->permitted, high.read->name_constraints->excluded);
    EXPECT_THAT(judge_names(path).violations, ::testing::SizeIs(1)) << name;
  }
}

// Three CAs; the topmost allows `limit` below it.
std::size_t path_length_findings(int limit, bool self_issued) {
  TestPki pki;
  CertificateRecipe root = ca("Root", "root");
  root.basic = "critical,CA:TRUE,pathlen:" + std::to_string(limit);
  pki.issue("root", root, "root");
  pki.issue("middle", ca(self_issued ? "Root" : "Middle", "middle"), "root");
  pki.issue("leaf", CertificateRecipe{}, "middle");
  const CertificateFacts leaf = read_certificate_facts(sent_at(0), pki["leaf"]);
  const CertificateFacts middle = read_certificate_facts(sent_at(1), pki["middle"]);
  const CertificateFacts top = read_certificate_facts(trusted_at(0), pki["root"]);
  const std::vector<const CertificateFacts*> path{&leaf, &middle, &top};
  return path_length_violations(path).size();
}

TEST(PathLength, CountsTheCasBelowThatAreNotSelfIssued) {
  EXPECT_EQ(path_length_findings(1, false), 0U);
  EXPECT_EQ(path_length_findings(0, false), 1U);
  EXPECT_EQ(path_length_findings(0, true), 0U);
}

TEST(NameConstraint, OfOtherKindsAreCompared) {
  EXPECT_THAT(broken("permitted;URI:.lab.test", "URI:http://mx.lab.test/x,DNS:a.test"), IsEmpty());
  EXPECT_THAT(broken("permitted;URI:lab.test", "URI:http://mx.lab.test/x"),
              ElementsAre("http://mx.lab.test/x permitted: lab.test"));
  EXPECT_THAT(broken("permitted;URI:lab.test", "URI:urn:x:y"),
              ElementsAre("urn:x:y permitted: lab.test"));
  EXPECT_THAT(broken("permitted;email:lab.test", "email:a@lab.test"), IsEmpty());
  EXPECT_THAT(broken("permitted;email:lab.test", "email:a@b@lab.test"),
              ElementsAre("a@b@lab.test permitted: lab.test"));
  EXPECT_THAT(broken("permitted;email:a@lab.test", "email:A@lab.test"),
              ElementsAre("A@lab.test permitted: a@lab.test"));
  EXPECT_THAT(broken("excluded;RID:1.2.3", "RID:1.2.4"),
              ElementsAre("a name of a kind that nobody compares excluded: a name of a kind that "
                          "nobody compares"));
}

TEST(NameConstraint, MoreThanAMebiOfComparisonsAreNotMade) {
  std::string names;
  std::string constraints;
  for (int i = 0; i < 1100; ++i) {
    names += (i > 0 ? ",DNS:n" : "DNS:n") + std::to_string(i) + ".test";
    constraints += (i > 0 ? ",excluded;DNS:x" : "excluded;DNS:x") + std::to_string(i) + ".test";
  }
  TestPki pki;
  CertificateRecipe root = ca("Root", "root");
  root.constraints = constraints;
  pki.issue("root", root, "root");
  CertificateRecipe leaf;
  leaf.names = names;
  pki.issue("leaf", leaf, "root");
  Criteria criteria = testing::criteria_for({pki["root"]});
  criteria.names = {"n7.test"};
  EXPECT_THAT(
      testing::short_text(diagnose(testing::observation_of({pki["leaf"]}), criteria).findings),
      ::testing::Contains("name-constraints-too-many: sent[0]"));
}

}  // namespace
}  // namespace badmx::checker
