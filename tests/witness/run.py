#!/usr/bin/env python3
"""Holds every scenario against what a tool that we didn't write says of it.

  run.py BADMX openssl|gnutls [SCENARIO…]

For each scenario the tool connects to `badmx serve` with the trust and the name of the ready-file,
and what it says must be the file's [witness]. A scenario without one is skipped, loudly.
tests/witness/README.md has the vocabulary."""

import concurrent.futures
import json
import pathlib
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lab  # noqa: E402

# What the tools wait for themselves is a second; a server that keeps silent is told by this.
SILENCE = 4


class Seen:
    """What a tool saw: its words on the certificate, and whether QUIT was answered under TLS."""

    def __init__(self, words, certificate, answered):
        self.words, self.certificate, self.answered = words, certificate, answered


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
    return Seen(codes, "-----BEGIN CERTIFICATE-----" in said.out,
                re.search(r"^221 ", said.out, re.MULTILINE) is not None)


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
    """gnutls-cli's conclusion, as a word of tests/witness/README.md."""
    command = ["gnutls-cli", server.host, "--port", str(server.port)]
    if server.tls == "starttls":
        command.append("--starttls-proto=smtp")
    command += ["--x509cafile", server.trust, "--sni-hostname", server.name,
                "--verify-hostname", server.name]
    said = lab.run(command, "quit\r\n", SILENCE).text
    if "- Status: The certificate is trusted." in said:
        return "trusted"
    if "- Status: The certificate is NOT trusted." in said:
        words = [word for sentence, word in GNUTLS_SENTENCES if sentence in said]
        return " ".join(words) or "untrusted, without a reason"
    if re.search(r"Duplicate extension|DER parsing|ASN1 parser|certificate parsing", said):
        return "malformed"
    if "*** Fatal error" in said:
        return "handshake-failed"
    # It waits for ever, without a word, for a reply that it knows and for the server's hello alike.
    records = running.connections(server.id)
    return "handshake-failed" if any(each["client_hello"] for each in records) else "no-starttls"


def judge_openssl(tally, case, witness, server, _running):
    seen = ask_openssl(server)
    expected = witness.get("openssl")
    if expected is None and server.expect["encrypt"] == "refuse":
        # No certificate to judge: that no session under TLS comes about is all there is to witness.
        tally.judge(case, False, seen.answered, "no session under TLS")
    elif expected is None:
        tally.skipped(case, "its file says nothing of openssl")
    elif not seen.certificate or not seen.answered:
        # s_client is as silent about a chain without fault as about one that never came.
        tally.failed(case, "s_client got no certificate" if not seen.certificate else
                     "s_client got no answer under TLS")
    else:
        tally.judge(case, expected, seen.words)


def judge_gnutls(tally, case, witness, server, running):
    if not (expected := witness.get("gnutls")):
        tally.skipped(case, "its file says nothing of gnutls")
        return
    tally.judge(case, expected, ask_gnutls(server, running))


TOOLS = {"openssl": ("openssl", judge_openssl), "gnutls": ("gnutls-cli", judge_gnutls)}


def main(badmx, tool, names):
    program, judge = TOOLS[tool]
    tally = lab.Tally()
    if shutil.which(program) is None:
        tally.skipped(tool, f"{program} isn't installed")
        return tally.end()
    listed = json.loads(lab.run([badmx, "list", "scenarios", "--json"]).out)
    witnesses = {each["id"]: each.get("witness") or {} for each in listed}
    with lab.Lab(badmx, names or ["--all"]) as running:
        with concurrent.futures.ThreadPoolExecutor(4) as threads:
            jobs = [threads.submit(judge, tally, name, witnesses[name], server, running)
                    for name, server in running.servers.items()]
        for job in jobs:
            job.result()
    return tally.end()


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in TOOLS:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
