"""Whether what OpenSSL and GnuTLS say of a server and what `badmx check` says of it can both be true.

Nothing here is taken from checker/rules, so that a mistake there isn't made twice: what a witness's
word can mean is said once more, by the manuals (X509_STORE_CTX_get_error(3),
openssl-verification-options(1), gnutls_certificate_status_t)."""

import collections

# What each of OpenSSL's numbers can mean, of the certificate at its depth.
_NO_ISSUER = {"issuer-unknown", "issuer-wrong-key", "authority-key-id-mismatch",
              "path-not-found-by-openssl", "extension-duplicate", "extension-malformed"}
_OPENSSL = {
    "7": {"signature-bad"},
    "9": {"certificate-not-yet-valid"},
    "10": {"certificate-expired"},
    "18": {"self-signed"},
    "19": {"root-not-trusted"},
    "20": _NO_ISSUER,
    "21": _NO_ISSUER,
    "25": {"path-length-exceeded"},
    "26": {"purpose-not-server", "issuer-not-ca"},
    "34": {"extension-critical-unknown"},
    "47": {"name-constraint-violated"},
    "62": {"name-mismatch", "chain-leaf-not-first"},
    "66": {"key-weak"},
    # It sees the leaf's weak key at once, and says so again in place of what is at the chain's end.
    "66 again": _NO_ISSUER | {"self-signed", "root-not-trusted"},
    "68": {"signature-weak"},
    "79": {"issuer-not-ca"},
}
# What each of GnuTLS's words can mean (tests/witness/README.md); it doesn't say of which certificate.
_GNUTLS = {
    "issuer-unknown": {"issuer-unknown", "issuer-wrong-key", "authority-key-id-mismatch",
                       "self-signed", "root-not-trusted", "path-not-found-by-openssl"},
    "expired": {"certificate-expired"},
    "not-yet-valid": {"certificate-not-yet-valid"},
    "not-a-ca": {"issuer-not-ca"},
    "signature": {"signature-bad"},
    "algorithm": {"signature-weak"},
    "critical": {"extension-critical-unknown"},
    "purpose": {"purpose-not-server"},
    "constraints": {"name-constraint-violated", "path-length-exceeded", "chain-leaf-not-first"},
    "revoked": {"ocsp-staple-revoked"},
    "staple-old": {"ocsp-staple-invalid"},
    # Nor can it use one whose signer has a fault, whatever it says, or that isn't of the first.
    "staple-invalid": {"ocsp-staple-invalid", "ocsp-staple-revoked", "issuer-unknown",
                       "issuer-wrong-key", "issuer-not-ca", "certificate-expired", "self-signed",
                       "root-not-trusted", "chain-leaf-not-first"},
    "staple-missing": {"ocsp-staple-missing"},
    # It takes the common name of a certificate for servers alone.
    "name": {"name-mismatch", "chain-leaf-not-first", "name-only-in-cn"},
    "malformed": {"extension-duplicate", "extension-malformed"},
    "handshake-failed": {"extension-duplicate", "extension-malformed"},
}
_ABOUT_NAMES = {"62", "63", "64", "name"}  # a sender that verifies the CA alone doesn't ask for them

# Where a witness is known to differ from a current sender of the same policy, and why.
_TAKES_COMMON_NAME = "takes the common name where there are no alternative names"
_ONE_WAY = "takes one way up and doesn't go back"
_MILDER = {
    "OpenSSL": {"name-only-in-cn": _TAKES_COMMON_NAME, "ocsp-staple-revoked": "looks at no staple"},
    "GnuTLS": {"name-only-in-cn": _TAKES_COMMON_NAME, "key-weak": "takes RSA keys of 1024 bits"},
}
_STRICTER = {  # by its word for a finding
    ("20", "path-not-found-by-openssl"): _ONE_WAY,
    ("issuer-unknown", "path-not-found-by-openssl"): _ONE_WAY,
    ("constraints", "chain-leaf-not-first"): "holds a CA's constraints against the name it looks for",
    ("staple-invalid", "chain-leaf-not-first"): "takes the staple for the first certificate's",
    ("staple-old", "ocsp-staple-invalid"): "refuses what it can't make anything of",
    ("staple-invalid", "ocsp-staple-invalid"): "refuses what it can't make anything of",
    ("staple-missing", "ocsp-staple-missing"): "refuses where one is demanded",
}
_READS_OVER = {"reply-malformed": "s_client reads over a first line that is no reply"}
# What isn't judged of a certificate whose issuer OpenSSL misses, or that it can't take apart.
_NEEDS_ISSUER = {"self-signed", "signature-bad", "signature-weak", "ocsp-staple-revoked",
                 "purpose-not-server"}
_MISSES_ISSUER = {"2", "20", "66 again"}

# `height` is None where the witness doesn't say of which certificate it speaks.
Complaint = collections.namedtuple("Complaint", "witness word number means height")


