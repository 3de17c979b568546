#!/usr/bin/env python3
"""Delivers a message by a real client to every scenario, and holds what becomes of it against the
outcome that the scenario expects for the client's policy.

  run.py BADMX openssl|gnutls|curl|swaks|swaks-verify|smtplib [SCENARIO…]

The outcome is the server's record of the client's connections; the client's own conclusion must be
the same."""

import collections
import pathlib
import re
import shutil
import smtplib
import socket
import ssl
import sys

sys.dont_write_bytecode = True
HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE.parent.parent / "gateways")]
import lab  # noqa: E402
from swaks_verify import chain_alone  # noqa: E402

PATIENCE = 5  # seconds until a client that waits for a silent server is given up
SENDER, RECIPIENT = "sender@client.badmx.test", "recipient@badmx.test"
MESSAGE = f"From: {SENDER}\r\nTo: {RECIPIENT}\r\nSubject: a test\r\n\r\nHello.\r\n"


def dialogue():
    return "\r\n".join(["ehlo client.badmx.test", f"mail from:<{SENDER}>",
                          f"rcpt to:<{RECIPIENT}>", "data", "subject: a test", "", "hello", ".",
                          "quit", ""])


def was_accepted(said):
    """Whether a terminal client shows the answer to the final dot: a 250 behind the 354."""
    return re.search(r"^354.*?^250", said, re.MULTILINE | re.DOTALL) is not None


def by_openssl(server):
    command = ["openssl", "s_client", "-connect", f"{server.host}:{server.port}", "-quiet",
               "-CAfile", server.trust, "-no-CApath", "-no-CAstore", "-verify_return_error",
               "-servername", server.name, "-verify_hostname", server.name]
    if server.tls == "starttls":
        command += ["-starttls", "smtp"]
    return was_accepted(lab.run(command, dialogue(), PATIENCE).out)


def by_gnutls(server):
    command = ["gnutls-cli", server.host, "--port", str(server.port), "--x509cafile", server.trust,
               "--sni-hostname", server.name, "--verify-hostname", server.name]
    if server.tls == "starttls":
        command.append("--starttls-proto=smtp")
    return was_accepted(lab.run(command, dialogue(), PATIENCE).out)


def by_curl(server):
    scheme = "smtp" if server.tls == "starttls" else "smtps"
    return lab.run(
        ["curl", "--disable", "--silent", "--show-error", "--max-time", PATIENCE,
         f"{scheme}://{server.name}:{server.port}/client.badmx.test", "--resolve",
         f"{server.name}:{server.port}:{server.host}", "--ssl-reqd", "--cacert", server.trust,
         "--mail-from", SENDER, "--mail-rcpt", RECIPIENT, "--upload-file", "-"],
        MESSAGE, PATIENCE + 2).code == 0


def swaks(server, *more):
    return lab.run(
        ["swaks", "--server", server.host, "--port", server.port, "--from", SENDER, "--to",
         RECIPIENT, "--helo", "client.badmx.test", "--timeout", PATIENCE,
         "--tls" if server.tls == "starttls" else "--tls-on-connect", *more],
        "", PATIENCE + 2).code == 0


def by_swaks(server):
    return swaks(server)


def by_swaks_verify(server):
    return swaks(server, chain_alone(), "--tls-ca-path", server.trust)


class AtAddress(smtplib.SMTP):
    """Verifies the name it was given, wherever that is served."""

    def __init__(self, server):
        self._at = (server.host, server.port)
        super().__init__(server.name, server.port, "client.badmx.test", timeout=PATIENCE)

    def _get_socket(self, host, port, timeout):
        return socket.create_connection(self._at, timeout)


class AtAddressTls(AtAddress):
    """TLS from the first octet, as smtplib.SMTP_SSL does it."""

    def __init__(self, server, context):
        self._context = context
        super().__init__(server)

    def _get_socket(self, host, port, timeout):
        plain = super()._get_socket(host, port, timeout)
        return self._context.wrap_socket(plain, server_hostname=host)


def by_smtplib(server):
    context = ssl.create_default_context(cafile=server.trust)
    try:
        if server.tls == "starttls":
            with AtAddress(server) as smtp:
                smtp.starttls(context=context)
                smtp.sendmail(SENDER, RECIPIENT, MESSAGE)
        else:
            with AtAddressTls(server, context) as smtp:
                smtp.sendmail(SENDER, RECIPIENT, MESSAGE)
    except (OSError, smtplib.SMTPException):
        return False
    return True


