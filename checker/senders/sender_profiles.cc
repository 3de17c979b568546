#include "checker/senders/sender_profiles.h"

#include "checker/diagnose/verdict.h"
#include "checker/rules/rules.h"
#include "checker/senders/senders.h"

#include <algorithm>
#include <array>
#include <optional>

namespace badmx::checker {
namespace {

// Where Postfix verifies nothing it also speaks TLS 1.0. It looks at no revocation list or staple,
// takes names from the common name and any key that OpenSSL's level lets through, and sends no SNI.
constexpr std::array postfix_any_certificate{
    Deviation{"tls-version-not-shared", Outcome::deliver},
};
constexpr std::array postfix_verify{
    Deviation{"certificate-revoked", Outcome::deliver},
    Deviation{"ocsp-staple-revoked", Outcome::deliver},
    Deviation{"crl-invalid", Outcome::deliver},
    Deviation{"key-weak", Outcome::deliver},
    Deviation{"name-only-in-cn", Outcome::deliver},
    Deviation{"path-not-found-by-openssl", Outcome::refuse},
    Deviation{"sni-dependent-certificate", Outcome::refuse},
};

// GnuTLS speaks TLS 1.0 by default, gives up on an extension that it can't parse even where nothing
// is verified, and prefers the RSA certificate of two. Where it verifies it looks at staples, at
// revocation lists only when they are given. Exim ends on a line behind STARTTLS' answer.
constexpr std::array exim_default{
    Deviation{"tls-version-not-shared", Outcome::deliver},
    Deviation{"extension-malformed", Outcome::deliver_cleartext},
    Deviation{"extension-duplicate", Outcome::deliver_cleartext},
    Deviation{"starttls-response-injection", Outcome::deliver_cleartext},
};
constexpr std::array exim_require{
    Deviation{"tls-version-not-shared", Outcome::deliver},
    Deviation{"extension-malformed", Outcome::refuse},
    Deviation{"extension-duplicate", Outcome::refuse},
    Deviation{"starttls-response-injection", Outcome::refuse},
};
constexpr std::array exim_verify{
    Deviation{"tls-version-not-shared", Outcome::deliver},
    Deviation{"starttls-response-injection", Outcome::refuse},
    Deviation{"purpose-not-server", Outcome::deliver},
    Deviation{"certificate-revoked", Outcome::deliver},
    Deviation{"ocsp-staple-invalid", Outcome::refuse},
    Deviation{"ocsp-staple-missing", Outcome::refuse},
    Deviation{"crl-invalid", Outcome::deliver},
    Deviation{"key-weak", Outcome::deliver},
    Deviation{"name-only-in-cn", Outcome::deliver},
    Deviation{"path-not-found-by-openssl", Outcome::refuse},
    Deviation{"sni-dependent-certificate", Outcome::refuse},
    Deviation{"certificate-inconsistent", Outcome::refuse},
};
// sendmail defers where TLS breaks, unless it is told to fall back; its library is OpenSSL, and +CN
// compares the common name alone.
constexpr std::array sendmail_default{
    Deviation{"connection-lost-under-tls", Outcome::refuse},
    Deviation{"handshake-closed", Outcome::refuse},
    Deviation{"handshake-alert", Outcome::refuse},
    Deviation{"handshake-timeout", Outcome::refuse},
    Deviation{"client-certificate-required", Outcome::refuse},
    Deviation{"private-key-mismatch", Outcome::refuse},
    Deviation{"starttls-plaintext-reply", Outcome::refuse},
    Deviation{"tls-version-not-shared", Outcome::refuse},
};
constexpr std::array sendmail_fallback{
    Deviation{"connection-lost-under-tls", Outcome::refuse},
    Deviation{"client-certificate-required", Outcome::refuse},
};
constexpr std::array sendmail_verify{
    Deviation{"certificate-revoked", Outcome::deliver},
    Deviation{"ocsp-staple-revoked", Outcome::deliver},
    Deviation{"crl-invalid", Outcome::deliver},
    Deviation{"path-not-found-by-openssl", Outcome::refuse},
};
constexpr std::array sendmail_verify_name{
    Deviation{"certificate-revoked", Outcome::deliver},
    Deviation{"ocsp-staple-revoked", Outcome::deliver},
    Deviation{"crl-invalid", Outcome::deliver},
    Deviation{"name-only-in-cn", Outcome::deliver},
    Deviation{"path-not-found-by-openssl", Outcome::refuse},
    Deviation{"sni-dependent-certificate", Outcome::refuse},
};

// OpenSMTPD ends altogether at a line behind STARTTLS' answer. It falls back to clear where the
// handshake breaks, not after it or a silence; it has libtls' view of certificates, and sends no
// SNI.
constexpr std::array opensmtpd_default{
    Deviation{"starttls-response-injection", Outcome::refuse},
    Deviation{"connection-lost-under-tls", Outcome::refuse},
    Deviation{"client-certificate-required", Outcome::refuse},
    Deviation{"handshake-timeout", Outcome::refuse},
};
constexpr std::array opensmtpd_any_certificate{
    Deviation{"starttls-response-injection", Outcome::refuse},
};
constexpr std::array opensmtpd_verify{
    Deviation{"starttls-response-injection", Outcome::refuse},
    Deviation{"purpose-not-server", Outcome::deliver},
    Deviation{"certificate-revoked", Outcome::deliver},
    Deviation{"ocsp-staple-revoked", Outcome::deliver},
    Deviation{"crl-invalid", Outcome::deliver},
    Deviation{"key-weak", Outcome::deliver},
    Deviation{"signature-weak", Outcome::deliver},
    Deviation{"name-only-in-cn", Outcome::deliver},
    Deviation{"path-not-found-by-openssl", Outcome::refuse},
    Deviation{"sni-dependent-certificate", Outcome::refuse},
};
// Whether these look at revocation at all isn't documented.
constexpr std::array services_verify{
    Deviation{"certificate-revoked", Outcome::undecided},
    Deviation{"ocsp-staple-revoked", Outcome::undecided},
    Deviation{"crl-invalid", Outcome::undecided},
};
constexpr std::array profiles{
    SenderProfile{.sender = "Postfix",
                  .setting = "smtp_tls_security_level = may",
                  .mode = "may-retry",
                  .policy = Policy::opportunistic,
                  .deviations = postfix_any_certificate,
                  .says_under = "may"},
    SenderProfile{.sender = "Postfix",
                  .setting = "smtp_tls_security_level = encrypt",
                  .mode = "encrypt",
                  .policy = Policy::encrypt,
                  .deviations = postfix_any_certificate,
                  .says_under = "encrypt"},
    SenderProfile{.sender = "Postfix",
                  .setting = "smtp_tls_security_level = fingerprint",
                  .mode = "fingerprint",
                  .policy = Policy::encrypt,
                  .says_under = "fingerprint"},
    SenderProfile{.sender = "Postfix",
                  .setting = "smtp_tls_security_level = verify or secure",
                  .mode = "verify",
                  .policy = Policy::verify,
                  .deviations = postfix_verify,
                  .says_under = "verify"},
    SenderProfile{.sender = "Exim",
                  .setting = "no TLS option",
                  .mode = "default",
                  .policy = Policy::opportunistic,
                  .deviations = exim_default},
    SenderProfile{.sender = "Exim",
                  .setting = "hosts_require_tls",
                  .mode = "require",
                  .policy = Policy::encrypt,
                  .deviations = exim_require,
                  .says_under = "hosts_require_tls"},
    SenderProfile{.sender = "Exim",
                  .setting = "tls_verify_hosts alone",
                  .mode = "verify-only",
                  .policy = Policy::verify,
                  .on_bad_certificate = Outcome::deliver_cleartext,
                  .deviations = exim_verify,
                  .says_under = "tls_verify_hosts"},
    SenderProfile{.sender = "Exim",
                  .setting = "hosts_require_tls and tls_verify_hosts",
                  .mode = "require-verify",
                  .policy = Policy::verify,
                  .deviations = exim_verify,
                  .says_under = "tls_verify_hosts"},
    SenderProfile{.sender = "sendmail",
                  .setting = "as it comes",
                  .mode = "default",
                  .policy = Policy::opportunistic,
                  .deviations = sendmail_default},
    SenderProfile{.sender = "sendmail",
                  .setting = "TLSFallbacktoClear",
                  .mode = "fallback-to-clear",
                  .policy = Policy::opportunistic,
                  .deviations = sendmail_fallback},
    SenderProfile{.sender = "sendmail",
                  .setting = "TLS_Srv: ENCR",
                  .mode = "ENCR",
                  .policy = Policy::encrypt,
                  .says_under = "ENCR"},
    SenderProfile{.sender = "sendmail",
                  .setting = "TLS_Srv: VERIFY",
                  .mode = "VERIFY",
                  .policy = Policy::verify_ca,
                  .deviations = sendmail_verify,
                  .says_under = "VERIFY"},
    SenderProfile{.sender = "sendmail",
                  .setting = "TLS_Srv: VERIFY:112+CN",
                  .mode = "VERIFY+CN",
                  .policy = Policy::verify,
                  .deviations = sendmail_verify_name,
                  .says_under = "VERIFY"},
    SenderProfile{.sender = "OpenSMTPD",
                  .setting = "smtp://",
                  .mode = "smtp",
                  .policy = Policy::opportunistic,
                  .deviations = opensmtpd_default},
    SenderProfile{.sender = "OpenSMTPD",
                  .setting = "smtp+tls://, tls no-verify",
                  .mode = "no-verify",
                  .policy = Policy::encrypt,
                  .deviations = opensmtpd_any_certificate},
    SenderProfile{.sender = "OpenSMTPD",
                  .setting = "smtp+tls://",
                  .mode = "smtp+tls",
                  .policy = Policy::verify,
                  .deviations = opensmtpd_verify,
                  .says_under = "smtp+tls"},
    SenderProfile{
        .sender = "Exchange Online", .setting = "no connector", .policy = Policy::opportunistic},
    SenderProfile{.sender = "Exchange Online",
                  .setting = "connector: any certificate",
                  .policy = Policy::encrypt,
                  .says_under = "a connector"},
    SenderProfile{.sender = "Exchange Online",
                  .setting = "connector: a trusted CA's",
                  .policy = Policy::verify_ca,
                  .deviations = services_verify,
                  .says_under = "a connector with certificate checks"},
    SenderProfile{.sender = "Exchange Online",
                  .setting = "connector: a trusted CA's, with the name",
                  .policy = Policy::verify,
                  .deviations = services_verify,
                  .says_under = "a connector with certificate checks"},
    SenderProfile{.sender = "Gmail", .setting = "as it comes", .policy = Policy::opportunistic},
    SenderProfile{.sender = "Gmail",
                  .setting = "secure transport required, CA signed",
                  .policy = Policy::verify_ca,
                  .deviations = services_verify},
    SenderProfile{.sender = "Gmail",
                  .setting = "MTA-STS enforced, or host name validated",
                  .policy = Policy::verify,
                  .deviations = services_verify},
};

// A fault of TLS itself leaves no certificate to be unhappy with.
bool concerns_certificate(const Rule& rule) { return rule.layer >= FindingLayer::session; }

Outcome profile_outcome(const SenderProfile& profile, const Rule& rule) {
  const auto deviation = std::ranges::find(profile.deviations, rule.code, &Deviation::code);
  const bool deviates = deviation != profile.deviations.end();
  const Outcome made = deviates ? deviation->outcome : rule.effects[profile.policy];
  if (made != Outcome::refuse || profile.on_bad_certificate == Outcome::refuse) return made;
  // Who goes out in clear after a bad certificate does so after a failure of TLS, too.
  return deviates || concerns_certificate(rule) ? profile.on_bad_certificate
                                                : rule.effects[Policy::opportunistic];
}

// The place of `word` in a list with blanks between.
std::optional<std::size_t> place_in(std::string_view list, std::string_view word) {
  for (std::size_t place = 0; !list.empty(); ++place) {
    const std::size_t end = std::min(list.find(' '), list.size());
    if (list.substr(0, end) == word) return place;
    list.remove_prefix(std::min(end + 1, list.size()));
  }
  return std::nullopt;
}

bool says_under_its_setting(const SenderProfile& profile, const SenderLine& line) {
  if (line.policies.empty()) return true;
  return !profile.says_under.empty() &&
         line.policies.find(profile.says_under) != std::string_view::npos;
}

// The line among whose likeliest reasons the code is.
std::string_view line_for(const SenderProfile& profile, std::string_view code) {
  std::string_view best;
  std::size_t best_place = std::string_view::npos;
  for (const SenderLine& line : sender_lines()) {
    if (line.sender != profile.sender || !says_under_its_setting(profile, line)) continue;
    const auto place = place_in(line.codes, code);
    if (!place || *place >= best_place) continue;
    best = line.pattern;
    best_place = *place;
  }
  return best;
}

}  // namespace

std::span<const SenderProfile> sender_profiles() { return profiles; }

std::vector<SenderVerdict> sender_verdicts(const Diagnosis& diagnosis) {
  std::vector<Location> path;
  for (const Step& step : diagnosis.path) path.push_back(step.certificate);
  // A sender refuses for a consequence as well; a cause decides where both do.
  std::vector<Finding> deciding = diagnosis.findings;
  deciding.insert(deciding.end(), diagnosis.consequences.begin(), diagnosis.consequences.end());
  std::vector<SenderVerdict> all;
  for (const SenderProfile& profile : profiles) {
    const auto demanded = std::ranges::find(diagnosis.verdicts, profile.policy, &Verdict::policy);
    if (demanded == diagnosis.verdicts.end()) return {};
    SenderVerdict verdict{.profile = &profile};
    bool unknown = demanded->outcome == Outcome::undecided;
    for (const Finding& finding : deciding) {
      const Rule* rule = find_rule(finding.code);
      if (rule == nullptr || goes_unseen(profile.policy, path, finding.where)) continue;
      const Outcome made = profile_outcome(profile, *rule);
      unknown = unknown || made == Outcome::undecided;
      if (made == Outcome::undecided || made <= verdict.outcome) continue;
      verdict.outcome = made;
      verdict.decided_by = finding.code;
    }
    if (unknown && verdict.outcome != Outcome::refuse) {
      verdict.outcome = Outcome::undecided;
      verdict.decided_by.clear();
    }
    if (verdict.outcome == Outcome::refuse || verdict.outcome == Outcome::deliver_cleartext) {
      verdict.says = line_for(profile, verdict.decided_by);
    }
    all.push_back(verdict);
  }
  return all;
}

}  // namespace badmx::checker
