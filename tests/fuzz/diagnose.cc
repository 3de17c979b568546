// A diagnosis of arbitrary certificates. The input is a list of them, each behind two octets of
// length and one that says where it goes: 0 sent, 1 trusted, 2 given, and likewise from 3 up.
#include "checker/diagnose/diagnose.h"

#include "tests/fuzz/claim.h"

#include <algorithm>
#include <array>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

using namespace badmx;

namespace {

// A few are enough for every rule; more only make a run slower.
constexpr std::size_t most_certificates = 12;

std::array<std::vector<x509::Bytes>, 3> certificates_in(std::span<const std::uint8_t> input) {
  std::array<std::vector<x509::Bytes>, 3> places;
  for (std::size_t count = 0; input.size() >= 3 && count < most_certificates; ++count) {
    const std::size_t said = std::size_t{input[0]} * 256 + input[1];
    const std::size_t place = input[2] % places.size();
    input = input.subspan(3);
    const std::size_t length = std::min(said, input.size());
    places[place].push_back(x509::copy(input.first(length)));
    input = input.subspan(length);
  }
  return places;
}

checker::Observation observation_of(std::vector<x509::Bytes> chain) {
  checker::Attempt attempt;
  attempt.reached = smtp::Point::quit;
  attempt.layer = net::Layer::tls;
  attempt.greeting.code = 220;
  attempt.ehlo = {.code = 250, .lines = {"mx.lab.test", "STARTTLS"}};
  attempt.starttls.code = 220;
  attempt.ehlo_tls.code = 250;
  attempt.handshake_done = true;
  attempt.certificate_seen = true;
  attempt.chain = std::move(chain);
  checker::Observation observation;
  observation.origin = "127.0.0.1:25";
  observation.attempts.push_back(std::move(attempt));
  return observation;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  auto [sent, trusted, given] = certificates_in({data, size});
  checker::Criteria criteria;
  criteria.names = {"mx.healthy.badmx.test"};
  criteria.trust = std::move(trusted);
  criteria.intermediates = std::move(given);
  criteria.moment = x509::Moment{std::chrono::seconds{1795600000}};  // 2026-11-25
  const std::size_t count = sent.size();
  const checker::Diagnosis diagnosis = checker::diagnose(observation_of(std::move(sent)), criteria);
  fuzz::claim(diagnosis.verdicts.size() == checker::all_policies.size(), "one verdict a policy");
  for (const checker::Finding& finding : diagnosis.findings) {
    fuzz::claim(finding.where.kind != checker::LocationKind::sent || finding.where.index < count,
                "a finding is on a certificate that was sent");
    fuzz::claim(finding.because_of.empty(), "a finding is no consequence");
  }
  return 0;
}
