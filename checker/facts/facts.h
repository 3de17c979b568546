// All that rules read: each certificate parsed once, every edge that mattered judged, the path that
// was taken. Facts only; what is wrong with them is the rules' to say.
#pragma once

#include "checker/criteria.h"
#include "checker/diagnosis.h"
#include "checker/facts/staple_facts.h"
#include "checker/observation.h"
#include "x509/certificate.h"
#include "x509/crl.h"

#include <cstddef>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

class Anchors;

// A certificate that was sent, is trusted or was given. A field without a value is unknown, not
// absent: a transcript prints only some of them.
struct CertificateFacts {
  Location where{};
  std::optional<x509::Certificate>
      read{};             // nothing: its bytes are no certificate, or weren't there
  x509::Bytes der{};      // as it came; empty when only printed text of it was seen
  bool printed = false;   // known only from a transcript's text
  std::string subject{};  // printable
  std::string issuer{};
  std::string normalized_subject{};  // in which names are compared (RFC 5280 7.1)
  std::string normalized_issuer{};
  std::optional<x509::Moment> not_before{};
  std::optional<x509::Moment> not_after{};
  // Where it is only printed: as far as the text says.
  x509::PublicKey printed_key{};
  x509::SignatureAlgorithm printed_signature{};

  const x509::PublicKey& key() const { return read ? read->key : printed_key; }
  const x509::SignatureAlgorithm& signature_algorithm() const {
    return read ? read->signature_algorithm : printed_signature;
  }
  // Whether anything of it is known: names at least.
  bool known() const { return read.has_value() || printed; }
  // Subject and issuer are one name; says nothing of the signature.
  bool self_issued() const { return known() && normalized_subject == normalized_issuer; }
};

// How two key identifiers fit, as far as they are there.
enum class KeyIds { agree, differ, unknown };

// One certificate under another of the name that it gives for its issuer.
struct Edge {
  Location child{};
  Location issuer{};
  KeyIds key_ids = KeyIds::unknown;
  x509::SignatureCheck signature = x509::SignatureCheck::not_checked;
  bool guessed = false;  // from printed names alone

  bool operator==(const Edge&) const = default;
};

enum class PathEnd {
  none,            // there is no certificate to start from
  anchor,          // a certificate of the trust list
  untrusted_root,  // a certificate that signs itself and isn't trusted
  gap,             // nobody at hand signs the last one
  bound,           // it was too long, or there were too many ways to go
};

// The path that was taken: to an anchor when one verifies, else the least broken one.
struct Path {
  std::vector<Location> certificates{};  // the leaf first
  std::vector<Edge> edges{};             // one fewer: edges[i] is certificates[i] under [i + 1]
  PathEnd end = PathEnd::none;
  std::size_t steps = 0;   // certificates that were looked at for it
  bool cut_short = false;  // there were more ways than the search may try, and none was faultless

  bool operator==(const Path&) const = default;
};

struct ConstraintViolation {
  Location by;        // the certificate that carries the constraint
  Location at;        // the one that breaks it
  std::string name;   // which of its names, printable; empty for a path length
  std::string limit;  // "permitted: badmx.test, localhost", "excluded: example.test", "0"

  bool operator==(const ConstraintViolation&) const = default;
};

struct NameJudgement {
  std::vector<ConstraintViolation> violations{};  // at most twenty
  bool gave_up = false;  // there are more names under more constraints than any sender compares

  bool is_clean() const { return violations.empty() && !gave_up; }
};

// A revocation list that was given.
struct CrlFacts {
  std::optional<x509::RevocationList> read{};
  std::string normalized_issuer{};  // in which names are compared
};

// Valid as long as the Observation and the Criteria that it was made from.
struct Facts {
  const Observation& observation;
  const Criteria& criteria;

  std::size_t attempt = 0;  // the attempt whose chain is judged
  bool chain_seen = false;  // a Certificate message, PEM, or printed certificates
  std::vector<CertificateFacts> sent{};
  std::vector<CertificateFacts> given{};
  std::vector<CrlFacts> crls{};
  StapleFacts staple{};                      // of the judged attempt
  std::shared_ptr<const Anchors> anchors{};  // null: trust isn't judged

  std::optional<std::size_t> leaf{};  // sent[leaf]: the server's own, which needn't be the first
  std::vector<Edge> edges{};          // all that were judged on the way, the path's among them
  Path path{};
  NameJudgement names{};  // the path's names under the path's constraints

  const CertificateFacts& at(const Location& where) const;  // a certificate's place
  bool trust_judged() const { return anchors != nullptr; }
  // The attempt of that index; an empty one when there are none.
  const Attempt& judged_attempt() const;
  // The anchor that has these very bytes.
  std::optional<Location> anchor_with(const CertificateFacts& certificate) const;
  bool on_path(const Location& where) const;
};

Facts read_facts(const Observation& observation, const Criteria& criteria);

}  // namespace badmx::checker
