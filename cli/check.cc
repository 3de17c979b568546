// `badmx check`: the diagnosis of any server, transcript or file.
#include "checker/diagnose/diagnose.h"
#include "checker/diagnose/mended_chain.h"
#include "checker/observation_json.h"
#include "checker/paste/trust.h"
#include "checker/probe/fetch_issuers.h"
#include "checker/sender_policy.h"
#include "checker/senders/bounce.h"
#include "cli/check_bulk.h"
#include "cli/check_input.h"
#include "cli/choice.h"
#include "cli/exit_code.h"
#include "cli/failure.h"
#include "cli/options.h"
#include "cli/report.h"
#include "cli/reproduce.h"
#include "cli/terminal.h"
#include "x509/pem.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <exception>
#include <optional>
#include <span>
#include <stdexcept>
#include <thread>
#include <utility>

namespace badmx::cli {
namespace {

constexpr std::array<std::string_view, 4> severities{"note", "warning", "error", "never"};
constexpr std::array<std::string_view, 2> views{"report", "s_client"};

// Diagnoses are independent of each other: with many, all cores make them.
std::vector<Result> judge(Cases& cases, bool fetches_issuers,
                          std::span<const checker::Explanation> bounce) {
  std::vector<Result> results(cases.each.size());
  std::atomic<std::size_t> next{0};
  std::atomic<bool> failed{false};
  std::exception_ptr failure;
  const auto work = [&] {
    checker::Criteria criteria = cases.common;
    try {
      for (std::size_t i = next++; i < cases.each.size(); i = next++) {
        Case& one = cases.each[i];
        criteria.names = one.names;
        criteria.moment = one.moment;
        if (fetches_issuers) checker::fetch_issuers(one.observation, criteria, {});
        results[i].diagnosis = checker::diagnose(one.observation, criteria);
        for (const NamedTrust& store : cases.stores) {
          checker::Criteria other = criteria;
          other.trust = store.anchors;
          results[i].diagnosis.stores.push_back(
              {.store = store.name,
               .verdicts = checker::diagnose(one.observation, other).verdicts});
        }
        results[i].diagnosis.bounce = checker::explain_bounce(bounce, results[i].diagnosis);
        results[i].observation = std::move(one.observation);
        results[i].from_list = one.from_list;
      }
    } catch (...) {
      if (!failed.exchange(true)) failure = std::current_exception();
    }
  };
  const unsigned cores = std::clamp(std::thread::hardware_concurrency(), 1U, 8U);
  if (cases.each.size() < 8 || cores == 1) {
    work();
  } else {
    std::vector<std::jthread> threads;
    for (unsigned i = 0; i < cores; ++i) threads.emplace_back(work);
  }
  if (failure) std::rethrow_exception(failure);
  return results;
}

// What the bounce or log says; empty when none was given.
std::vector<checker::Explanation> bounce_in(const std::string& file) {
  if (file.empty()) return {};
  std::string content;
  try {
    content = checker::load_text(file);
  } catch (const std::runtime_error& error) {
    throw Failure(exit_usage, fmt::format("--bounce: {}", error.what()));
  }
  auto says = checker::explain_line(checker::readable_bounce(content));
  if (says.empty()) {
    throw Failure(
        exit_usage,
        fmt::format("--bounce: {}: no line of it is known; badmx list findings shows what "
                    "can be found, and badmx explain takes a single line",
                    file));
  }
  return says;
}

int check_exit_code(const std::vector<Result>& results, std::optional<checker::Policy> policy,
                    std::size_t fail_on) {
  int code = exit_fine;
  for (const Result& result : results) {
    code = worse(code, exit_code_of(result.observation, result.diagnosis, policy, fail_on));
  }
  return code;
}

std::optional<checker::Severity> threshold(std::size_t fail_on) {
  if (fail_on >= 3) return std::nullopt;
  return static_cast<checker::Severity>(fail_on);
}

void save(const std::vector<Result>& results, const std::string& file) {
  if (file.empty()) return;
  const Result& only = only_result(results, "--save keeps one observation");
  write_to(file, checker::observation_json(only.observation) + "\n");
}

void write_chain(const std::vector<Result>& results, checker::Criteria criteria,
                 const std::string& file) {
  if (file.empty()) return;
  const Result& result = only_result(results, "--write-chain writes one chain");
  criteria.names = result.diagnosis.grounds.names;
  criteria.moment = result.diagnosis.grounds.moment;
  const auto chain = checker::mended_chain(result.observation, criteria);
  if (!chain) {
    throw Failure(exit_findings,
                  fmt::format("--write-chain: {} isn't written: no path leads to a trusted "
                              "certificate; give what is missing with --intermediates FILE or "
                              "allow --fetch-issuers",
                              file));
  }
  std::string pem;
  for (const x509::Bytes& certificate : *chain) pem += x509::pem("CERTIFICATE", certificate);
  write_to(file, pem);
}

// A long list is reported line by line, and nothing of a host is kept.
void refuse_what_is_for_one(const CheckOptions& options) {
  const std::pair<const std::string&, std::string_view> all[] = {
      {options.save, "--save"},
      {options.write_chain, "--write-chain"},
      {options.reproduce, "--reproduce"},
      {options.bounce, "--bounce"}};
  for (const auto& [value, option] : all) {
    if (value.empty()) continue;
    throw Failure(exit_usage, fmt::format("{} is for one input, and --input takes a list", option));
  }
}

}  // namespace

int run_check(const CheckOptions& options) {
  const auto policy = chosen_policy(options.policy);
  const std::size_t fail_on = chosen_place("--fail-on", options.fail_on, severities);
  const std::size_t view = chosen_place("--view", options.view, views);
  if (!options.input.empty()) {
    refuse_what_is_for_one(options);
    return run_check_bulk(options, policy, fail_on);
  }
  if (options.inputs.empty()) {
    throw Failure(exit_usage, "check: what is to be checked? HOST[:PORT], a file, -, or --input");
  }
  const auto bounce = bounce_in(options.bounce);
  Cases cases = read_cases(options);
  Report report{.output = options.output,
                .view = static_cast<View>(view),
                .detail = options.verbose ? checker::Detail::verbose : checker::Detail::normal,
                .junit = {.fail_on = threshold(fail_on), .policy = policy},
                .domain = options.domain,
                .results = judge(cases, options.fetch_issuers, bounce)};
  save(report.results, options.save);
  write_chain(report.results, cases.common, options.write_chain);
  write_report(report);
  if (!options.reproduce.empty()) write_copy(report.results, cases.common, options);
  return check_exit_code(report.results, policy, fail_on);
}

}  // namespace badmx::cli
