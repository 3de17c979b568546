"""What tools that we didn't write say of a server that runs: `openssl s_client` and `gnutls-cli`, given
the trust and the name of the ready-file."""

import re

import lab

# What the tools wait for themselves is a second; a server that keeps silent is told by this.
SILENCE = 4


class Seen:
    """What a tool saw: its words on the chain, the first certificate as PEM (empty: none came), and
    whether QUIT was answered under TLS."""

    def __init__(self, words, certificate, answered):
        self.words, self.certificate, self.answered = words, certificate, answered


def _seen(words, said):
    first = re.search(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----", said.out, re.DOTALL)
    return Seen(words, first[0] if first else "",
                re.search(r"^221 ", said.out, re.MULTILINE) is not None)


def ask_openssl(server):
    """Every "depth:code" of s_client in order."""
    command = ["openssl", "s_client", "-connect", f"{server.host}:{server.port}"]
    if server.tls == "starttls":
        command += ["-starttls", "smtp"]
    command += ["-CAfile", server.trust, "-no-CApath", "-no-CAstore", "-showcerts", "-ign_eof",
                "-servername", server.name, "-verify_hostname", server.name]
    said = lab.run(command, "ehlo client.badmx.test\r\nquit\r\n", SILENCE)
    codes, depth = [], None
    for line in said.text.splitlines():
        if at := re.match(r"depth=(\d+) ", line):
            depth = at[1]
        elif error := re.match(r"verify error:num=(\d+):", line):
            codes.append(f"{depth}:{error[1]}")
    return _seen(codes, said)


# In the order in which a witness names them.
GNUTLS_SENTENCES = (
    ("The certificate issuer is unknown.", "issuer-unknown"),
    ("The certificate chain uses expired certificate.", "expired"),
    ("The certificate chain uses not yet valid certificate.", "not-yet-valid"),
    ("The certificate issuer is not a CA.", "not-a-ca"),
    ("The signature in the certificate is invalid.", "signature"),
    ("The certificate chain uses insecure algorithm.", "algorithm"),
    ("contains an unknown critical extension.", "critical"),
    ("The certificate chain does not match the intended purpose.", "purpose"),
    ("The certificate chain violates the signer's constraints.", "constraints"),
    ("The certificate chain is revoked.", "revoked"),
    ("The revocation or OCSP data are old and have been superseded.", "staple-old"),
    ("The received OCSP status response is invalid.", "staple-invalid"),
    ("but the OCSP status is missing.", "staple-missing"),
    ("The name in the certificate does not match the expected.", "name"),
)


def ask_gnutls(server, running):
    """gnutls-cli's conclusion, in words of tests/witness/README.md; "trusted" is alone."""
    command = ["gnutls-cli", server.host, "--port", str(server.port)]
    if server.tls == "starttls":
        command.append("--starttls-proto=smtp")
    command += ["--x509cafile", server.trust, "--sni-hostname", server.name,
                "--verify-hostname", server.name, "--print-cert"]
    said = lab.run(command, "quit\r\n", SILENCE)
    return _seen(_gnutls_words(said.text, server, running), said)


def _gnutls_words(said, server, running):
    if "- Status: The certificate is trusted." in said:
        return ["trusted"]
    if "- Status: The certificate is NOT trusted." in said:
        words = [word for sentence, word in GNUTLS_SENTENCES if sentence in said]
        return words or ["untrusted, without a reason"]
    if re.search(r"Duplicate extension|DER parsing|ASN1 parser|certificate parsing", said):
        return ["malformed"]
    if "*** Fatal error" in said:
        return ["handshake-failed"]
    # It waits for ever, without a word, for a reply that it knows and for the server's hello alike.
    records = running.connections(server.id)
    return ["handshake-failed" if any(each["client_hello"] for each in records) else "no-starttls"]
