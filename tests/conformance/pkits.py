#!/usr/bin/env python3
"""NIST's Public Key Interoperability Test Suite, its certificates and revocation lists.

  pkits.py BADMX [PKITS_data]      unsaid where Debian's python3-cryptography-vectors has it

Each end entity's certificate is checked with all certificates that its names lead to and all their
lists, trusting NIST's root alone, for any purpose. What the file's name says (Valid…, Invalid…), and
for policies the suite's document under its default settings, must be the verdict of verify-ca."""

import base64
import json
import os
import pathlib
import re
import sys
import tempfile

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
import lab  # noqa: E402

INSTALLED = "/usr/lib/python3/dist-packages/cryptography_vectors/x509/PKITS_data"
MOMENT = "2015-06-01T00:00:00Z"
ROOT = "TrustAnchorRootCertificate"

# Of those whose name doesn't say: a CA demands a policy and none holds (PKITS 4.8). `openssl verify
# -policy_check -policy 2.5.29.32.0` refuses the same six of the twenty.
NO_POLICY = {f"DifferentPoliciesTest{number}EE" for number in (4, 5, 7, 8, 9, 12)}

NO_LIST = "no list is about it, and mail senders demand none"
OTHER_ISSUER = "lists of another issuer than the certificate's aren't followed"
DELTA = "delta lists aren't laid over the complete ones"
DIFFERENT = {
    "InvalidMissingCRLTest1EE": NO_LIST,
    "InvalidBadCRLIssuerNameTest5EE": NO_LIST,
    "InvalidWrongCRLTest6EE": NO_LIST,
    "InvalidIDPwithindirectCRLTest26EE": OTHER_ISSUER,
    **{f"InvalidcRLIssuerTest{number}EE": OTHER_ISSUER for number in (27, 31, 32)},
    **{f"ValidcRLIssuerTest{number}EE": OTHER_ISSUER for number in (28, 29)},
    "InvaliddeltaCRLTest4EE": DELTA,
    "ValiddeltaCRLTest5EE": DELTA,
    "ValidDSASignaturesTest4EE": "DSA with SHA-1 is taken by no current sender",
    "ValidDSAParameterInheritanceTest5EE": "DSA with SHA-1 is taken by no current sender",
}


def pem(kind, der):
    return f"-----BEGIN {kind}-----\n{base64.encodebytes(der).decode()}-----END {kind}-----\n"


def name_of(kind, path, which):
    """A distinguished name in a form in which equal ones are equal (RFC 5280 7.1)."""
    said = lab.run(["openssl", kind, "-inform", "DER", "-in", path, "-noout", f"-{which}",
                    "-nameopt", "multiline,utf8,-esc_msb"]).out
    lines = [re.sub(r"\s+", " ", line).strip() for line in said.splitlines()[1:]]
    return "\n".join(re.sub(r" ?= ?", "=", line) for line in lines).lower()


class Suite:
    def __init__(self, folder):
        self.certificates = sorted(folder.glob("certs/*.crt"))
        lists = sorted(folder.glob("crls/*.crl"))
        self._subjects = self._names("x509", self.certificates, "subject")
        self._issuers = self._names("x509", self.certificates, "issuer")
        self._lists = self._names("crl", lists, "issuer")

    @staticmethod
    def _names(kind, paths, which):
        return dict(zip(paths, lab.side_by_side(lambda path: name_of(kind, path, which), paths)))

    def chain(self, leaf):
        """The leaf and all CAs above it, NIST's root left out."""
        found, todo = [leaf], [leaf]
        while todo:
            issuer = self._issuers[todo.pop()]
            above = [path for path in self.certificates
                     if self._subjects[path] == issuer and path not in found
                     and not path.stem.endswith("EE") and path.stem != ROOT]
            found += above
            todo += above
        return found

    def lists(self, chain):
        issuers = {self._issuers[path] for path in chain}
        return [path for path, issuer in self._lists.items() if issuer in issuers]


def judge(tally, badmx, suite, leaf, folder):
    chain = suite.chain(leaf)
    file = os.path.join(folder, leaf.stem)
    options = []
    with open(file + ".pem", "w", encoding="ascii") as out:
        out.writelines(pem("CERTIFICATE", path.read_bytes()) for path in chain)
    if lists := suite.lists(chain):
        with open(file + ".crl", "w", encoding="ascii") as out:
            out.writelines(pem("X509 CRL", path.read_bytes()) for path in lists)
        options = ["--crl", file + ".crl"]
    said = lab.run([badmx, "check", file + ".pem", "--trust", os.path.join(folder, "root.pem"),
                    "--purpose", "any", "--at", MOMENT, "--json", *options], seconds=60)
    outcome = json.loads(said.out)["verdicts"]["verify-ca"]["outcome"] if said.out else said.err
    sound = not leaf.stem.startswith("Invalid") and leaf.stem not in NO_POLICY
    expected = "deliver" if sound != (leaf.stem in DIFFERENT) else "refuse"
    tally.judge(leaf.stem, expected, outcome, DIFFERENT.get(leaf.stem, ""))


def main(badmx, folder):
    tally = lab.Tally()
    if not (folder / "certs").is_dir():
        tally.skipped("PKITS", f"{folder} isn't there")
        return tally.end()
    suite = Suite(folder)
    with tempfile.TemporaryDirectory(prefix="badmx-pkits-") as scratch:
        with open(os.path.join(scratch, "root.pem"), "w", encoding="ascii") as out:
            out.write(pem("CERTIFICATE", (folder / f"certs/{ROOT}.crt").read_bytes()))
        leaves = [path for path in suite.certificates if path.stem.endswith("EE")]
        lab.side_by_side(lambda leaf: judge(tally, badmx, suite, leaf, scratch), leaves)
    return tally.end()


if __name__ == "__main__":
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    sys.exit(main(sys.argv[1], pathlib.Path(sys.argv[2] if len(sys.argv) > 2 else INSTALLED)))
