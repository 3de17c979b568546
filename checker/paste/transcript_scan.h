// What the lines of an s_client session say, one by one; what follows from them is
// transcript_reader's to say.
#pragma once

#include "checker/observation.h"
#include "checker/paste/transcript_text.h"
#include "x509/error.h"

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

namespace badmx::checker {

struct ScannedCertificate {
  PrintedCertificate printed;
  std::optional<x509::Bytes> der;
  bool cut = false;  // it has a PEM block, but not a whole one
};

struct Scan {
  std::size_t first_line = 0;  // of the text, its command line too where that was pasted
  std::size_t end_line = 0;    // the first that isn't its own any more
  bool session = false;        // something that only s_client prints was there
  bool too_many = false;       // more certificates than are read
  bool connected = false;
  bool brief = false;    // "CONNECTION ESTABLISHED" of -brief
  bool went_on = false;  // something from after the handshake
  bool client_certificate_requested = false;
  bool no_peer_certificate = false;
  bool starttls_not_found = false;
  std::string connect_error;  // "Connection refused"; the connection failed when it isn't empty
  std::vector<ScannedCertificate> certificates;
  std::vector<PrintedError> errors;
  std::optional<int> verify_return_code;
  std::optional<PrintedStaple> staple;
  std::vector<x509::ErrorLine> tls_errors;
  std::vector<int> alerts;
  std::optional<int> broken_off;  // errno of "write:errno=104" before the handshake was over
  std::optional<long long> octets_read;
  std::string version;
  std::string cipher;  // empty: none was agreed on
  std::string group;
  std::string signature_digest;
  std::string signature_type;
  std::string alpn;
  std::optional<x509::Moment> start_time;
  std::vector<std::string> secrets;
};

// One for each session in the text, at most a hundred, in their order; none that shows no sign of
// one.
std::vector<Scan> scan(const PastedText& text);

}  // namespace badmx::checker
