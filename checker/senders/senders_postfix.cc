// What Postfix says, in its log and its bounces.
#include "checker/senders/senders_table.h"

#include <array>

namespace badmx::checker {
namespace {

constexpr std::array postfix_rows{
    SenderLine{
        .sender = "Postfix",
        .versions = "3.6 up",
        .pattern = "server certificate not verified",
        .meaning = "Postfix demands a verified certificate and this one wasn't; the reason is "
                   "in another line of its log.",
        .codes = "issuer-unknown intermediate-missing root-not-trusted self-signed "
                 "certificate-expired name-mismatch purpose-not-server signature-weak",
        .policies = "verify, secure",
        .tlsrpt = "validation-failure",
        .ask = "Ask for the sender's log lines just before, which name the reason (\"certificate "
               "verification failed for {host}: …\"), or run: badmx check {host}"},
    SenderLine{
        .sender = "Postfix",
        .versions = "2.5 to 3.5",
        .pattern = "server certificate not trusted",
        .meaning = "The same as \"Server certificate not verified\" of later versions.",
        .codes =
            "issuer-unknown intermediate-missing root-not-trusted self-signed certificate-expired",
        .policies = "verify, secure",
        .tlsrpt = "validation-failure",
        .ask = "Ask for the sender's log lines just before, which name the reason (\"certificate "
               "verification failed for {host}: …\"), or run: badmx check {host}"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: untrusted issuer",
               .meaning =
                   "Nobody whom Postfix trusts made the last certificate of the chain: an "
                   "intermediate is missing, or its root isn't trusted. Postfix can't tell which.",
               .codes = "issuer-unknown intermediate-missing root-not-trusted issuer-wrong-key",
               .policies = "verify, secure",
               .tlsrpt = "certificate-not-trusted"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: self-signed certificate",
               .meaning = "The server's certificate is signed by itself.",
               .codes = "self-signed",
               .policies = "verify, secure",
               .tlsrpt = "certificate-not-trusted"},
    SenderLine{.sender = "Postfix",
               .versions = "with OpenSSL before 3.0",
               .pattern = "certificate verification failed for {host}: self signed certificate",
               .meaning = "The server's certificate is signed by itself.",
               .codes = "self-signed",
               .policies = "verify, secure",
               .tlsrpt = "certificate-not-trusted"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: certificate has expired",
               .meaning = "The server's certificate, or one of its CAs', has expired.",
               .codes = "certificate-expired",
               .policies = "verify, secure",
               .tlsrpt = "certificate-expired"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: certificate not yet valid",
               .meaning = "The certificate's time hasn't come, or a clock is wrong.",
               .codes = "certificate-not-yet-valid",
               .policies = "verify, secure",
               .tlsrpt = "validation-failure"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: not designated for use as a "
                          "server certificate",
               .meaning = "The certificate's extended key usage lacks serverAuth.",
               .codes = "purpose-not-server",
               .policies = "verify, secure",
               .tlsrpt = "validation-failure"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: num=62:hostname mismatch",
               .meaning = "The certificate isn't for the name that Postfix looked for. Postfix "
                          "shows only this one reason: the certificate may have expired besides.",
               .codes = "name-mismatch certificate-expired",
               .policies = "verify, secure",
               .tlsrpt = "certificate-host-mismatch"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: num=68:",
               .meaning = "The certificate is signed with a digest that is broken (SHA-1, MD5).",
               .codes = "signature-weak",
               .policies = "verify, secure",
               .tlsrpt = "certificate-not-trusted"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "certificate verification failed for {host}: num=79:invalid ca certificate",
        .meaning = "A certificate that is no CA's has issued another.",
        .codes = "issuer-not-ca",
        .policies = "verify, secure",
        .tlsrpt = "certificate-not-trusted"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: num=7:",
               .meaning = "A signature in the chain doesn't fit the issuer's key.",
               .codes = "signature-bad issuer-wrong-key",
               .policies = "verify, secure",
               .tlsrpt = "certificate-not-trusted"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: num=65:",
               .meaning = "No TLSA record fits the certificate.",
               .policies = "dane, dane-only",
               .tlsrpt = "tlsa-invalid",
               .ask = "Ask for the TLSA records: dig +dnssec TLSA _25._tcp.{host}, and compare "
                      "after: badmx check {host}"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "certificate verification failed for {host}: not trusted by local or "
                   "tlsa policy",
        .meaning = "The certificate is none of those that the policy or a TLSA record names.",
        .policies = "fingerprint, dane",
        .tlsrpt = "tlsa-invalid",
        .ask = "Ask for the TLSA records: dig +dnssec TLSA _25._tcp.{host}, and compare "
               "after: badmx check {host}"},
    SenderLine{.sender = "Postfix",
               .pattern = "certificate verification failed for {host}: certificate chain longer "
                          "than limit",
               .meaning = "The chain is longer than smtp_tls_scert_verifydepth allows.",
               .codes = "path-too-long",
               .policies = "verify, secure",
               .tlsrpt = "validation-failure"},
    SenderLine{.sender = "Postfix",
               .pattern = "tls is required, but was not offered by host {host}",
               .meaning = "The EHLO answer had no STARTTLS: not configured, refused with EHLO "
                          "itself, or taken out by a device on the way.",
               .codes = "starttls-not-offered starttls-masked ehlo-refused",
               .policies = "encrypt, verify, secure, dane",
               .tlsrpt = "starttls-not-supported"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "tls is required, but host {host} refused to start tls",
        .meaning =
            "STARTTLS was offered and then refused: the server can't load its key or certificate.",
        .codes = "starttls-refused",
        .policies = "encrypt, verify, secure, dane",
        .tlsrpt = "starttls-not-supported"},
    SenderLine{.sender = "Postfix",
               .pattern = "tls is required, but our tls engine is unavailable",
               .meaning = "This Postfix has no TLS itself: the fault is at the sender.",
               .policies = "encrypt, verify, secure",
               .ask = "Ask the sender for: postconf -n | grep tls"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "cannot start tls: handshake failure",
        .meaning = "The TLS handshake failed after STARTTLS: the server closed, sent plain text or "
                   "nothing, an alert came, or versions and ciphers have nothing in common.",
        .codes = "handshake-closed handshake-alert handshake-timeout starttls-plaintext-reply "
                 "tls-version-not-shared handshake-failed",
        .tlsrpt = "validation-failure"},
    SenderLine{.sender = "Postfix",
               .pattern = "ssl_connect error to {host}",
               .meaning = "The TLS handshake failed; the words behind it, or a \"TLS library "
                          "problem\" line, say why.",
               .codes = "handshake-closed handshake-timeout handshake-alert tls-version-not-shared",
               .tlsrpt = "validation-failure"},
    SenderLine{.sender = "Postfix",
               .pattern = "lost connection with {host} while performing the ehlo handshake",
               .meaning = "The server hung up at EHLO. Right behind a TLS handshake that succeeded "
                          "it means that it demands a client certificate.",
               .codes = "client-certificate-required connection-lost-under-tls connection-lost",
               .tlsrpt = "validation-failure"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "conversation with {host} timed out while receiving the initial server greeting",
        .meaning = "It connects, but no greeting comes: the port waits for TLS from the first "
                   "byte, or the server is overloaded.",
        .codes = "plaintext-on-tls-port connect-failed"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "host {host} refused to talk to me",
        .meaning =
            "The greeting was a refusal (reputation, rate limit, greylisting): no TLS fault.",
        .codes = "banner-refused"},
    SenderLine{.sender = "Postfix",
               .pattern = "connect to {host}: connection refused",
               .meaning = "Nothing listens there, or a firewall turns it away.",
               .codes = "connect-failed"},
    SenderLine{.sender = "Postfix",
               .pattern = "connect to {host}: connection timed out",
               .meaning = "No answer: a firewall drops the packets, or the host is down.",
               .codes = "connect-failed"},
    SenderLine{.sender = "Postfix",
               .pattern = "connect to {host}: no route to host",
               .meaning = "The network doesn't reach it.",
               .codes = "connect-failed"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "untrusted tls connection established to {host}",
        .meaning = "Encrypted, but the certificate wasn't verified; below verify that delivers.",
        .codes = "issuer-unknown root-not-trusted self-signed name-mismatch certificate-expired",
        .policies = "may, encrypt"},
    SenderLine{
        .sender = "Postfix",
        .pattern = "trusted tls connection established to {host}",
        .meaning = "The chain is trusted; the name wasn't judged. Nothing is wrong with it so far.",
        .codes = "client-certificate-required"},
    SenderLine{.sender = "Postfix",
               .pattern = "all tlsa records unusable",
               .meaning = "The TLSA records have usages or forms that SMTP can't use; Postfix goes "
                          "on without authentication.",
               .policies = "dane",
               .tlsrpt = "tlsa-invalid",
               .ask = "Ask for the TLSA records: dig +dnssec TLSA _25._tcp.{host}"},
    SenderLine{.sender = "Postfix",
               .pattern = "tlsa lookup error for {host}",
               .meaning = "DNS failed on the TLSA record; Postfix must not go on.",
               .policies = "dane",
               .tlsrpt = "dnssec-invalid",
               .ask = "Ask for: delv TLSA _25._tcp.{host}; the name servers must answer with proof "
                      "that a record doesn't exist"},
    SenderLine{.sender = "Postfix",
               .pattern = "no tlsa records found",
               .meaning = "The sender demands DANE, and the domain publishes none.",
               .policies = "dane-only",
               .tlsrpt = "dane-required",
               .ask = "Ask for the TLSA records: dig +dnssec TLSA _25._tcp.{host}, or agree on "
                      "another policy"},
    SenderLine{.sender = "Postfix",
               .pattern = "non dnssec destination",
               .meaning = "DANE is impossible: the zone isn't signed.",
               .policies = "dane-only",
               .tlsrpt = "dane-required",
               .ask = "Ask for: dig +dnssec MX of the domain"},
    SenderLine{
        .sender = "Postfix",
        .versions = "3.11 up",
        .pattern = "sender requested requiretls",
        .meaning =
            "The sender asked for REQUIRETLS (RFC 8689), which no server of the domain supports.",
        .ask = "Ask the sender to send without REQUIRETLS"},
};

}  // namespace

std::span<const SenderLine> postfix_lines() { return postfix_rows; }

}  // namespace badmx::checker
