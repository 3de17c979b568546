// Serves every case of the suites that comes with its leaf's key from our own STARTTLS server,
// looks at it as `badmx check` does, and diagnoses what came over the wire: it must be what the
// files get.
//   conformance_served SUITES REVIEWED.tsv [SUITE…]
// Prints agreement and every difference. Exit: 0 all agree or are explained, 1 not, 77 no suites.
#include "checker/diagnose/diagnose.h"
#include "checker/probe/probe.h"
#include "server/smtp/server.h"
#include "tests/conformance/review.h"
#include "tests/conformance/suite.h"
#include "x509/pem.h"

#include <fmt/format.h>

#include <algorithm>
#include <fstream>
#include <iterator>
#include <optional>
#include <string>
#include <vector>

namespace badmx::conformance {
namespace {

// Of keys in any of their forms; nothing where there is none.
std::optional<x509::Bytes> key_of(const Case& one) {
  std::ifstream stream(one.folder / "key.pem", std::ios::binary);
  const std::string text{std::istreambuf_iterator<char>(stream), {}};
  for (x509::PemBlock& block : x509::read_pem_blocks(text)) {
    if (block.label.ends_with("PRIVATE KEY") && block.whole) return std::move(block.der);
  }
  return std::nullopt;
}

server::Listener listener_of(const Case& one, x509::Bytes key) {
  server::ServerIdentity identity;
  identity.identity.chain = one.observation.attempts.front().chain;
  identity.identity.key = std::move(key);
  server::Conversation conversation;
  conversation.hostname = "mx.badmx.test";
  conversation.identities.push_back(std::move(identity));
  server::Listener listener;
  listener.scenario = one.id;
  listener.behaviour.connections.push_back(std::move(conversation));
  listener.addresses = {"127.0.0.1"};
  return listener;
}

std::vector<std::string> codes(const checker::Diagnosis& diagnosis) {
  std::vector<std::string> all;
  for (const auto* list : {&diagnosis.findings, &diagnosis.consequences}) {
    for (const checker::Finding& finding : *list) {
      all.push_back(finding.code + " at " + checker::text(finding.where));
    }
  }
  std::ranges::sort(all);
  return all;
}

// What the wire gets that the files don't, and the other way round; empty when they agree.
std::string difference(const checker::Diagnosis& files, const checker::Diagnosis& wire) {
  const std::vector<std::string> expected = codes(files);
  const std::vector<std::string> found = codes(wire);
  std::vector<std::string> missing;
  std::vector<std::string> surplus;
  std::ranges::set_difference(expected, found, std::back_inserter(missing));
  std::ranges::set_difference(found, expected, std::back_inserter(surplus));
  std::string text;
  if (!missing.empty()) text += fmt::format("not over the wire: {}; ", fmt::join(missing, ", "));
  if (!surplus.empty()) text += fmt::format("only over the wire: {}; ", fmt::join(surplus, ", "));
  if (text.empty() && files.verdicts != wire.verdicts) text = "other verdicts; ";
  return text.substr(0, text.empty() ? 0 : text.size() - 2);
}

Tally hold_all(const std::string& suite, const std::vector<Case>& cases, Job& job) {
  std::vector<const Case*> served;
  std::vector<server::Listener> listeners;
  for (const Case& one : cases) {
    auto key = key_of(one);
    if (!key || one.observation.attempts.front().chain.empty()) continue;
    served.push_back(&one);
    listeners.push_back(listener_of(one, std::move(*key)));
  }
  const server::Server server(std::move(listeners));
  std::vector<checker::Target> targets(served.size());
  for (std::size_t i = 0; i < served.size(); ++i) {
    targets[i].host = targets[i].address = "127.0.0.1";
    targets[i].port = server.port(i);
  }
  const auto observations = checker::observe_all(targets, 32, 1, {});
  Tally tally;
  for (std::size_t i = 0; i < served.size(); ++i) {
    const Case& one = *served[i];
    hold(suite + "/" + one.id,
         difference(checker::diagnose(one.observation, one.criteria),
                    checker::diagnose(observations[i], one.criteria)),
         job, tally);
  }
  return tally;
}

int run(Job& job) {
  bool failed = false;
  std::string table;
  for (const std::string& name : job.names) {
    const std::vector<Case> cases = read_suite(job.suites / name);
    const Tally tally = hold_all(name, cases, job);
    failed = !all_met(job, name) || tally.failed || failed;
    table += fmt::format("{:24} {:3} cases, {:3} served, {:3} as from the files, {:2} explained\n",
                         name, cases.size(), tally.cases, tally.same, tally.explained);
  }
  fmt::print("\n{}", table);
  return failed ? 1 : 0;
}

}  // namespace
}  // namespace badmx::conformance

int main(int argc, char** argv) {
  return badmx::conformance::run_job(argc, argv, badmx::conformance::run);
}
