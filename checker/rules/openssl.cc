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
         .title =
             "There is a valid certification path to a trusted root, and OpenSSL doesn't find it",
         .explanation =
             "Of several certification paths, OpenSSL takes one and doesn't go back when it is "
             "broken. Senders that verify with it refuse; those that try every path "
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
         .title = "OpenSSL rejects the chain for a reason that badmx did not find",
         .explanation = "Most senders verify with OpenSSL, and it complains of something that none "
                        "of the findings explains.",
         .remedy = "Look up OpenSSL's words, which are in the evidence, and report the case.",
         .where = "leaf",
         .evidence = openssl_evidence},
};

}  // namespace

std::span<const Rule> policy_rules() { return policy_rows; }

}  // namespace badmx::checker
