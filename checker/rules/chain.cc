// Who signed what, and whether it ends at what is trusted.
#include "checker/facts/certificate_facts.h"
#include "checker/facts/chain_facts.h"
#include "checker/rules/tables.h"

#include <algorithm>
#include <array>
#include <string>

namespace badmx::checker {
namespace {

std::vector<Finding> leaf_not_first(const Facts& facts) {
  if (!facts.leaf || *facts.leaf == 0) return {};
  return {make_finding(
      "chain-leaf-not-first", sent_at(*facts.leaf),
      {{"subject", facts.sent[*facts.leaf].subject}, {"first", facts.sent[0].subject}})};
}

std::vector<Finding> self_signed(const Facts& facts) {
  if (!facts.trust_judged() || facts.path.end != PathEnd::untrusted_root ||
      facts.path.certificates.size() != 1) {
    return {};
  }
  const CertificateFacts& leaf = facts.at(facts.path.certificates[0]);
  std::vector<Evidence> evidence{{"subject", leaf.subject}};
  if (leaf.printed) evidence.push_back({"basis", "a guess from printed names"});
  return {make_finding("self-signed", leaf.where, std::move(evidence))};
}

std::vector<Finding> root_not_trusted(const Facts& facts) {
  if (!facts.trust_judged() || facts.path.end != PathEnd::untrusted_root ||
      facts.path.certificates.size() < 2) {
    return {};
  }
  const CertificateFacts& root = facts.at(facts.path.certificates.back());
  std::vector<Evidence> evidence{{"root", root.subject}};
  if (!root.der.empty()) evidence.push_back({"sha256", x509::hex(x509::sha256(root.der))});
  // An impostor: a trusted root has the name, and another key.
  for (const Edge& edge : facts.edges) {
    if (edge.issuer.kind == LocationKind::trusted &&
        edge.signature == x509::SignatureCheck::invalid &&
        facts.at(edge.issuer).normalized_subject == root.normalized_subject) {
      evidence.push_back({"same-name", text(edge.issuer)});
      break;
    }
  }
  if (root.printed) evidence.push_back({"basis", "a guess from printed names"});
  return {make_finding("root-not-trusted", root.where, std::move(evidence))};
}

template <typename Wanted>
std::vector<Finding> signature_findings(const Facts& facts, std::string_view code, Wanted wanted) {
  std::vector<Finding> findings;
  for (std::size_t i = 0; i < facts.path.certificates.size(); ++i) {
    const SignatureFinding finding = signature_fault(facts, i);
    if (!wanted(finding.fault)) continue;
    const CertificateFacts& certificate = facts.at(facts.path.certificates[i]);
    auto evidence = wanted_issuer(certificate);
    if (finding.candidate) {
      const CertificateFacts& candidate = facts.at(*finding.candidate);
      evidence.push_back({"candidate", text(*finding.candidate)});
      if (candidate.read) {
        evidence.push_back({"candidate-key-id", key_id_text(candidate.read->subject_key_id)});
      }
    }
    if (certificate.read) {
      evidence.push_back({"algorithm", certificate.read->signature_algorithm.name});
    }
    findings.push_back(make_finding(code, certificate.where, std::move(evidence)));
  }
  return findings;
}

std::vector<Finding> issuer_wrong_key(const Facts& facts) {
  return signature_findings(facts, "issuer-wrong-key", [](SignatureFault fault) {
    return fault == SignatureFault::wrong_key;
  });
}

std::vector<Finding> bad_signature(const Facts& facts) {
  return signature_findings(facts, "signature-bad", [](SignatureFault fault) {
    return fault == SignatureFault::altered || fault == SignatureFault::either;
  });
}

std::vector<Finding> unchecked(const Facts& facts) {
  return signature_findings(facts, "signature-unchecked", [](SignatureFault fault) {
    return fault == SignatureFault::unchecked;
  });
}

std::vector<Finding> too_many_ways(const Facts& facts) {
  if (!facts.leaf || !facts.path.cut_short) return {};
  return {make_finding("path-search-exhausted", sent_at(*facts.leaf),
                       {{"certificates-tried", std::to_string(facts.path.steps)},
                        {"certificates-sent", std::to_string(facts.sent.size())}})};
}

// The certificates whose issuer the server should have sent: those it sent that stand in the path
// under one that was only given.
std::vector<Finding> intermediate_missing(const Facts& facts) {
  if (!facts.trust_judged() || facts.path.end != PathEnd::anchor) return {};
  std::vector<Finding> findings;
  for (const Edge& edge : facts.path.edges) {
    if (edge.issuer.kind != LocationKind::given || edge.child.kind == LocationKind::given) continue;
    const CertificateFacts& missing = facts.at(edge.issuer);
    auto evidence = wanted_issuer(facts.at(edge.child));
    evidence.push_back({"missing", text(edge.issuer)});
    evidence.push_back({"missing-sha256", x509::hex(x509::sha256(missing.der))});
    findings.push_back(make_finding("intermediate-missing", edge.child, std::move(evidence)));
  }
  return findings;
}

std::vector<Finding> issuer_unknown(const Facts& facts) {
  if (!facts.trust_judged() || facts.path.end != PathEnd::gap) return {};
  const std::size_t last = facts.path.certificates.size() - 1;
  if (signature_fault(facts, last).fault != SignatureFault::no_issuer) return {};
  const CertificateFacts& certificate = facts.at(facts.path.certificates[last]);
  return {make_finding("issuer-unknown", certificate.where, wanted_issuer(certificate))};
}

constexpr std::array<std::string_view, 2> first_evidence{"subject", "first"};
constexpr std::array<std::string_view, 2> self_evidence{"subject", "basis"};
constexpr std::array<std::string_view, 4> root_evidence{"root", "sha256", "same-name", "basis"};
constexpr std::array<std::string_view, 5> issuer_evidence{"subject", "issuer", "basis",
                                                          "issuer-key-id", "issuer-url"};
constexpr std::array<std::string_view, 8> signature_evidence{
    "subject",   "issuer",           "basis",    "issuer-key-id", "issuer-url",
    "candidate", "candidate-key-id", "algorithm"};
constexpr std::array<std::string_view, 7> missing_evidence{
    "subject", "issuer", "basis", "issuer-key-id", "issuer-url", "missing", "missing-sha256"};
// OpenSSL judges the first certificate as the server's, whatever it is.
constexpr std::array openssl_first{18, 19, 20, 21, 26, 62, 64, 79};
constexpr std::array openssl_self{18, 20, 21};
constexpr std::array openssl_root{18, 19, 20, 21};
constexpr std::array openssl_no_issuer{2, 18, 20, 21, 27};
constexpr std::array openssl_bad_signature{4, 6, 7, 18, 19, 20, 21};
constexpr std::array openssl_unchecked{4, 6, 7, 18, 20, 21, 76, 77, 78};
constexpr std::array first_explains{Consequence{"chain-out-of-order", Reach::anywhere},
                                    // Of a CA that is allowed to sign and nothing else.
                                    Consequence{"purpose-not-server", Reach::only_above}};
// By what a self-signed certificate was signed proves nothing to begin with.
constexpr std::array self_explains{Consequence{"signature-weak", Reach::same_place}};
constexpr std::array wrong_key_explains{Consequence{"intermediate-missing", Reach::same_place},
                                        Consequence{"root-not-trusted", Reach::only_above},
                                        Consequence{"issuer-unknown", Reach::above}};
// Whatever lies above the gap isn't seen, nor whether the signature was ever good.
constexpr std::array<std::string_view, 2> exhausted_evidence{"certificates-tried",
                                                             "certificates-sent"};
constexpr std::array unknown_explains{Consequence{"intermediate-missing", Reach::above},
                                      Consequence{"root-not-trusted", Reach::only_above},
                                      Consequence{"signature-bad", Reach::above},
                                      Consequence{"signature-unchecked", Reach::above},
                                      Consequence{"extension-duplicate", Reach::only_above},
                                      Consequence{"extension-malformed", Reach::only_above},
                                      Consequence{"extension-critical-unknown", Reach::only_above},
                                      Consequence{"validity-malformed", Reach::only_above},
                                      Consequence{"certificate-expired", Reach::only_above},
                                      Consequence{"certificate-not-yet-valid", Reach::only_above},
                                      Consequence{"key-weak", Reach::only_above},
                                      Consequence{"signature-weak", Reach::only_above},
                                      Consequence{"purpose-not-server", Reach::only_above},
                                      Consequence{"issuer-not-ca", Reach::only_above},
                                      Consequence{"authority-key-id-mismatch", Reach::above},
                                      Consequence{"path-length-exceeded", Reach::only_above},
                                      Consequence{"name-constraint-violated", Reach::above}};

constexpr std::array chain_rows{
    Rule{.code = "chain-leaf-not-first",
         .layer = FindingLayer::chain,
         .effects = no_name,  // the CA's own certificate leads to a trusted root as it should
         .reference = "RFC 8446 4.4.2",
         .tlsrpt = "certificate-host-mismatch",
         .title = "The server's own certificate isn't the first that is sent",
         .explanation =
             "The first certificate of the chain stands for the server. Here a CA's comes "
             "first, so senders compare the CA's name with the server's.",
         .remedy = "Put the server's certificate at the beginning of the chain file, then each "
                   "issuer in turn.",
         .where = "leaf",
         .evidence = first_evidence,
         .consequences = first_explains,
         .openssl = openssl_first,
         .find = leaf_not_first},
    Rule{.code = "self-signed",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1",
         .tlsrpt = "certificate-not-trusted",
         .title = "The server's certificate is self-signed",
         .explanation = "No CA issued it, and it isn't on the list of trusted certificates. "
                        "Anybody can make one with the same name.",
         .remedy = "Get a certificate from a public CA (free by ACME), or have the partner trust "
                   "this very certificate.",
         .where = "leaf",
         .evidence = self_evidence,
         .consequences = self_explains,
         .openssl = openssl_self,
         .find = self_signed},
    Rule{.code = "issuer-wrong-key",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1.3",
         .tlsrpt = "certificate-not-trusted",
         .title =
             "A certificate was signed by another key than that of the CA with its issuer's name",
         .explanation =
             "A certificate with the issuer's name is there, but its key didn't make the "
             "signature, and the key identifiers differ: it is the CA's certificate from before or "
             "after it changed keys, or somebody else's CA of the same name.",
         .remedy = "Install the issuer's certificate that has the expected key identifier. "
                   "If a trusted root has the name, the chain is from another CA that borrowed it.",
         .where = "leaf",
         .evidence = signature_evidence,
         .consequences = wrong_key_explains,
         .openssl = openssl_bad_signature,
         .find = issuer_wrong_key},
    Rule{.code = "signature-bad",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1.3",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate's signature isn't by its issuer's key",
         .explanation = "The issuer is at hand, and its key doesn't verify the signature: the "
                        "certificate was altered or damaged after it was signed, or is a forgery.",
         .remedy = "Install the certificate anew from the CA's original file; if it stays, have it "
                   "issued anew.",
         .where = "leaf",
         .evidence = signature_evidence,
         .openssl = openssl_bad_signature,
         .find = bad_signature},
    Rule{.code = "signature-unchecked",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1.3",
         .tlsrpt = "certificate-not-trusted",
         .title = "A certificate's signature can't be checked",
         .explanation =
             "It is by an algorithm that current senders don't know, or that doesn't fit "
             "the issuer's key. That is no proof of a wrong key; but nobody will accept "
             "it either.",
         .remedy = "Get the certificate issued anew with ECDSA or RSA and SHA-256.",
         .where = "leaf",
         .evidence = signature_evidence,
         .openssl = openssl_unchecked,
         .find = unchecked},
    Rule{.code = "intermediate-missing",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 8446 4.4.2",
         .tlsrpt = "certificate-not-trusted",
         .title = "Incomplete chain: the server doesn't send an intermediate certificate",
         .explanation =
             "The issuer exists, and chains up to a trusted root: the server just doesn't "
             "send it. Browsers may fetch it or remember it, mail senders don't. Some "
             "senders call this an untrusted root.",
         .remedy =
             "Configure the full chain file: the server's certificate, then each issuer below "
             "the root.",
         .where = "leaf",
         .evidence = missing_evidence,
         .openssl = openssl_no_issuer,
         .find = intermediate_missing},
    Rule{.code = "issuer-unknown",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .fix_at = FixAt::undecided,
         .reference = "RFC 5280 6.1",
         .tlsrpt = "certificate-not-trusted",
         .title = "Incomplete chain or unknown CA: the issuer's certificate is not sent and not "
                  "trusted",
         .explanation =
             "The chain ends at a certificate whose issuer isn't at hand. From the wire alone two "
             "things look exactly like this: an intermediate of a trusted CA that the server "
             "forgot to send, and a private CA that the sender doesn't trust.",
         .remedy =
             "Ask the CA for the issuer's certificate. If it is an intermediate, add it to the "
             "chain file; if the CA is your own, the sender must trust its root, or you use a "
             "public CA.",
         .where = "leaf",
         .evidence = issuer_evidence,
         .consequences = unknown_explains,
         .openssl = openssl_no_issuer,
         .find = issuer_unknown},
    Rule{.code = "root-not-trusted",
         .layer = FindingLayer::chain,
         .effects = no_trust,
         .reference = "RFC 5280 6.1",
         .tlsrpt = "certificate-not-trusted",
         .title = "Untrusted root: the chain ends in a root CA that the sender does not trust",
         .explanation =
             "The chain is complete up to a self-signed root, and that root isn't on the "
             "sender's list: a private CA. Adding certificates to the chain doesn't help.",
         .remedy = "Get a certificate from a public CA, or have the partner put this root on its "
                   "list of trusted roots.",
         .where = "root",
         .evidence = root_evidence,
         .openssl = openssl_root,
         .find = root_not_trusted},
    Rule{.code = "path-search-exhausted",
         .layer = FindingLayer::chain,
         .effects = nobody_minds,
         .reference = "RFC 4158 2.4.2",
         .title = "There are more certification paths through the certificates than were tried",
         .explanation = "So many of them may have issued each other that trying all would take "
                        "for ever: no CA's chain looks so. The path that is shown is the best of "
                        "those that were tried.",
         .remedy = "Send the server's certificate and its intermediates, nothing else.",
         .where = "leaf",
         .evidence = exhausted_evidence,
         .find = too_many_ways},
};

}  // namespace

std::span<const Rule> chain_rules() { return chain_rows; }

}  // namespace badmx::checker
