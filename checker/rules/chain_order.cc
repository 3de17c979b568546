// What was sent beside the path, and in which order.
#include "checker/facts/certificate_facts.h"
#include "checker/facts/chain_facts.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

std::vector<Finding> out_of_order(const Facts& facts) {
  const auto places = path_as_sent(facts);
  auto sorted = places;
  std::ranges::sort(sorted);
  // The first that comes before one that it should follow.
  const auto early = std::ranges::mismatch(sorted, places).in1;
  if (early == sorted.end()) return {};
  std::string order;
  for (const std::size_t place : places) {
    order += (order.empty() ? "" : ", ") + text(sent_at(place));
  }
  return {make_finding("chain-out-of-order", sent_at(*early),
                       {{"subject", facts.sent[*early].subject}, {"right-order", order}})};
}

std::vector<Finding> certificates_duplicate(const Facts& facts) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < facts.sent.size(); ++i) {
    const auto earlier = earlier_copy(facts, i);
    if (!earlier) continue;
    findings.push_back(
        make_finding("chain-duplicate", sent_at(i),
                     {{"subject", facts.sent[i].subject}, {"same-as", text(sent_at(*earlier))}}));
  }
  return findings;
}

std::vector<Finding> unrelated(const Facts& facts) {
  if (!facts.leaf) return {};
  std::vector<Finding> findings;
  const auto related = related_to_leaf(facts);
  for (std::size_t i = 0; i < facts.sent.size(); ++i) {
    if (related[i] || !facts.sent[i].known() || earlier_copy(facts, i) || is_sent_root(facts, i)) {
      continue;
    }
    findings.push_back(
        make_finding("chain-unrelated", sent_at(i), {{"subject", facts.sent[i].subject}}));
  }
  return findings;
}

std::vector<Finding> root_sent(const Facts& facts) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < facts.sent.size(); ++i) {
    if (facts.leaf == i || !is_sent_root(facts, i) || earlier_copy(facts, i)) continue;
    findings.push_back(make_finding("root-sent", sent_at(i), {{"subject", facts.sent[i].subject}}));
  }
  return findings;
}

constexpr std::array<std::string_view, 2> order_evidence{"subject", "right-order"};
constexpr std::array<std::string_view, 2> duplicate_evidence{"subject", "same-as"};

constexpr std::array order_rows{
    Rule{
        .code = "chain-out-of-order",
        .layer = FindingLayer::chain,
        .effects = nobody_minds,
        .reference = "RFC 5246 7.4.2",
        .title = "The certificates aren't sent in the order in which they sign each other",
        .explanation = "TLS 1.2 demands the order; current libraries sort them out, old ones fail.",
        .remedy = "Order the chain file: the server's certificate, its issuer, that one's issuer.",
        .where = "intermediate",
        .evidence = order_evidence,
        .find = out_of_order},
    Rule{.code = "root-sent",
         .layer = FindingLayer::chain,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 8446 4.4.2",
         .title = "The trusted root is sent too",
         .explanation =
             "Who trusts it has it. It costs about a kilobyte in every handshake and does "
             "no harm; a TLSA record of usage 2 may even need it.",
         .remedy = "Leave it out of the chain file, unless a TLSA record names it.",
         .where = "root",
         .evidence = subject_evidence,
         .find = root_sent},
    Rule{.code = "chain-duplicate",
         .layer = FindingLayer::chain,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 8446 4.4.2",
         .title = "A certificate is sent twice",
         .explanation = "Two files were probably put together that both hold it. It does no harm.",
         .remedy = "Remove the second copy from the chain file.",
         .where = "leaf",
         .evidence = duplicate_evidence,
         .find = certificates_duplicate},
    Rule{.code = "chain-unrelated",
         .layer = FindingLayer::chain,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .reference = "RFC 8446 4.4.2",
         .title = "A certificate is sent that has nothing to do with the server's",
         .explanation = "No line of issuers leads to it: it is left over from another CA, or the "
                        "wrong file was installed.",
         .remedy = "Remove it from the chain file.",
         .where = "leaf",
         .evidence = subject_evidence,
         .find = unrelated},
};

}  // namespace

std::span<const Rule> order_rules() { return order_rows; }

}  // namespace badmx::checker
