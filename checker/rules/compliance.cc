// How certificates must be made, beyond what today's senders look at: notes for the profile
// `current`, refusals for those that hold certificates to a standard.
#include "checker/facts/certificate_compliance.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"
#include "checker/rules/path_findings.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

// Said by the certificate's subject, which is evidence anyway.
Words said_if(bool is_so) { return is_so ? Words{""} : Words{}; }

// Whatever it says of itself: another that was sent names it as its issuer.
bool issued_another(const Facts& facts, const CertificateFacts& certificate) {
  return std::ranges::any_of(facts.sent, [&certificate](const CertificateFacts& other) {
    return other.where != certificate.where && other.der != certificate.der &&
           issuer_name_matches(other, certificate);
  });
}

bool is_leaf(const Facts& facts, const CertificateFacts& certificate) {
  return !facts.path.certificates.empty() && facts.path.certificates.front() == certificate.where &&
         !issued_another(facts, certificate);
}

// An anchor is what the sender chose to trust: only who demands a standard asks how it was made.
bool is_asked(const Facts& facts, const CertificateFacts& certificate) {
  if (certificate.where.kind != LocationKind::trusted) return true;
  if (facts.criteria.profile == Profile::current) return false;
  return facts.criteria.anchors.constraints || is_leaf(facts, certificate);
}

// About the certificates of the path that are asked how they were made.
std::vector<Finding> on_asked(
    const Facts& facts, std::string_view code, std::string_view evidence,
    const std::function<Words(const Facts&, const CertificateFacts&)>& words) {
  std::vector<const CertificateFacts*> asked = members(facts, facts.path);
  std::erase_if(asked, [&](const CertificateFacts* one) { return !is_asked(facts, *one); });
  return findings_about(asked, code, evidence,
                        [&](const CertificateFacts& one) { return words(facts, one); });
}

constexpr std::array<std::string_view, 2> common_name_evidence{"subject", "common-name"};
constexpr std::array<std::string_view, 2> constraint_evidence{"subject", "constraint"};
constexpr std::array<std::string_view, 2> extension_evidence{"subject", "extension"};
constexpr std::array<std::string_view, 2> name_evidence{"subject", "name"};
constexpr std::array<std::string_view, 2> valid_evidence{"subject", "valid"};
constexpr std::array<std::string_view, 2> why_evidence{"subject", "why"};

