#!/usr/bin/env python3
"""Holds pairs of scenarios against what OpenSSL and GnuTLS say of them.

  witnesses.py BADMX LIST [--all | --seed SEED | PAIR…]

Of the pairs that LIST prints (tests/pairs/list.cc) 200 are drawn by a seed: the commit's, or
$BADMX_PAIRS_SEED. Each is served, `badmx check` and both witnesses look at it, each at a server of
its own (some answer the first connection in another way), and what they say must not contradict each
other (judgement.py)."""

import argparse
import contextlib
import datetime
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import sys

sys.dont_write_bytecode = True
TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path[:0] = [str(TESTS), str(TESTS / "witness")]
import judgement  # noqa: E402
import lab  # noqa: E402
from tools import SILENCE, ask_gnutls, ask_openssl  # noqa: E402

DRAWN = 200
OF_TWO_FAULTS = 100  # of which each may hide the other from a sender that verifies
BATCH = 200  # served at a time: each is a port

# Pairs in which a witness says otherwise, and why; one that needs no exemption fails.
UNPROVEN = ("without a good signature it hasn't signed itself; both witnesses go by its names, which "
            "are the same")
DIFFERENT = {
    "leaf-signature-corrupted+self-signed-leaf": UNPROVEN,
    "leaf-signature-corrupted+self-signed-snakeoil": UNPROVEN,
    "intermediate-not-ca+leaf-not-first": "GnuTLS holds the root's constraints against the common name "
                                          "of what comes first",
}


def commit():
    said = lab.run(["git", "-C", TESTS, "rev-parse", "HEAD"]) if shutil.which("git") else None
    return said.out.strip() if said and said.code == 0 else "no commit"


def faults_of_the_chain(badmx):
    """The scenarios that a sender refuses when it verifies, and only then."""
    listed = json.loads(lab.run([badmx, "list", "scenarios", "--json"]).out)
    return {each["id"] for each in listed
            if each["expect"]["encrypt"] == "deliver" and each["expect"]["verify"] == "refuse"}


def drawn(pairs, seed, faults):
    """The same ones for the same seed."""
    def order(pair):
        return hashlib.sha256(f"{seed} {pair}".encode()).digest()
    two_faults = sorted((pair for pair in pairs if faults.issuperset(pair.split("+"))), key=order)
    first = two_faults[:OF_TWO_FAULTS]
    rest = sorted(set(pairs).difference(first), key=order)
    return first + rest[:DRAWN - len(first)]


def report_of(badmx, server):
    command = [badmx, "check", f"{server.host}:{server.port}", "--name", server.name, "--domain",
               server.domain, "--trust", server.trust, "--timeout", f"{SILENCE}s", "--json"]
    if server.tls == "implicit":
        command.append("--implicit-tls")
    said = lab.run(command, seconds=60)
    if not said.out:
        raise RuntimeError(f"{server.id}: badmx check says no report: {said.err}")
    return json.loads(said.out)


def gnutls_of(server, running, report, openssl):
    """None where there is nothing to compare."""
    # Where no certificate comes it only waits.
    if shutil.which("gnutls-cli") is None or not (report["chain"] or openssl.certificate):
        return None
    seen = ask_gnutls(server, running)
    # Of two it may choose the other.
    differs = seen.certificate and openssl.certificate not in ("", seen.certificate)
    return None if differs else seen


def said_by_all(case):
    found = case.report["findings"] + case.report["consequences"]
    return (f"OpenSSL: {' '.join(case.openssl.words) or 'nothing'}"
            f", GnuTLS: {' '.join(case.gnutls.words) if case.gnutls else 'not asked'}"
            f", badmx: {' '.join(each['code'] for each in found) or 'nothing'}")


def judge(tally, pair, case):
    against = list(judgement.contradictions(case))
    if pair in DIFFERENT and against:
        tally.passed(pair, DIFFERENT[pair])
    elif pair in DIFFERENT:
        tally.failed(pair, "it needs no exemption")
    elif against:
        tally.failed(pair, f"{'; '.join(against)} ({said_by_all(case)})")
    else:
        tally.passed(pair, said_by_all(case))


def serve_and_judge(tally, badmx, pairs):
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%SZ")
    same = ("--seed", secrets.token_hex(32), "--at", now)  # the certificates of all three
    with contextlib.ExitStack() as stack:
        ours, openssls, gnutlss = (stack.enter_context(lab.Lab(badmx, pairs, same))
                                   for _ in range(3))

        def look(pair):
            report = report_of(badmx, ours.servers[pair])
            openssl = ask_openssl(openssls.servers[pair])
            gnutls = gnutls_of(gnutlss.servers[pair], gnutlss, report, openssl)
            judge(tally, pair, judgement.Case(report, openssl, gnutls))

        lab.side_by_side(look, pairs)


def main():
    arguments = argparse.ArgumentParser(description=__doc__,
                                        formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("badmx")
    arguments.add_argument("list")
    arguments.add_argument("--all", action="store_true")
    arguments.add_argument("--seed", default=os.environ.get("BADMX_PAIRS_SEED"))
    arguments.add_argument("pairs", nargs="*")
    chosen = arguments.parse_args()
    tally = lab.Tally()
    if shutil.which("openssl") is None:
        tally.skipped("openssl", "openssl isn't installed")
        return tally.end()
    listed = lab.run([chosen.list], seconds=120)
    if listed.code != 0:
        raise RuntimeError(f"{chosen.list}: {listed.err}")
    unmet = dict(line.partition(" ")[::2] for line in listed.out.splitlines())
    pairs = chosen.pairs or list(unmet)
    if not chosen.pairs and not chosen.all:
        seed = chosen.seed or commit()
        print(f"{DRAWN} of {len(pairs)} pairs by the seed {seed}; once more: BADMX_PAIRS_SEED='{seed}'")
        pairs = drawn(pairs, seed, faults_of_the_chain(chosen.badmx))
    for pair in pairs:
        if unmet.get(pair):
            tally.skipped(pair, f"this build has no {unmet[pair]}")
    pairs = [pair for pair in pairs if not unmet.get(pair)]
    for first in range(0, len(pairs), BATCH):
        serve_and_judge(tally, chosen.badmx, pairs[first:first + BATCH])
    return tally.end()


if __name__ == "__main__":
    sys.exit(main())
