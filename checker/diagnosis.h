// What is wrong, why, who mends it, and what each policy makes of it.
#pragma once

#include "checker/sender_policy.h"
#include "net/smtp/point.h"
#include "x509/certificate.h"

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace badmx::checker {

enum class Severity { note, warning, error };
enum class FixAt { server, sender, network, undecided };

enum class LocationKind { nowhere, point, sent, trusted, given };

// Where a finding holds: a Point of the dialogue, or a certificate by its place in the chain as
// sent, the trust list or what the user gave. Never an OpenSSL depth.
struct Location {
  LocationKind kind = LocationKind::nowhere;
  smtp::Point point = smtp::Point::connect;
  std::size_t index = 0;

  bool operator==(const Location&) const = default;
};

struct Evidence {
  std::string name{};
  std::string value{};  // a peer's words are printable already

  bool operator==(const Evidence&) const = default;
};

struct Finding {
  std::string code{};
  Severity severity = Severity::note;
  FixAt fix_at = FixAt::server;
  Location where{};
  std::size_t attempt = 0;  // in which attempt it was seen first
  std::vector<Evidence> evidence{};
  std::vector<std::string> because_of{};  // codes of the findings of which this is a consequence

  bool operator==(const Finding&) const = default;
};

// Findings between which the evidence doesn't decide, and what would decide it.
struct Undecided {
  std::vector<std::string> between{};  // codes
  std::string decided_by{};            // a sentence, with the command to run where there is one

  bool operator==(const Undecided&) const = default;
};

struct Verdict {
  Policy policy = Policy::opportunistic;
  Outcome outcome = Outcome::deliver;
  std::string decided_by{};  // the code of the finding; empty when it delivers

  bool operator==(const Verdict&) const = default;
};

// One certificate of the path that was tried, the leaf first.
struct Step {
  Location certificate{};
  std::string subject{};
  std::string issuer{};
  bool trusted = false;  // it is an anchor

  bool operator==(const Step&) const = default;
};

// A certificate that was sent, for the picture of the chain.
struct ChainMember {
  std::size_t index = 0;  // sent[index]
  std::string subject{};
  std::string issuer{};
  std::string sha256{};  // of its bytes; empty when only printed text of it was seen
  std::optional<x509::Moment> not_before{};
  std::optional<x509::Moment> not_after{};
  std::vector<std::string> names{};  // dns, ip and e-mail alternative names, printable
  std::string key{};                 // "EC P-256", "RSA 2048 bits"
  std::string signature{};           // "ecdsa-with-SHA256"
  bool on_path = false;

  bool operator==(const ChainMember&) const = default;
};

// OpenSSL's own words about the same chain, beside ours.
struct Complaint {
  int depth = 0;
  int code = 0;
  std::string text{};

  bool operator==(const Complaint&) const = default;
};

// By what it was judged, for the reader to doubt.
struct Grounds {
  x509::Moment moment{};
  std::vector<std::string> names{};
  std::string trust{};
  std::size_t intermediates = 0;
  std::string source{};  // "live", "a pasted s_client transcript", …
  std::string origin{};
  std::string software{};  // the server's product (server_software.h); empty: unknown

  bool operator==(const Grounds&) const = default;
};

// What each policy makes of it for senders that trust another list.
struct StoreVerdicts {
  std::string store{};  // as the user calls it
  std::vector<Verdict> verdicts{};

  bool operator==(const StoreVerdicts&) const = default;
};

// What a bounce or a log says, and which of the findings explain it.
struct BounceLine {
  std::string sender{};
  std::string says{};                       // the pattern that fits (senders.h)
  std::vector<std::string> codes{};         // of the findings that can be behind it
  std::vector<std::string> explained_by{};  // those of them that were found

  bool operator==(const BounceLine&) const = default;
};

// What became of a message that was sent beside the check.
struct MessageEnd {
  std::string channel{};  // "cleartext" or "tls"
  bool accepted = false;
  std::string end{};  // "rejected at RCPT: 550 5.1.1 User unknown", with the server's words

  bool operator==(const MessageEnd&) const = default;
};

struct Diagnosis {
  Grounds grounds{};
  std::vector<Finding> findings{};      // nearest cause first
  std::vector<Finding> consequences{};  // seen, but explained by one of the findings
  std::vector<Undecided> undecided{};
  std::vector<Verdict> verdicts{};  // one a policy, in their order; empty when nothing was observed
  std::vector<StoreVerdicts> stores{};  // only when several trust lists were named
  std::vector<BounceLine> bounce{};     // only when one was given, the closest line first
  std::vector<MessageEnd> messages{};   // only when some were sent: a check sends none
  std::vector<ChainMember> chain{};
  std::vector<Step> path{};
  bool path_trusted = false;
  std::vector<Complaint> openssl{};
  std::string openssl_skipped = "nothing was observed";  // why it wasn't asked; empty: it was

  bool operator==(const Diagnosis&) const = default;
};

std::string_view name(Severity severity);
std::string_view name(FixAt fix_at);
std::string text(const Location& where);  // "sent[0]", "trusted[2]", "starttls"

}  // namespace badmx::checker
