#!/usr/bin/env python3
"""Holds every scenario against what a tool that we didn't write says of it.

  run.py BADMX openssl|gnutls [SCENARIO…]

For each scenario the tool connects to `badmx serve` with the trust and the name of the ready-file,
and what it says must be the file's [witness]. A scenario without one is skipped, loudly.
tests/witness/README.md has the vocabulary."""

import json
import pathlib
import shutil
import sys

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lab  # noqa: E402
from tools import ask_gnutls, ask_openssl  # noqa: E402


def judge_openssl(tally, scenario, server, _running):
    case = server.id
    seen = ask_openssl(server)
    expected = scenario["witness"].get("openssl")
    # By the diagnosis: s_client sends no message, whatever the server would make of one.
    if expected is None and scenario["expect"]["encrypt"] == "refuse":
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


def judge_gnutls(tally, scenario, server, running):
    case = server.id
    if not (expected := scenario["witness"].get("gnutls")):
        tally.skipped(case, "its file says nothing of gnutls")
        return
    tally.judge(case, expected, " ".join(ask_gnutls(server, running).words))


TOOLS = {"openssl": ("openssl", judge_openssl), "gnutls": ("gnutls-cli", judge_gnutls)}


def main(badmx, tool, names):
    program, judge = TOOLS[tool]
    tally = lab.Tally()
    if shutil.which(program) is None:
        tally.skipped(tool, f"{program} isn't installed")
        return tally.end()
    listed = json.loads(lab.run([badmx, "list", "scenarios", "--json"]).out)
    scenarios = {each["id"]: each for each in listed}
    with lab.Lab(badmx, names or ["--all"]) as running:
        lab.side_by_side(lambda server: judge(tally, scenarios[server.id], server, running),
                         running.servers.values())
    return tally.end()


if __name__ == "__main__":
    if len(sys.argv) < 3 or sys.argv[2] not in TOOLS:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], sys.argv[2], sys.argv[3:]))
