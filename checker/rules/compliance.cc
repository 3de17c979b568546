// How certificates must be made, beyond what today's senders look at: notes for the profile
// `current`, refusals for those that hold certificates to a standard.
#include "checker/facts/certificate_compliance.h"
#include "checker/facts/certificate_facts.h"
#include "checker/facts/path.h"
#include "checker/rules/asked_certificates.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

constexpr std::array<std::string_view, 2> constraint_evidence{"subject", "constraint"};
constexpr std::array<std::string_view, 2> extension_evidence{"subject", "extension"};
constexpr std::array<std::string_view, 2> why_evidence{"subject", "why"};

constexpr std::array compliance_rows{
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
};

}  // namespace

std::span<const Rule> compliance_rules() { return compliance_rows; }

}  // namespace badmx::checker
