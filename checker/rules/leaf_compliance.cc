// How a server's own certificate must be made: as compliance.cc, of the leaf alone.
#include "checker/facts/certificate_compliance.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"
#include "checker/rules/asked_certificates.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

constexpr std::array<std::string_view, 2> common_name_evidence{"subject", "common-name"};
constexpr std::array<std::string_view, 2> name_evidence{"subject", "name"};
constexpr std::array<std::string_view, 2> valid_evidence{"subject", "valid"};
constexpr std::array<std::string_view, 2> leaf_why_evidence{"subject", "why"};

constexpr std::array leaf_compliance_rows{
    Rule{.code = "key-usage-without-ca",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.9",
         .title = "A certificate may sign others and is no CA's",
         .explanation = "keyCertSign without CA:TRUE contradicts itself.",
         .remedy = "Get the certificate issued without keyCertSign.",
         .where = "leaf",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "key-usage-without-ca", "",
                               [](const Facts& f, const CertificateFacts& c) {
                                 return said_if(signs_without_being_ca(c) && !issued_another(f, c));
                               });
             }},
    Rule{.code = "dns-name-malformed",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.6",
         .title = "A certificate holds a DNS name that is none",
         .explanation = "Names have to be host names: letters, digits, hyphens within. Some "
                        "libraries reject the certificate for an underscore.",
         .remedy = "Get the certificate issued with host names only.",
         .where = "leaf",
         .evidence = name_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(
                   facts, "dns-name-malformed", "name",
                   [](const Facts&, const CertificateFacts& c) { return malformed_dns_names(c); });
             }},
    Rule{.code = "common-name-not-among-names",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 7.1.4.3",
         .title = "The common name isn't among the Subject Alternative Names",
         .explanation = "A public CA's certificate repeats one of its names there, letter by "
                        "letter, or has none. Senders don't look at it where there are alternative "
                        "names.",
         .remedy = "Get the certificate issued with the common name among its SANs.",
         .where = "leaf",
         .evidence = common_name_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(
                   facts, "common-name-not-among-names", "common-name",
                   [](const Facts& f, const CertificateFacts& c) {
                     return unless_empty(is_leaf(f, c) ? common_name_not_among_names(c) : "");
                   });
             }},
    Rule{.code = "extended-key-usage-noncompliant",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 7.1.2.7.10",
         .title = "A certificate's extended key usage isn't a public server's",
         .explanation = "A public CA's server certificate names serverAuth, and neither "
                        "anyExtendedKeyUsage nor signing; a public root's has none.",
         .remedy = "Get a certificate with serverAuth alone, or with clientAuth beside.",
         .where = "leaf",
         .evidence = leaf_why_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "extended-key-usage-noncompliant", "why",
                               [](const Facts& f, const CertificateFacts& c) {
                                 return unless_empty(
                                     why_extended_key_usage_unfit(c, f.criteria, is_leaf(f, c)));
                               });
             }},
    Rule{.code = "key-not-allowed",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 6.1.5",
         .title = "A certificate's key is of a kind that public CAs don't certify",
         .explanation = "Public CAs certify RSA keys in whole bytes and keys on P-256, P-384 and "
                        "P-521.",
         .remedy = "Make a new key (EC P-256 or RSA 2048) and a certificate for it.",
         .where = "leaf",
         .evidence = key_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "key-not-allowed", "key",
                               [](const Facts&, const CertificateFacts& c) {
                                 return unless_empty(why_key_not_allowed(c));
                               });
             }},
    Rule{.code = "leaf-is-ca",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 7.1.2.7.8",
         .title = "The server's own certificate is a CA's",
         .explanation = "It may issue certificates itself: whoever gets the server's key can "
                        "issue for any name. OpenSSL's `req -x509` makes such ones unless told "
                        "otherwise.",
         .remedy = "Get a certificate with CA:FALSE for the server.",
         .where = "leaf",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "leaf-is-ca", "",
                               [](const Facts& f, const CertificateFacts& c) {
                                 return said_if(is_leaf(f, c) && is_ca(c) &&
                                                c.where.kind != LocationKind::trusted);
                               });
             }},
    Rule{.code = "validity-too-long",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 6.3.2",
         .title = "A certificate is valid for longer than public CAs may issue",
         .explanation = "The limit was 825 days from 2018 on, 398 from September 2020, is 200 "
                        "from March 2026, and will be 100 and 47. Private CAs needn't care; mail "
                        "senders don't look.",
         .remedy = "Renew it automatically, and for shorter.",
         .where = "leaf",
         .evidence = valid_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "validity-too-long", "valid",
                               [](const Facts& f, const CertificateFacts& c) {
                                 return unless_empty(is_leaf(f, c) ? why_valid_too_long(c) : "");
                               });
             }},
    Rule{.code = "wildcard-over-public-suffix",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 3.2.2.6",
         .title = "A wildcard covers everybody's names under a public suffix",
         .explanation = "Nobody owns all names there, so no public CA issues it, and libraries "
                        "that know the public suffix list refuse the match.",
         .remedy = "Get a certificate for names of your own.",
         .where = "leaf",
         .evidence = name_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "wildcard-over-public-suffix", "name",
                               [](const Facts&, const CertificateFacts& c) {
                                 return wildcards_over_public_suffix(c);
                               });
             }},
};

}  // namespace

std::span<const Rule> leaf_compliance_rules() { return leaf_compliance_rows; }

}  // namespace badmx::checker
