// What the rules about the chain, and what stays undecided about it, ask of the facts.
#pragma once

#include "checker/facts/facts.h"

#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

// Why the signature of a certificate on the path couldn't be traced to its issuer.
enum class SignatureFault {
  none,
  no_issuer,  // nobody at hand has the issuer's name
  wrong_key,  // who has the name has another key, and the key identifiers say so
  altered,    // the key is the right one by its identifier, and the signature isn't by it
  either,     // one of these two: there are no key identifiers to tell them apart
  unchecked,  // it can't be checked: an unknown algorithm
};

struct SignatureFinding {
  SignatureFault fault = SignatureFault::none;
  std::optional<Location> candidate{};  // who has the issuer's name
};

// Of the path's i-th certificate.
SignatureFinding signature_fault(const Facts& facts, std::size_t i);

// The certificates of the path that were sent, by their places in the chain, in the path's order.
std::vector<std::size_t> path_as_sent(const Facts& facts);

// Whether sent[index] is a root of the trust list, or one of the same name and key.
bool is_sent_root(const Facts& facts, std::size_t index);

// The place of an earlier copy of the same bytes.
std::optional<std::size_t> earlier_copy(const Facts& facts, std::size_t index);

// For each that was sent: whether names lead to it from the leaf.
std::vector<bool> related_to_leaf(const Facts& facts);

// A key identifier in hexadecimal; "none" where there is none.
std::string key_id_text(const std::optional<x509::Bytes>& id);

// As evidence: who is named as issuer, the key identifier that goes with the name, and where the
// issuer's certificate is said to be.
std::vector<Evidence> wanted_issuer(const CertificateFacts& certificate);

}  // namespace badmx::checker