class Case:
    """One server: the report of `badmx check --json`, and what each witness said (witness/tools.py).
    `gnutls` is None where it wasn't asked, or was shown another certificate."""

    def __init__(self, report, openssl, gnutls):
        self.report, self.openssl, self.gnutls = report, openssl, gnutls
        path = [step["certificate"] for step in report["path"]]
        # Whatever was sent first is at OpenSSL's depth 0.
        first = path.index("sent[0]") if "sent[0]" in path else 0
        self.heights = {where: height - first for height, where in enumerate(path)}
        self.complaints = []
        for word in openssl.words:
            depth, number = word.split(":")
            if number == "66" and any(each.number == "66" for each in self.complaints):
                number = "66 again"
            self.complaints.append(
                Complaint("OpenSSL", word, number, _OPENSSL.get(number, set()), int(depth)))
        no_complaints = {"trusted"}
        if self.outcome("encrypt") != "deliver":
            no_complaints.add("handshake-failed")
        for word in gnutls.words if gnutls else []:
            if word not in no_complaints:
                self.complaints.append(Complaint("GnuTLS", word, word, _GNUTLS.get(word, set()), None))

    def outcome(self, policy):
        return self.report["verdicts"][policy]["outcome"]

    def decided_by(self, policy):
        return self.report["verdicts"][policy]["decided_by"]

    def height(self, finding):
        # The first certificate's place is where this one should be.
        return 0 if finding["code"] == "chain-leaf-not-first" else self.heights.get(finding["where"])

    def is_about(self, complaint, finding):
        of_a_way = finding["code"] == "path-not-found-by-openssl"  # which isn't the report's path
        return finding["code"] in complaint.means and (
            of_a_way or complaint.height in (None, self.height(finding)))

    def is_behind_the_first(self, finding):
        """Whether it is about the server's own certificate, and another stands for the server."""
        height = self.height(finding)
        return height is not None and height < 0

    def meant_by(self, complaint):
        return [finding for finding in self.report["findings"] + self.report["consequences"]
                if self.is_about(complaint, finding)]

    def witnesses(self):
        """Who judged the chain."""
        judged = []
        if self.openssl.certificate:
            judged.append("OpenSSL")
        if self.gnutls and self.gnutls.words != ["handshake-failed"]:
            judged.append("GnuTLS")
        return judged


def contradictions(case):
    """Each as a sentence."""
    yield from _of_the_session(case)
    if case.report["path"]:
        for each in (_unexplained, _unseen, _no_consequence, _other_verdicts):
            yield from each(case)


def _of_the_session(case):
    ends_it = case.decided_by("encrypt")
    if case.outcome("encrypt") == "deliver":
        if not case.openssl.answered:
            yield "TLS comes about, and OpenSSL gets no answer under it"
    elif case.openssl.answered and ends_it not in _READS_OVER:
        yield f"{ends_it} ends the session, and OpenSSL has one under TLS"


def _unexplained(case):
    for complaint in case.complaints:
        if not case.meant_by(complaint):
            yield f"{complaint.witness} says {complaint.word}, and nothing that it can mean was found"


def _is_out_of_sight(case, finding):
    """Whether it is about no certificate of the chain, or one that OpenSSL says it doesn't get to."""
    height = case.height(finding)
    if height is None or case.is_behind_the_first(finding):
        return True
    ends = [complaint.height for complaint in case.complaints if complaint.number in _MISSES_ISSUER]
    return any(height > end or height == end and finding["code"] in _NEEDS_ISSUER for end in ends)


def _unseen(case):
    for finding in case.report["findings"]:
        able = [witness for witness in case.witnesses() if finding["code"] not in _MILDER[witness]]
        if finding["severity"] != "error" or not able or _is_out_of_sight(case, finding):
            continue
        if not any(case.is_about(complaint, finding) for complaint in case.complaints):
            yield f"{finding['code']} at {finding['where']} isn't seen by {' or '.join(able)}"


def _no_consequence(case):
    for complaint in case.complaints:
        for finding in case.meant_by(complaint):
            causes = finding["because_of"]
            if causes and not complaint.means & set(causes):
                yield (f"{complaint.witness} says {complaint.word}: {finding['code']} shows by itself "
                       f"and is no consequence of {' and '.join(causes)}")


def _is_stricter(case, complaint):
    # GnuTLS takes apart all that was sent, OpenSSL what stands on its way up.
    return any((complaint.number, finding["code"]) in _STRICTER
               or complaint.number == "malformed" and case.is_behind_the_first(finding)
               for finding in case.meant_by(complaint))


def _other_verdicts(case):
    if case.outcome("encrypt") != "deliver":
        return
    for witness in case.witnesses():
        of_all = [complaint for complaint in case.complaints if complaint.witness == witness]
        of_ca = [complaint for complaint in of_all if complaint.number not in _ABOUT_NAMES]
        for policy, against in (("verify", of_all), ("verify-ca", of_ca)):
            decisive = [each.word for each in against if not _is_stricter(case, each)]
            cause = case.decided_by(policy)
            if case.outcome(policy) == "deliver":
                if decisive:
                    yield f"{policy} delivers, and {witness} refuses ({' '.join(decisive)})"
            elif not against and cause not in _MILDER[witness]:
                yield f"{policy} refuses by {cause}, and {witness} has nothing against it"
