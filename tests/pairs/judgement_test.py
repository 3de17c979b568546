"""Each kind of lie in a report is a contradiction, and what is known to differ is none."""

import pathlib
import sys
import types
import unittest

sys.dont_write_bytecode = True
sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
import judgement  # noqa: E402

PATH = ("sent[0]", "sent[1]", "trusted[0]")


def finding(code, where="sent[0]", severity="error", because_of=()):
    return {"code": code, "where": where, "severity": severity, "because_of": list(because_of)}


def report(*found, path=PATH, **decided_by):
    """`decided_by`: of each policy that refuses the finding that decides."""
    verdicts = {policy: {"outcome": "deliver", "decided_by": ""}
                for policy in ("encrypt", "verify-ca", "verify")}
    for policy, code in decided_by.items():
        verdicts[policy.replace("_", "-")] = {"outcome": "refuse", "decided_by": code}
    return {"path": [{"certificate": place} for place in path], "verdicts": verdicts,
            "findings": [each for each in found if not each["because_of"]],
            "consequences": [each for each in found if each["because_of"]]}


def expired(*more, **change):
    """A report of an expired leaf, as it should be but for what is changed."""
    return report(finding("certificate-expired", **change), *more,
                  verify_ca="certificate-expired", verify="certificate-expired")


def against(said, openssl="", gnutls=None, answered=True, certificate="PEM"):
    seen = types.SimpleNamespace(words=openssl.split(), certificate=certificate, answered=answered)
    other = None if gnutls is None else types.SimpleNamespace(words=gnutls.split())
    return " | ".join(judgement.contradictions(judgement.Case(said, seen, other)))


class Contradictions(unittest.TestCase):
    def test_none_in_what_all_three_say(self):
        self.assertEqual(against(expired(), "0:10", "expired"), "")
        self.assertEqual(against(report(), "", "trusted"), "")

    def test_a_finding_that_is_missing(self):
        said = against(report(verify_ca="key-weak", verify="key-weak"), "0:10", "expired")
        self.assertIn("OpenSSL says 0:10, and nothing that it can mean was found", said)
        self.assertIn("GnuTLS says expired, and nothing", said)

    def test_a_finding_at_another_certificate(self):
        self.assertIn("OpenSSL says 0:10, and nothing",
                      against(expired(where="sent[1]"), "0:10", "expired"))

    def test_a_finding_that_nobody_sees(self):
        said = against(expired(finding("name-mismatch")), "0:10", "expired")
        self.assertEqual(said, "name-mismatch at sent[0] isn't seen by OpenSSL or GnuTLS")

    def test_a_finding_taken_for_a_consequence(self):
        said = report(finding("self-signed"),
                      finding("certificate-expired", because_of=["self-signed"]),
                      path=PATH[:1], verify_ca="self-signed", verify="self-signed")
        self.assertEqual(against(said, "0:18 0:10"), "OpenSSL says 0:10: certificate-expired shows by "
                         "itself and is no consequence of self-signed")

    def test_verdicts(self):
        self.assertIn("verify delivers, and OpenSSL refuses (0:10)",
                      against(report(finding("certificate-expired")), "0:10"))
        self.assertIn("verify-ca delivers, and GnuTLS refuses (expired)",
                      against(report(finding("certificate-expired")), "0:10", "expired"))
        named = report(finding("name-mismatch"), verify_ca="name-mismatch", verify="name-mismatch")
        self.assertEqual(against(named, "0:62"),
                         "verify-ca refuses by name-mismatch, and OpenSSL has nothing against it")

    def test_a_session_that_the_other_has_or_lacks(self):
        lost = report(finding("starttls-refused", "starttls"), path=(), encrypt="starttls-refused",
                      verify_ca="starttls-refused", verify="starttls-refused")
        self.assertEqual(against(lost, answered=False), "")
        self.assertIn("OpenSSL has one under TLS", against(lost))
        self.assertIn("OpenSSL gets no answer under it", against(report(), answered=False))


class Differences(unittest.TestCase):
    def test_who_gets_no_certificate_judges_none(self):
        said = report(finding("tls-version-not-shared", "handshake"), finding("name-mismatch"),
                      encrypt="tls-version-not-shared", verify_ca="tls-version-not-shared",
                      verify="tls-version-not-shared")
        self.assertEqual(against(said, answered=False, certificate=""), "")
        self.assertEqual(against(said, "", "name", answered=False, certificate=""), "")
        self.assertIn("isn't seen by GnuTLS",
                      against(said, "", "trusted", answered=False, certificate=""))

    def test_what_lies_above_a_missing_issuer_is_out_of_sight(self):
        said = report(finding("issuer-wrong-key"), finding("certificate-expired", "sent[1]"),
                      verify_ca="issuer-wrong-key", verify="issuer-wrong-key")
        self.assertEqual(against(said, "0:20 0:21", "issuer-unknown"), "")
        below = report(finding("issuer-wrong-key", "sent[1]"), finding("certificate-expired"),
                       verify_ca="issuer-wrong-key", verify="issuer-wrong-key")
        self.assertIn("certificate-expired at sent[0] isn't seen", against(below, "1:20"))

    def test_who_takes_the_common_name_sees_no_fault_in_it(self):
        said = report(finding("name-only-in-cn"), verify="name-only-in-cn")
        self.assertEqual(against(said, "", "trusted"), "")

    def test_one_witness_may_see_what_the_other_does_not(self):
        said = report(finding("ocsp-staple-revoked"), verify_ca="ocsp-staple-revoked",
                      verify="ocsp-staple-revoked")
        self.assertEqual(against(said, "", "revoked"), "")
        self.assertIn("ocsp-staple-revoked at sent[0] isn't seen by GnuTLS",
                      against(said, "", "trusted"))

    def test_the_first_certificate_stands_for_the_server(self):
        swapped = ("sent[1]", "sent[0]", "trusted[0]")
        said = report(finding("chain-leaf-not-first", "sent[1]"),
                      finding("certificate-expired", "sent[1]"), path=swapped,
                      verify="chain-leaf-not-first")
        self.assertEqual(against(said, "0:62", "constraints name"), "")
        self.assertIn("certificate-expired", against(report(
            finding("chain-leaf-not-first", "sent[1]"), finding("certificate-expired", "sent[0]"),
            path=swapped, verify="chain-leaf-not-first"), "0:62"))

    def test_a_weak_key_that_is_said_again_stands_for_the_end_of_the_chain(self):
        said = report(finding("key-weak"), finding("issuer-unknown"), verify_ca="key-weak",
                      verify="key-weak")
        self.assertEqual(against(said, "0:66 0:66 0:21", "issuer-unknown"), "")
        alone = report(finding("key-weak"), verify_ca="key-weak", verify="key-weak")
        self.assertIn("OpenSSL says 1:66, and nothing", against(alone, "0:66 1:66"))


if __name__ == "__main__":
    unittest.main(verbosity=0)