constexpr std::array form_rows{
    Rule{.code = "authority-key-id-missing",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.1",
         .title = "A certificate doesn't say which key signed it",
         .explanation = "Every certificate but a self-signed one has to name its issuer's key, so "
                        "that the issuer is found where several have one name.",
         .remedy = "Have the CA issue it with an authority key identifier.",
         .where = "leaf",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "authority-key-id-missing", "",
                               [](const Facts&, const CertificateFacts& c) {
                                 return said_if(lacks_authority_key_id(c));
                               });
             }},
    Rule{.code = "authority-key-id-noncompliant",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 7.1.2.11.1",
         .title = "A certificate names its issuer's key in a form that public CAs may not use",
         .explanation = "The authority key identifier of a public CA's certificate is a key id "
                        "and nothing else; a root's is its own.",
         .remedy = "Have the CA issue it with a plain key id.",
         .where = "leaf",
         .evidence = why_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "authority-key-id-noncompliant", "why",
                               [](const Facts&, const CertificateFacts& c) {
                                 return unless_empty(why_authority_key_id_unfit(c));
                               });
             }},
    Rule{.code = "subject-key-id-missing",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.2",
         .title = "A CA's certificate doesn't name its key",
         .explanation = "A CA has to name its key, so that what it signs can name it too.",
         .remedy = "Have the CA's certificate issued with a subject key identifier.",
         .where = "intermediate",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "subject-key-id-missing", "",
                               [](const Facts&, const CertificateFacts& c) {
                                 return said_if(lacks_subject_key_id(c));
                               });
             }},
    Rule{.code = "extension-criticality-wrong",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2",
         .title = "An extension is marked critical, or isn't, against its definition",
         .explanation = "Whether who doesn't know an extension must reject the certificate is "
                        "laid down for each. Strict verifiers reject a certificate that says "
                        "otherwise; most senders don't look.",
         .remedy = "Get the certificate issued anew; whoever made it has a broken template.",
         .where = "leaf",
         .evidence = extension_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(
                   facts, "extension-criticality-wrong", "extension",
                   [](const Facts&, const CertificateFacts& c) { return wrong_criticality(c); });
             }},
    Rule{.code = "name-constraints-not-critical",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::rfc5280,
         .reference = "RFC 5280 4.2.1.10",
         .title = "A CA's name constraints aren't critical",
         .explanation = "RFC 5280 wants them critical, so that who doesn't know them rejects the "
                        "chain; the Baseline Requirements allow it otherwise.",
         .remedy = "Have the CA's certificate issued with critical name constraints.",
         .where = "intermediate",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "name-constraints-not-critical", "",
                               [](const Facts&, const CertificateFacts& c) {
                                 return said_if(has_uncritical_name_constraints(c));
                               });
             }},
    Rule{.code = "extension-critical-needlessly",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::webpki,
         .reference = "CABF BR 7.1.2.7.6",
         .title = "An extension is critical without need",
         .explanation = "Alternative names beside a subject, and extended key usage, aren't "
                        "critical in a public CA's certificates.",
         .remedy = "Get the certificate issued with the extension not critical.",
         .where = "leaf",
         .evidence = oid_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(
                   facts, "extension-critical-needlessly", "oid",
                   [](const Facts&, const CertificateFacts& c) { return needlessly_critical(c); });
             }},
    Rule{.code = "basic-constraints-missing",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.9",
         .title = "A CA's certificate doesn't say that it is one",
         .explanation = "A CA has to say so in basic constraints. An anchor without them is taken "
                        "all the same by senders that trust it.",
         .remedy = "Have the CA's certificate issued with CA:TRUE.",
         .where = "intermediate",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "basic-constraints-missing", "",
                               [](const Facts& f, const CertificateFacts& c) {
                                 return said_if(!is_leaf(f, c) && lacks_basic_constraints(c));
                               });
             }},
    Rule{.code = "name-constraints-in-leaf",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.10",
         .title = "Name constraints stand in a certificate that is no CA's",
         .explanation = "They limit what a CA may issue, and mean nothing in a server's "
                        "certificate.",
         .remedy = "Get the certificate issued without them.",
         .where = "leaf",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "name-constraints-in-leaf", "",
                               [](const Facts&, const CertificateFacts& c) {
                                 return said_if(has_name_constraints_in_leaf(c));
                               });
             }},
    Rule{.code = "name-constraints-empty",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.10",
         .title = "A CA's name constraints are empty",
         .explanation = "They neither permit nor exclude anything, and a CA must not issue them "
                        "so.",
         .remedy = "Have the CA's certificate issued without them, or with what was meant.",
         .where = "intermediate",
         .evidence = subject_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "name-constraints-empty", "",
                               [](const Facts&, const CertificateFacts& c) {
                                 return said_if(has_empty_name_constraints(c));
                               });
             }},
    Rule{.code = "name-constraint-malformed",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.2.1.10",
         .title = "A CA's name constraint can't be held against any name",
         .explanation = "It isn't written as names of its kind are; a dNSName constraint has no "
                        "leading dot, an address one a whole mask. Verifiers differ in what they "
                        "make of it.",
         .remedy = "Have the CA's certificate issued with a well-formed constraint.",
         .where = "intermediate",
         .evidence = constraint_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "name-constraint-malformed", "constraint",
                               [](const Facts&, const CertificateFacts& c) {
                                 return malformed_name_constraints(c);
                               });
             }},
    Rule{.code = "serial-number-noncompliant",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.1.2.2",
         .title = "A certificate's serial number is none that a CA may give",
         .explanation = "It has to be a positive number of at most 20 bytes. Some libraries "
                        "reject others, OpenSSL takes them.",
         .remedy = "Get the certificate issued anew.",
         .where = "leaf",
         .evidence = why_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "serial-number-noncompliant", "why",
                               [](const Facts&, const CertificateFacts& c) {
                                 return unless_empty(why_serial_unfit(c));
                               });
             }},
    Rule{.code = "name-empty",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .outlook = Outlook::harmless,
         .breaks = Breaks::both,
         .reference = "RFC 5280 4.1.2.4",
         .title = "An issuer has no name",
         .explanation = "A CA has to have a name, or nothing that it signs can say who signed.",
         .remedy = "Have the CA's certificate issued with a subject.",
         .where = "leaf",
         .evidence = field_evidence,
         .find =
             [](const Facts& facts) {
               return on_asked(facts, "name-empty", "field",
                               [](const Facts&, const CertificateFacts& c) {
                                 return unless_empty(which_name_empty(c));
                               });
             }},
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
         .evidence = why_evidence,
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

std::span<const Rule> form_rules() { return form_rows; }

}  // namespace badmx::checker
