// What senders make of it beyond what the other rows explain.
#include "checker/rules/tables.h"

#include <array>

namespace badmx::checker {
namespace {

constexpr std::array<std::string_view, 1> openssl_evidence{"openssl"};

constexpr std::array policy_rows{
    Rule{.code = "path-not-found-by-openssl",
         .layer = FindingLayer::policy,
         .effects = nobody_minds,
         .reference = "RFC 5280 6",
         .tlsrpt = "certificate-not-trusted",
         .title = "A good path to a trusted root is there, and OpenSSL doesn't find it",
         .explanation = "Of several ways up, OpenSSL takes one and doesn't go back when it is "
                        "broken. Senders that verify with it refuse; those that try every way "
                        "(Go, Windows) deliver.",
         .remedy = "Send only the certificates of the good path, each followed by its issuer.",
         .where = "leaf",
         .evidence = openssl_evidence},
    Rule{.code = "openssl-rejects",
         .layer = FindingLayer::policy,
         .effects = no_trust,
         .fix_at = FixAt::undecided,
         .reference = "RFC 5280 6.1",
         .tlsrpt = "certificate-not-trusted",
         .title = "OpenSSL refuses the chain for a reason not found here",
         .explanation = "Most senders verify with OpenSSL, and it complains of something that none "
                        "of the findings explains.",
         .remedy = "Look up OpenSSL's words, which stand with the evidence, and report the case.",
         .where = "leaf",
         .evidence = openssl_evidence},
};

}  // namespace

std::span<const Rule> policy_rules() { return policy_rows; }

}  // namespace badmx::checker
