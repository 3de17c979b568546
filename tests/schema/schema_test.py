#!/usr/bin/env python3
"""What `badmx check --json` writes is what docs/report.schema.json says, and the schema says something:
with a member gone, or of another type, nothing passes.

  BADMX=build/release/badmx schema_test.py"""

import copy
import json
import os
import pathlib
import sys
import tempfile
import unittest

sys.dont_write_bytecode = True
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
sys.path.insert(0, str(ROOT / "tests"))
import lab  # noqa: E402

try:
    import jsonschema
except ImportError:
    print("skipped: Python's jsonschema isn't installed")
    sys.exit(lab.SKIPPED)

BADMX = os.path.abspath(os.environ.get("BADMX", "build/release/badmx"))
SCHEMA = json.loads((ROOT / "docs/report.schema.json").read_text(encoding="utf-8"))
VALIDATOR = jsonschema.Draft202012Validator(SCHEMA)
OPTIONAL = {"bounce", "stores"}
SCENARIOS = ["healthy", "expired-leaf", "wrong-host", "intermediate-not-sent", "self-signed-leaf",
             "no-starttls", "starttls-refused-454", "starttls-then-silence", "banner-flood",
             "tls10-only", "insists-on-client-certificate", "alternative-names-unreadable",
             "chain/leaf-not-first", "private-ca-root-sent", "plaintext-on-465"]


def badmx(*words, given=""):
    return lab.run([BADMX, *words], given, 60)


class Schema(unittest.TestCase):
    def assert_valid(self, document, what):
        error = jsonschema.exceptions.best_match(VALIDATOR.iter_errors(document))
        self.assertIsNone(error, f"{what}: {error.message[:300] if error else ''}")

    def test_holds_for_each_kind_of_server(self):
        names = [name.rsplit("/", 1)[-1] for name in SCENARIOS]
        with lab.Lab(BADMX, names) as running:
            for name, server in running.servers.items():
                tls = ["--implicit-tls"] if server.tls != "starttls" else []
                said = badmx("check", f"{server.host}:{server.port}", "--name", server.name,
                             "--trust", server.trust, "--trust", f"again={server.trust}", "--json",
                             "--timeout", "2s", *tls)
                self.assert_valid(json.loads(said.out), name)

    def test_holds_for_several_and_for_lists(self):
        with tempfile.TemporaryDirectory() as folder:
            hosts = pathlib.Path(folder, "hosts")
            hosts.write_text("127.0.0.1:1\nlocalhost:1\n")
            self.assert_valid(json.loads(badmx("check", str(hosts), "--json").out), "a report")
            lines = badmx("check", "--input", str(hosts)).out.splitlines()
            self.assertEqual(len(lines), 2)
            for line in lines:
                self.assert_valid(json.loads(line), "a line")

    def test_holds_for_what_was_pasted(self):
        transcript = ("CONNECTED(00000003)\ndepth=0 CN = mx.example.test\nverify error:num=20:unable "
                      "to get local issuer certificate\n---\nCertificate chain\n 0 s:CN = "
                      "mx.example.test\n   i:CN = Some CA\n---\n")
        for given in (transcript, "CONNECTED(00000003)\n"):
            said = badmx("check", "-", "--json", given=given)
            self.assert_valid(json.loads(said.out), said.err)

    def test_holds_for_certificates_and_for_a_bounce(self):
        with tempfile.TemporaryDirectory() as folder:
            badmx("certgen", "expired-leaf", "-o", f"{folder}/pki")
            bounce = pathlib.Path(folder, "bounce")
            bounce.write_text("450 4.7.320 Certificate validation failed [Message=Expired]\n")
            said = badmx("check", f"{folder}/pki/chain.pem", "--trust", f"{folder}/pki/trust.pem",
                         "--bounce", str(bounce), "--json")
            document = json.loads(said.out)
            self.assert_valid(document, said.err)
            self.assertIn("bounce", document)

    def test_refuses_what_lacks_a_member_or_has_another_type(self):
        document = json.loads(badmx("demo", "intermediate-not-sent", "--json").out)
        self.assert_valid(document, "demo")
        changed = 0
        for place in self.places(document):
            for broken in self.broken(document, place):
                self.assertFalse(VALIDATOR.is_valid(broken), f"{place} may be anything")
                changed += 1
        self.assertGreater(changed, 100)

    @staticmethod
    def places(document, before=()):
        """Where each member of each object is, of arrays' members the first alone."""
        if isinstance(document, dict):
            for key, value in document.items():
                yield (*before, key)
                yield from Schema.places(value, (*before, key))
        elif isinstance(document, list) and document:
            yield from Schema.places(document[0], (*before, 0))

    @staticmethod
    def broken(document, place):
        for change in ("drop", "retype"):
            if change == "drop" and place[-1] in OPTIONAL:
                continue
            broken = copy.deepcopy(document)
            holder = broken
            for key in place[:-1]:
                holder = holder[key]
            if change == "retype":
                holder[place[-1]] = 1.5
            else:
                del holder[place[-1]]
            yield broken


if __name__ == "__main__":
    unittest.main()
