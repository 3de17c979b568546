#!/usr/bin/env python3
"""Every scenario of badmx against a sender, in one loop over what each expects.

The sender here is Python's smtplib, which demands TLS, a trusted chain and the right name: policy
`verify`. Put your own in the place of deliver().

    BADMX=badmx python3 -m unittest test_gateway.py
"""

import json
import os
import smtplib
import socket
import ssl
import subprocess
import tempfile
import time
import unittest

POLICY = "verify"
MESSAGE = "From: a@client.test\r\nTo: b@badmx.test\r\nSubject: a test\r\n\r\nHello.\r\n"

# What this sender is known to do otherwise: it takes the common name where there are no alternative
# names, knows no revocation lists or staples, and tries one way up only.
DIFFERENT = {"cn-only-no-san": "deliver", "revoked-leaf": "deliver",
             "revoked-leaf-stapled": "deliver",
             "revocation-list-expired": "deliver", "two-paths-one-trusted": "refuse"}


class At(smtplib.SMTP):
    """Connects to host and port, and verifies `name`, as a sender does after its MX lookup."""

    def __init__(self, server):
        self._server = server
        super().__init__(server["name"], local_hostname="client.test", timeout=5)

    def _get_socket(self, name, _port, timeout):
        plain = socket.create_connection((self._server["host"], self._server["port"]), timeout)
        if self._server["tls"] == "starttls":
            return plain
        return trusting(self._server).wrap_socket(plain, server_hostname=name)


def trusting(server):
    return ssl.create_default_context(cafile=server["trust"])


def deliver(server):
    """Whether the message was taken, under TLS."""
    try:
        with At(server) as smtp:
            if server["tls"] == "starttls":
                smtp.starttls(context=trusting(server))
            smtp.sendmail("a@client.test", "b@badmx.test", MESSAGE)
    except (OSError, smtplib.SMTPException):
        return False
    return True


class Gateway(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(folder.cleanup)
        ready = os.path.join(folder.name, "ready.json")
        # The servers end when our end of their standard input closes, however this test ends.
        badmx = subprocess.Popen(
            [os.environ.get("BADMX", "badmx"), "serve", "--all", "--ready-file", ready,
             "--exit-with-stdin"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL)
        cls.addClassCleanup(badmx.wait)
        cls.addClassCleanup(badmx.stdin.close)
        while not os.path.exists(ready):  # it is written whole, once all servers listen
            if badmx.poll() is not None:
                raise RuntimeError(f"badmx serve ended with {badmx.returncode}")
            time.sleep(0.05)
        with open(ready, encoding="utf-8") as file:
            cls.servers = json.load(file)["scenarios"]

    def test_does_with_each_server_what_its_policy_demands(self):
        for scenario, server in self.servers.items():
            with self.subTest(scenario):
                expected = DIFFERENT.get(scenario, server["expect"][POLICY])
                self.assertEqual(deliver(server), expected == "deliver")


if __name__ == "__main__":
    unittest.main()
