#include "checker/diagnose/server_software.h"

#include "x509/ascii.h"

#include <algorithm>
#include <array>

namespace badmx::checker {
namespace {

constexpr std::array<std::string_view, 4> products{"Postfix", "Exim", "sendmail", "Exchange"};

// Words of a greeting, in lower case, and whose they are (RFC 5321 4.2 leaves the text free).
struct Mark {
  std::string_view words;
  std::string_view product;
};
constexpr std::array marks{
    Mark{"esmtp postfix", "Postfix"},
    Mark{"esmtp exim", "Exim"},
    Mark{"esmtp sendmail", "sendmail"},
    Mark{"microsoft esmtp mail service", "Exchange"},
};

// What is to be done, whatever the product, and for which findings.
enum class Mending { chain, certificate, starttls, versions, client_certificate };
constexpr std::array<std::string_view, 8> of_chain{
    "intermediate-missing", "issuer-unknown",  "chain-out-of-order", "chain-leaf-not-first",
    "chain-duplicate",      "chain-unrelated", "root-sent",          "path-not-found-by-openssl"};
constexpr std::array<std::string_view, 18> of_certificate{"certificate-expired",
                                                          "certificate-not-yet-valid",
                                                          "self-signed",
                                                          "root-not-trusted",
                                                          "name-mismatch",
                                                          "name-only-in-cn",
                                                          "key-weak",
                                                          "signature-weak",
                                                          "signature-bad",
                                                          "purpose-not-server",
                                                          "private-key-mismatch",
                                                          "certificate-revoked",
                                                          "ocsp-staple-revoked",
                                                          "certificate-inconsistent",
                                                          "certificate-unreadable",
                                                          "extension-duplicate",
                                                          "extension-malformed",
                                                          "extension-critical-unknown"};
constexpr std::array<std::string_view, 3> of_starttls{"starttls-not-offered", "starttls-refused",
                                                      "starttls-masked"};
constexpr std::array<std::string_view, 2> of_versions{"tls-version-not-shared",
                                                      "legacy-protocol-enabled"};
constexpr std::array<std::string_view, 2> of_client_certificate{"client-certificate-required",
                                                                "client-certificate-requested"};
struct Cure {
  Mending mending;
  std::span<const std::string_view> codes;
};
constexpr std::array cures{
    Cure{Mending::chain, of_chain},
    Cure{Mending::certificate, of_certificate},
    Cure{Mending::starttls, of_starttls},
    Cure{Mending::versions, of_versions},
    Cure{Mending::client_certificate, of_client_certificate},
};

struct Advice {
  std::string_view product;
  Mending mending;
  std::string_view text;
};
constexpr std::array advices{
    Advice{"Postfix", Mending::chain,
           "smtpd_tls_chain_files = FILE, in it the private key, the server's certificate, then "
           "each intermediate, nearest first, without the root (before 3.4: smtpd_tls_cert_file "
           "with the certificates in that order, smtpd_tls_key_file with the key); then: postfix "
           "reload"},
    Advice{"Postfix", Mending::certificate,
           "the files are those that `postconf smtpd_tls_chain_files smtpd_tls_cert_file "
           "smtpd_tls_key_file` shows; look into one with `openssl x509 -noout -subject -dates "
           "-ext subjectAltName -in FILE`; then: postfix reload"},
    Advice{"Postfix", Mending::starttls,
           "smtpd_tls_security_level = may, with key and certificate set, and no \"starttls\" in "
           "smtpd_discard_ehlo_keywords; for a 454 its log says which file it can't load; then: "
           "postfix reload"},
    Advice{"Postfix", Mending::versions,
           "smtpd_tls_protocols = >=TLSv1.2 (before 3.6: !SSLv2, !SSLv3, !TLSv1, !TLSv1.1); then: "
           "postfix reload"},
    Advice{"Postfix", Mending::client_certificate,
           "smtpd_tls_req_ccert = no, and smtpd_tls_ask_ccert = no where nothing needs it; then: "
           "postfix reload"},
    Advice{
        "Exim", Mending::chain,
        "tls_certificate = FILE, in it the server's certificate, then each intermediate, nearest "
        "first, without the root; tls_privatekey = FILE with the key, readable by Exim's user; "
        "then restart Exim (Debian: systemctl restart exim4)"},
    Advice{
        "Exim", Mending::certificate,
        "the files are those that `exim -bP tls_certificate tls_privatekey` shows; look into one "
        "with `openssl x509 -noout -subject -dates -ext subjectAltName -in FILE`; then restart "
        "Exim (Debian: systemctl restart exim4)"},
    Advice{"Exim", Mending::starttls,
           "tls_advertise_hosts = *, with tls_certificate and tls_privatekey set (Debian: "
           "MAIN_TLS_ENABLE = yes); for a 454 its log says which file it can't load; then restart "
           "Exim"},
    Advice{
        "Exim", Mending::versions,
        "with OpenSSL: openssl_options = +no_sslv2 +no_sslv3 +no_tlsv1 +no_tlsv1_1; with GnuTLS: "
        "tls_require_ciphers = NORMAL:-VERS-TLS1.0:-VERS-TLS1.1; then restart Exim"},
    Advice{"Exim", Mending::client_certificate,
           "take the senders' hosts out of tls_verify_hosts; tls_try_verify_hosts only asks; then "
           "restart Exim"},
    Advice{"sendmail", Mending::chain,
           "put the intermediates into the file of confCACERT, from which OpenSSL completes the "
           "chain that is sent; confSERVER_CERT holds the server's certificate, confSERVER_KEY the "
           "key (mode 0600); then: make -C /etc/mail, and restart sendmail"},
    Advice{
        "sendmail", Mending::certificate,
        "replace the files of confSERVER_CERT and confSERVER_KEY (mode 0600, in a directory that "
        "only root can write, or it ignores them and logs \"file path unsafe\"); then restart "
        "sendmail"},
    Advice{"sendmail", Mending::starttls,
           "set confCACERT_PATH, confCACERT, confSERVER_CERT and confSERVER_KEY: without any of "
           "them it offers no STARTTLS, and logs why with confLOG_LEVEL 14; then: make -C "
           "/etc/mail, and restart sendmail"},
    Advice{"sendmail", Mending::versions,
           "in the .mc file, LOCAL_CONFIG: O ServerSSLOptions=+SSL_OP_NO_SSLv3 +SSL_OP_NO_TLSv1 "
           "+SSL_OP_NO_TLSv1_1; then: make -C /etc/mail, and restart sendmail"},
    Advice{"sendmail", Mending::client_certificate,
           "define(`confTLS_SRV_OPTIONS', `V'): it doesn't ask for one then; then: make -C "
           "/etc/mail, and restart sendmail"},
    Advice{"Exchange", Mending::chain,
           "Windows makes the chain that it sends from the computer's stores: Import-Certificate "
           "-FilePath intermediate.cer -CertStoreLocation Cert:\\LocalMachine\\CA; then: "
           "Restart-Service MSExchangeFrontEndTransport, MSExchangeTransport"},
    Advice{"Exchange", Mending::certificate,
           "Import-ExchangeCertificate, then Enable-ExchangeCertificate -Thumbprint ... -Services "
           "SMTP; where Get-ReceiveConnector shows a TlsCertificateName, set it to the new one "
           "(<I>issuer<S>subject); then: Restart-Service MSExchangeFrontEndTransport, "
           "MSExchangeTransport"},
    Advice{"Exchange", Mending::starttls,
           "Set-ReceiveConnector -AuthMechanism with Tls among its values, and a certificate with "
           "the SMTP service (Get-ExchangeCertificate); then: Restart-Service "
           "MSExchangeFrontEndTransport"},
    Advice{
        "Exchange", Mending::versions,
        "in the registry, SCHANNEL\\Protocols\\TLS 1.2\\Server: Enabled = 1, DisabledByDefault = "
        "0, and the reverse for TLS 1.0 and 1.1; then restart the computer"},
    Advice{"Exchange", Mending::client_certificate,
           "Set-ReceiveConnector -DomainSecureEnabled $false on the connector that mail from "
           "elsewhere comes in by; then: Restart-Service MSExchangeFrontEndTransport"},
};

}  // namespace

std::string server_software(const Observation& observation) {
  for (const Attempt& attempt : observation.attempts) {
    for (const net::Line& line : attempt.transcript) {
      if (line.speaker != net::Speaker::server) continue;
      const std::string greeting = x509::lower(std::string_view(line.text).substr(0, 512));
      for (const Mark& mark : marks) {
        if (greeting.find(mark.words) != std::string::npos) return std::string(mark.product);
      }
      break;  // the greeting is the first thing that a server says
    }
  }
  return {};
}

std::span<const std::string_view> server_products() { return products; }

std::string_view product_remedy(std::string_view product, const Finding& finding) {
  if (finding.fix_at == FixAt::sender || finding.fix_at == FixAt::network) return {};
  for (const Cure& cure : cures) {
    if (std::ranges::find(cure.codes, finding.code) == cure.codes.end()) continue;
    for (const Advice& advice : advices) {
      if (advice.product == product && advice.mending == cure.mending) return advice.text;
    }
  }
  return {};
}

std::vector<std::string_view> product_mended_codes() {
  std::vector<std::string_view> all;
  for (const Cure& cure : cures) all.insert(all.end(), cure.codes.begin(), cure.codes.end());
  return all;
}

}  // namespace badmx::checker
