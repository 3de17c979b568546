// What the server staples to its certificate (RFC 6066 8, RFC 6960, RFC 7633).
#include "checker/facts/certificate_facts.h"
#include "checker/facts/printed_staple.h"
#include "checker/rules/tables.h"
#include "x509/ocsp.h"
#include "x509/printable.h"

#include <algorithm>
#include <array>
#include <optional>

namespace badmx::checker {
namespace {

using x509::OcspResponse;
using x509::SingleResponse;

// The answer about the server's certificate, or why there is none to go by.
struct Answer {
  SingleResponse single{};
  std::string why{};
};

const CertificateFacts* leaf_of(const Facts& facts) {
  if (!facts.leaf) return nullptr;
  const CertificateFacts& leaf = facts.sent[*facts.leaf];
  return leaf.known() ? &leaf : nullptr;
}

// Whose key signed the certificate; null while nobody at hand has it.
const x509::Certificate* issuer_of(const Facts& facts, const x509::Certificate& leaf) {
  const auto& path = facts.path.certificates;
  const x509::Certificate* const issuer =
      path.size() < 2 ? &leaf : (facts.at(path[1]).read ? &*facts.at(path[1]).read : nullptr);
  const bool signs =
      issuer != nullptr && x509::signed_by(leaf, issuer->key) == x509::SignatureCheck::valid;
  return signs ? issuer : nullptr;
}

// RFC 6960 4.2.2.2: appointed by the very issuer, for this purpose, and in its time.
bool is_appointed(const x509::Certificate& responder, const x509::Certificate& issuer,
                  x509::Moment moment) {
  const auto& usages = responder.extended_key_usage;
  return usages && std::ranges::find(*usages, x509::oid_ocsp_signing) != usages->end() &&
         responder.not_before && responder.not_after && *responder.not_before <= moment &&
         moment <= *responder.not_after &&
         x509::signed_by(responder, issuer.key) == x509::SignatureCheck::valid;
}

bool is_signed(const StapleFacts& staple, const x509::Certificate& issuer, x509::Moment moment) {
  const OcspResponse& response = *staple.response;
  if (x509::signed_by(response, issuer.key) == x509::SignatureCheck::valid) return true;
  return std::ranges::any_of(staple.responders, [&](const x509::Certificate& responder) {
    return is_appointed(responder, issuer, moment) &&
           x509::signed_by(response, responder.key) == x509::SignatureCheck::valid;
  });
}

std::string why_not_current(const SingleResponse& single, x509::Moment moment) {
  if (!single.this_update || moment < *single.this_update) return "it is not yet valid";
  if (single.next_update && moment > *single.next_update) {
    return "it expired at " + x509::text(*single.next_update);
  }
  return {};
}

Answer judged(const SingleResponse& single, x509::Moment moment) {
  Answer answer{.single = single, .why = why_not_current(single, moment)};
  if (answer.why.empty() && single.status == x509::CertificateStatus::unknown) {
    answer.why = "the responder doesn't know the certificate";
  }
  return answer;
}

// What a transcript prints of it, taken as it stands: nobody can check the signature.
std::optional<Answer> printed_answer(const PrintedStaple& staple, x509::Moment moment) {
  if (!staple.sent) return std::nullopt;
  if (!staple.response.empty() && !staple.response.starts_with("successful")) {
    return Answer{.why = "the responder gave no answer but " + staple.response};
  }
  const auto single = answer_of(staple);
  if (!single) return std::nullopt;  // it is cut
  return judged(*single, moment);
}

// Nothing where there is no staple. Without an issuer at hand nobody can tell who signed it: then
// what it says is taken as it stands, for no sender trusts such a certificate anyway.
std::optional<Answer> answer_for_leaf(const Facts& facts) {
  const CertificateFacts* const leaf = leaf_of(facts);
  if (leaf == nullptr) return std::nullopt;
  const auto& printed = facts.observation.pasted.staple;
  if (printed) return printed_answer(*printed, facts.criteria.moment);
  if (!facts.staple.sent || !leaf->read) return std::nullopt;
  if (!facts.staple.response) return Answer{.why = "it is not an OCSP response"};
  const OcspResponse& response = *facts.staple.response;
  if (response.status != x509::ocsp_successful) {
    return Answer{.why = "the responder gave no answer but " +
                         x509::ocsp_status_text(response.status)};
  }
  const x509::Certificate* const issuer = issuer_of(facts, *leaf->read);
  const x509::PublicKey* const key = issuer == nullptr ? nullptr : &issuer->key;
  const auto single = std::ranges::find_if(response.responses, [&](const SingleResponse& each) {
    return x509::is_about(each.id, *leaf->read, key);
  });
  if (single == response.responses.end()) return Answer{.why = "it is about another certificate"};
  const x509::Moment moment = facts.criteria.moment;
  if (issuer != nullptr && !is_signed(facts.staple, *issuer, moment)) {
    return Answer{.why = "neither the issuer signed it nor a responder that the issuer appointed"};
  }
  return judged(*single, moment);
}

std::vector<Finding> staple_revoked(const Facts& facts) {
  const auto said = answer_for_leaf(facts);
  if (!said || !said->why.empty() || said->single.status != x509::CertificateStatus::revoked) {
    return {};
  }
  const CertificateFacts& leaf = *leaf_of(facts);
  const auto& since = said->single.revoked_at;
  return {make_finding("ocsp-staple-revoked", leaf.where,
                       {{"subject", leaf.subject},
                        {"serial", leaf.read ? x509::hex(leaf.read->serial) : "not printed"},
                        {"since", since ? x509::text(*since) : "a time that can't be read"}})};
}

std::vector<Finding> staple_unusable(const Facts& facts) {
  const auto said = answer_for_leaf(facts);
  if (!said || said->why.empty()) return {};
  return {make_finding("ocsp-staple-invalid", leaf_of(facts)->where, {{"why", said->why}})};
}

// Only who asked for a staple can miss it. In TLS 1.3 it comes with the certificate (RFC 8446
// 4.4.2.1), before in a message of its own.
bool was_asked_for_in_vain(const Facts& facts) {
  const auto& printed = facts.observation.pasted.staple;
  if (facts.observation.source != Source::live) return printed && !printed->sent;
  const Attempt& attempt = facts.judged_attempt();
  const bool is_past_it =
      attempt.handshake_done || (attempt.certificate_seen && attempt.tls.version == "TLSv1.3");
  return is_past_it && !facts.staple.sent;
}

std::vector<Finding> missing(const Facts& facts) {
  const CertificateFacts* const leaf = leaf_of(facts);
  if (leaf == nullptr || !leaf->read || !demands_staple(*leaf->read)) return {};
  if (!was_asked_for_in_vain(facts)) return {};
  return {make_finding("ocsp-staple-missing", leaf->where, {{"subject", leaf->subject}})};
}

constexpr std::array<std::string_view, 3> staple_revoked_evidence{"subject", "serial", "since"};
constexpr std::array<std::string_view, 1> unusable_evidence{"why"};

constexpr std::array staple_rows{
    Rule{.code = "ocsp-staple-revoked",
         .layer = FindingLayer::certificate,
         .effects = no_trust,
         .reference = "RFC 6960 2.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "The stapled OCSP response says that the certificate is revoked",
         .explanation = "With its certificate the server hands out its CA's word that the "
                        "certificate isn't valid any more. Senders with GnuTLS (Exim on "
                        "Debian, msmtp) and Perl's refuse it where they verify; Postfix and most "
                        "others don't look.",
         .remedy = "Make a new key and get a new certificate at once: revoked means that the old "
                   "key may be in other hands.",
         .where = "leaf",
         .evidence = staple_revoked_evidence,
         .find = staple_revoked},
    Rule{.code = "ocsp-staple-invalid",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .reference = "RFC 6960 3.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "The stapled OCSP response is invalid",
         .explanation = "A stapled response must be signed for this certificate and be current. "
                        "Who looks at it refuses one that isn't, as GnuTLS does where it verifies; "
                        "without any stapled response the same sender would deliver.",
         .remedy = "Have the server fetch a new response from its CA's responder before the old "
                   "one expires (nextUpdate), and again after each change of the certificate; "
                   "until that works turn stapling off.",
         .where = "leaf",
         .evidence = unusable_evidence,
         .find = staple_unusable},
    Rule{.code = "ocsp-staple-missing",
         .layer = FindingLayer::certificate,
         .effects = nobody_minds,
         .reference = "RFC 7633 4.2.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "The certificate requires a stapled OCSP response, and the server sends none",
         .explanation = "The certificate's TLS feature extension (\"must-staple\") promises a "
                        "stapled OCSP response with each handshake. Who knows the extension "
                        "refuses without one, "
                        "as GnuTLS does where it verifies.",
         .remedy = "Turn OCSP stapling on; where the server has none (Postfix), get a certificate "
                   "without must-staple.",
         .where = "leaf",
         .evidence = subject_evidence,
         .find = missing},
};

}  // namespace

std::span<const Rule> staple_rules() { return staple_rows; }

}  // namespace badmx::checker
