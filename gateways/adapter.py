"""What every adapter in Python shares: the protocol of docs/gateways.md, deliveries side by side,
and an end when our standard input ends.

    from adapter import Adapter, Mode, one_shot
"""

import concurrent.futures
import contextlib
import ctypes
import json
import os
import pathlib
import shutil
import signal
import subprocess
import sys
import threading
import time
from typing import NamedTuple

MESSAGE = "From: <{sender}>\r\nTo: <{recipient}>\r\nSubject: badmx\r\n\r\nA test message.\r\n"

# How long a sender that is run once a message waits for a silent server, in seconds; more on a busy
# machine.
PATIENCE = int(os.environ.get("BADMX_PATIENCE", "2"))

DELIVERED, WOULD_DELIVER, DEFERRED, BOUNCED, GAVE_UP, SKIPPED = (
    "delivered", "would-deliver", "deferred", "bounced", "gave-up", "skipped")


class Mode(NamedTuple):
    name: str
    policy: str
    summary: str


class Endpoint(NamedTuple):
    scenario: str
    host: str
    port: int
    tls: str
    name: str
    recipient: str
    trust: str
    keys: list  # SHA-256 of the public keys that the server has certificates for, hexadecimal


class Request(NamedTuple):
    mode: str
    policy: str
    scratch: pathlib.Path
    trust: str
    sender: str
    settings: object  # a path, or None
    submit: object  # HOST:PORT of a black box, or None
    deadline: float  # of time.monotonic()
    endpoints: list

    def message(self, endpoint):
        return MESSAGE.format(sender=self.sender, recipient=endpoint.recipient)

    def seconds_left(self):
        return max(0.0, self.deadline - time.monotonic())


def clean_environment(**more):
    """Trust lists that the caller's environment names would overrule the ones we give."""
    kept = {key: value for key, value in os.environ.items()
            if not key.startswith(("SSL_CERT_", "CURL_CA", "REQUESTS_CA", "NODE_EXTRA_CA"))}
    return {**kept, "LC_ALL": "C", **more}


def die_with_parent():
    """For preexec_fn: a child of ours ends when we do, however we end (prctl, Linux)."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)


def run(command, given="", seconds=20, **more):
    """Exit status and all that it said; status None when it had to be ended."""
    try:
        done = subprocess.run(
            [str(word) for word in command], input=given.encode(), stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT, timeout=max(0.1, seconds), env=more.pop("env", clean_environment()),
            preexec_fn=die_with_parent, **more)
        return done.returncode, done.stdout.decode(errors="replace")
    except subprocess.TimeoutExpired as expired:
        return None, (expired.stdout or b"").decode(errors="replace")


@contextlib.contextmanager
def talking(command, lines):
    """A program that is given lines and answers in lines, which are iterated over as they come."""
    process = subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL, text=True, env=clean_environment(), preexec_fn=die_with_parent)
    try:
        process.stdin.write("\n".join(lines) + "\n")
        process.stdin.close()
        yield process.stdout
        process.wait(timeout=10)
    finally:
        process.kill()
        process.wait()


def version_of(command, line=0):
    _, said = run(command, seconds=10)
    lines = said.splitlines()
    return lines[line].strip() if len(lines) > line else ""


def needs_program(program):
    return "" if shutil.which(program) else f"{program} isn't installed"


class Adapter:
    """Modes and a way to deliver; main() speaks the protocol."""

    def __init__(self, version, modes, deliver_all, missing=""):
        self._version, self._modes, self._missing = version, modes, missing
        self._deliver_all = deliver_all
        self._lock = threading.Lock()

    def answer(self, endpoint, verdict, log=()):
        with self._lock:
            print(json.dumps({"scenario": endpoint.scenario, "verdict": verdict,
                              "log": [line for line in log if line][:200]}), flush=True)

    def main(self):
        if sys.argv[1:] == ["describe"]:
            version = "" if self._missing else self._version()
            print(json.dumps({"version": version, "missing": self._missing,
                              "modes": [mode._asdict() for mode in self._modes]}))
            return 0
        if sys.argv[1:] != ["run"]:
            print("usage: adapter describe | run", file=sys.stderr)
            return 64
        request = self._read_request()
        threading.Thread(target=self._end_with_input, daemon=True).start()
        self._deliver_all(self, request)
        print(json.dumps({"done": True}), flush=True)
        return 0

    @staticmethod
    def _read_request():
        said = json.loads(sys.stdin.readline())
        return Request(said["mode"], said["policy"], pathlib.Path(said["scratch"]), said["trust"],
                       said["sender"], said["settings"],
                       said["submit"], time.monotonic() + said["deadline"],
                       [Endpoint(**each) for each in said["endpoints"]])

    @staticmethod
    def _end_with_input():
        """Whoever started us has gone, or has what it wants: the whole group goes, cleanly first."""
        while sys.stdin.read(4096):
            pass
        os.kill(os.getpid(), signal.SIGTERM)


def one_shot(deliver, at_once=8):
    """A sender that is run once a message: `deliver(request, endpoint)` gives verdict and log."""

    def deliver_all(adapter, request):
        def one(endpoint):
            try:
                adapter.answer(endpoint, *deliver(request, endpoint))
            except OSError as error:
                adapter.answer(endpoint, GAVE_UP, [str(error)])

        with concurrent.futures.ThreadPoolExecutor(at_once) as threads:
            list(threads.map(one, request.endpoints))

    return deliver_all