Client = collections.namedtuple("Client", "program policy deliver")
CLIENTS = {
    "openssl": Client("openssl", "verify", by_openssl),
    "gnutls": Client("gnutls-cli", "verify", by_gnutls),
    "curl": Client("curl", "verify", by_curl),
    # swaks verifies nothing unless told, and then the chain without the name.
    "swaks": Client("swaks", "encrypt", by_swaks),
    "swaks-verify": Client("swaks", "verify-ca", by_swaks_verify),
    "smtplib": Client("python3", "verify", by_smtplib),
}

# Where a client is known to do otherwise than a current sender of its policy, and why.
COMMON_NAME = ("deliver", "takes the common name where there are no alternative names")
FALLS_FOR_IT = ("refuse", "takes the injected line for the answer to EHLO, is one answer behind "
                          "from there, and gives up at DATA")
NO_LISTS = ("deliver", "isn't given revocation lists here")
NO_STAPLES = ("deliver", "looks at no staple")
STAPLES = ("refuse", "refuses what it can't make anything of, or misses")
ONE_WAY = ("refuse", "takes one way up and doesn't go back")
DIFFERENT = {
    **{(client, scenario): NO_LISTS for client in ("openssl", "gnutls", "curl", "swaks-verify", "smtplib")
       for scenario in ("revoked-leaf", "revocation-list-expired")},
    **{(client, "revoked-leaf-stapled"): NO_STAPLES
       for client in ("openssl", "curl", "swaks-verify", "smtplib")},
    ("gnutls", "staple-expired"): STAPLES,
    ("gnutls", "must-staple-without-staple"): STAPLES,
    **{(client, "two-paths-one-trusted"): ONE_WAY
       for client in ("openssl", "gnutls", "curl", "swaks-verify", "smtplib")},
    ("gnutls", "rsa-certificate-expired"): ("refuse", "prefers the RSA certificate, the expired one"),
    ("openssl", "cn-only-no-san"): COMMON_NAME,
    ("gnutls", "cn-only-no-san"): COMMON_NAME,
    ("curl", "cn-only-no-san"): COMMON_NAME,
    ("smtplib", "cn-only-no-san"): COMMON_NAME,
    ("openssl", "greeting-is-no-reply"): ("deliver", "reads over a first line that is no reply"),
    ("gnutls", "tls10-only"): ("deliver", "still speaks TLS 1.0"),
    ("gnutls", "rsa-1024-leaf"): ("deliver", "still takes RSA keys of 1024 bits"),
    # CVE-2021-22947: since 7.79 it ends the session when anything stands behind the 220.
    ("curl", "reply-injected-after-starttls"): ("refuse", "takes no octet behind the 220"),
    ("swaks", "reply-injected-after-starttls"): FALLS_FOR_IT,
    ("swaks-verify", "reply-injected-after-starttls"): FALLS_FOR_IT,
}

OUTCOMES = {"under-tls": "deliver", "in-clear": "deliver-cleartext", "no": "refuse"}


def judge(tally, name, server, running):
    client = CLIENTS[name]
    says_delivered = client.deliver(server)
    records = running.connections(server.id)
    delivered = {record["delivered"] for record in records}
    outcome = next((OUTCOMES[word] for word in OUTCOMES if word in delivered), "no connection")
    expected, why = server.expect[client.policy], ""
    if (name, server.id) in DIFFERENT:
        expected, why = DIFFERENT[name, server.id]
    if says_delivered != (outcome in ("deliver", "deliver-cleartext")):
        tally.failed(server.id, f"the client says {'delivered' if says_delivered else 'refused'}, "
                                f"the server's record {outcome}")
    else:
        tally.judge(server.id, expected, outcome, why)


def main(badmx, name, scenarios):
    client = CLIENTS[name]
    tally = lab.Tally()
    if shutil.which(client.program) is None:
        tally.skipped(name, f"{client.program} isn't installed")
        return tally.end()
    with lab.Lab(badmx, scenarios or ["--all"]) as running:
        lab.side_by_side(lambda server: judge(tally, name, server, running), running.servers.values())
    return tally.end()


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in CLIENTS:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
