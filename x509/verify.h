// OpenSSL's own verdict on a chain: all of its complaints, as data. Offline: nothing but what is
// given here is looked at, no openssl.cnf, no folder, no clock.
#pragma once

#include "x509/bytes.h"
#include "x509/certificate.h"

#include <memory>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace badmx::x509 {

struct VerifyComplaint {
  int depth = 0;  // OpenSSL's: 0 is the first certificate sent, 1 its issuer in OpenSSL's path, …
  int code = 0;   // X509_V_ERR_*
  std::string text;

  bool operator==(const VerifyComplaint&) const = default;
};

// What is trusted, parsed once. Never changes, so that any number of threads may use one at once.
// Each certificate is an anchor, self-signed or not.
class TrustStore {
 public:
  explicit TrustStore(std::span<const Bytes> anchors);
  ~TrustStore();
  TrustStore(TrustStore&&) noexcept;
  TrustStore& operator=(TrustStore&&) noexcept;

  // How many OpenSSL could parse; the others aren't in the store.
  std::size_t size() const;

  struct State;
  const State& state() const { return *state_; }

 private:
  std::unique_ptr<State> state_;
};

enum class VerifyPurpose { server, client, any };

struct VerifyRequest {
  std::span<const Bytes> chain;        // as sent
  std::span<const std::string> names;  // host names and addresses: one match suffices; none: any
  Moment moment{};
  VerifyPurpose purpose = VerifyPurpose::server;
  std::span<const Bytes> crls;  // asked about the first certificate, when one is of its issuer
};

// Verifies as `openssl s_client` does (security level 2, trusted certificates first), but goes on
// after each complaint. In OpenSSL's order, the name's last. Nothing when nothing was sent or
// OpenSSL can't parse one of the certificates. Throws Error when it couldn't run.
std::optional<std::vector<VerifyComplaint>> verify(const VerifyRequest& request,
                                                   const TrustStore& trust);

// OpenSSL's words for an X509_V_ERR_* ("unable to get local issuer certificate").
std::string verify_text(int code);

}  // namespace badmx::x509
