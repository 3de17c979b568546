"""How swaks is told to verify the chain without the name."""

import re

from adapter import version_of


def chain_alone():
    """Until 2024 that was all that --tls-verify did; since then it verifies the name too."""
    release = re.search(r"\d{8}", version_of(["swaks", "--version"]))
    return "--tls-verify-ca" if release and release[0] >= "20240103" else "--tls-verify"
