// What TLS reports say (RFC 8460 4.3).
#include "checker/senders/senders_table.h"

#include <array>

namespace badmx::checker {
namespace {

constexpr std::array tls_report_rows{
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "starttls-not-supported",
               .meaning = "The server offered no STARTTLS, or refused it.",
               .codes = "starttls-not-offered starttls-masked starttls-refused ehlo-refused",
               .tlsrpt = "starttls-not-supported"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "certificate-host-mismatch",
               .meaning = "The certificate isn't for the server's name.",
               .codes = "name-mismatch name-only-in-cn",
               .tlsrpt = "certificate-host-mismatch"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "certificate-expired",
               .meaning = "A certificate has expired.",
               .codes = "certificate-expired",
               .tlsrpt = "certificate-expired"},
    SenderLine{
        .sender = "TLS report",
        .versions = "RFC 8460 4.3",
        .pattern = "certificate-not-trusted",
        .meaning =
            "The sender found no way to a root that it trusts, or another fault of the chain.",
        .codes = "issuer-unknown intermediate-missing root-not-trusted self-signed "
                 "issuer-wrong-key signature-bad issuer-not-ca",
        .tlsrpt = "certificate-not-trusted"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "validation-failure",
               .meaning = "Any other failure; \"failure-reason-code\" may say more.",
               .codes = "handshake-closed handshake-alert issuer-unknown self-signed "
                        "certificate-not-yet-valid purpose-not-server",
               .tlsrpt = "validation-failure"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "tlsa-invalid",
               .meaning = "DANE: no usable TLSA record fits.",
               .tlsrpt = "tlsa-invalid",
               .ask = "Ask for the TLSA records: dig +dnssec TLSA _25._tcp.{host}, and compare "
                      "after: badmx check {host}"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "dnssec-invalid",
               .meaning = "DANE: DNSSEC isn't valid.",
               .tlsrpt = "dnssec-invalid",
               .ask = "Ask for: delv TLSA _25._tcp.{host}"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "dane-required",
               .meaning = "The sender demands DANE and found no TLSA record.",
               .tlsrpt = "dane-required",
               .ask = "Ask for the TLSA records: dig +dnssec TLSA _25._tcp.{host}"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "sts-policy-fetch-error",
               .meaning = "MTA-STS: the policy couldn't be fetched.",
               .tlsrpt = "sts-policy-fetch-error",
               .ask = "Ask for: curl -v https://mta-sts.DOMAIN/.well-known/mta-sts.txt"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "sts-policy-invalid",
               .meaning = "MTA-STS: the policy's text isn't valid.",
               .tlsrpt = "sts-policy-invalid",
               .ask = "Ask for: curl https://mta-sts.DOMAIN/.well-known/mta-sts.txt"},
    SenderLine{.sender = "TLS report",
               .versions = "RFC 8460 4.3",
               .pattern = "sts-webpki-invalid",
               .meaning = "MTA-STS: the certificate of the policy's web host is bad.",
               .tlsrpt = "sts-webpki-invalid",
               .ask = "Run: badmx check mta-sts.DOMAIN:443 --implicit-tls"},
};

}  // namespace

std::span<const SenderLine> tls_report_lines() { return tls_report_rows; }

}  // namespace badmx::checker
