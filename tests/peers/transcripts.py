#!/usr/bin/env python3
"""What `openssl s_client` prints of every scenario, pasted: with -showcerts, without, and without
any PEM.

  transcripts.py BADMX [SCENARIO…]

Two things must hold. The paste's diagnosis promises no delivery that the server's own doesn't; and
the copy that `check --reproduce` makes of the paste gets the paste's diagnosis."""

import json
import os
import re
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
import lab  # noqa: E402

PATIENCE = 5  # seconds until an s_client that waits for a silent server is given up

PEM = re.compile(r"-----BEGIN CERTIFICATE-----.*?-----END CERTIFICATE-----\n", re.DOTALL)
FORMS = {"showcerts": (["-showcerts"], lambda text: text),
         "leaf only": ([], lambda text: text),
         "no PEM": (["-showcerts"], lambda text: PEM.sub("", text))}

# Of these nothing is left to copy, and nobody could tell what to do but ask the server itself.
NO_DIALOGUE = "it shows neither a certificate nor why there is none"
NOTHING_TO_COPY = {
    **{name: NO_DIALOGUE for name in ("banner-421", "banner-flood", "ehlo-502", "ehlo-line-without-end",
                                      "no-starttls", "starttls-xxxx")},
    "starttls-then-silence": "could not recognise this input"}

# What becomes of the session after s_client has printed, and what it isn't told, isn't in it.
UNSEEN = {
    "connection-lost-after-starttls": "the connection ends behind the handshake",
    "greeting-is-no-reply": "s_client reads over the greeting",
    "insists-on-client-certificate": "the alert of TLS 1.3 comes when s_client has gone",
    "revoked-leaf": "the list isn't handed in",
    "revocation-list-expired": "the list isn't handed in"}

# Copies that differ, with the reason.
DIFFERENT = {
    ("no PEM", "leaf-not-first"): "the usages of the issuer that comes first aren't printed: what "
                                  "verify-ca makes of it is undecided in the paste, not in the copy"}


def paste(server, options, edit):
    command = ["openssl", "s_client", "-connect", f"{server.host}:{server.port}", "-status",
               "-servername", server.name, "-CAfile", server.trust, *options]
    if server.tls == "starttls":
        command += ["-starttls", "smtp", "-name", "client.badmx.test"]
    said = lab.run(command, seconds=PATIENCE)
    return "$ " + " ".join(command) + "\n" + said.err + edit(said.out)


def judge(tally, badmx, form, server, diagnosis, folder):
    case = f"{form}: {server.id}"
    text = paste(server, *FORMS[form])
    place = os.path.join(folder, server.id)
    said = lab.run([badmx, "check", "-", "--trust", server.trust, "--name", server.name, "--json",
                    "--reproduce", place], text, seconds=60)
    reason = NOTHING_TO_COPY.get(server.id)
    if reason is None and (form, server.id) in DIFFERENT:
        tally.judge(case, True, "isn't the original's" in said.err, DIFFERENT[form, server.id])
    elif reason is None and "a copy that gets the same diagnosis" not in said.err:
        tally.failed(case, said.err.strip())
    elif reason is not None and reason not in said.err:
        tally.failed(case, f"expected “{reason}”, found “{said.err.strip()}”")
    elif not said.out:
        tally.judge(case, "starttls-then-silence", server.id)
    else:
        # What is undecided is no promise.
        verdicts = json.loads(said.out)["verdicts"]
        promised = {policy for policy, verdict in verdicts.items()
                    if verdict["outcome"] == "deliver" and diagnosis[policy] != "deliver"}
        if promised and server.id in UNSEEN:
            tally.passed(case, UNSEEN[server.id])
        else:
            tally.judge(case, set(), promised)


def main(badmx, scenarios):
    tally = lab.Tally()
    if shutil.which("openssl") is None:
        tally.skipped("openssl", "openssl isn't installed")
        return tally.end()
    # What the server's own diagnosis promises: a transcript has no message in it.
    listed = json.loads(lab.run([badmx, "list", "scenarios", "--json"]).out)
    diagnoses = {each["id"]: each["expect"] for each in listed}
    with lab.Lab(badmx, scenarios or ["--all"]) as running:
        for form in FORMS:
            folder = os.path.join(running.folder, form)
            os.mkdir(folder)
            lab.side_by_side(lambda server: judge(tally, badmx, form, server, diagnoses[server.id],
                                                  folder),
                             running.servers.values())
    return tally.end()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2:]))
