"""What the tests in Python share: fake servers that end with the test, clients with a clean
environment and a deadline, and a tally that prints a line a case."""

import concurrent.futures
import json
import os
import shutil
import subprocess
import tempfile
import threading
import time

SKIPPED = 77  # ctest's SKIP_RETURN_CODE

# Variables by which a caller's machine would change what a client trusts or says.
_MEDDLING = ("SSL_CERT_FILE", "SSL_CERT_DIR", "CURL_CA_BUNDLE", "CURL_HOME", "OPENSSL_CONF",
             "GNUTLS_SYSTEM_PRIORITY_FILE", "REQUESTS_CA_BUNDLE", "SSLKEYLOGFILE", "NO_COLOR",
             "CLICOLOR_FORCE", "COLUMNS", "http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY",
             "HTTPS_PROXY", "ALL_PROXY")


def clean_environment(**more):
    environment = {name: value for name, value in os.environ.items() if name not in _MEDDLING}
    environment.update(LC_ALL="C.UTF-8", TZ="UTC", **more)
    return environment


class Result:
    """How a program ended: `code` is None when its time was over."""

    def __init__(self, code, out, err):
        self.code, self.out, self.err = code, out, err

    @property
    def text(self):
        return self.out + self.err


def run(command, given="", seconds=20, environment=None, folder=None):
    """Runs a program to its end, at most so long, in a process group of its own."""
    process = subprocess.Popen(
        [str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        stderr=subprocess.PIPE, env=environment or clean_environment(), cwd=folder,
        start_new_session=True)
    given = given.encode() if isinstance(given, str) else given
    try:
        out, err = process.communicate(given, timeout=seconds)
        code = process.returncode
    except subprocess.TimeoutExpired:
        os.killpg(process.pid, 9)
        out, err = process.communicate()
        code = None
    return Result(code, out.decode(errors="replace"), err.decode(errors="replace"))


class Server:
    """A scenario as the ready-file tells of it."""

    def __init__(self, scenario, entry):
        self.id = scenario
        self.host, self.port, self.tls = entry["host"], entry["port"], entry["tls"]
        self.name, self.domain, self.trust = entry["name"], entry["domain"], entry["trust"]
        self.expect = entry["expect"]


class Lab:
    """`badmx serve` while the `with` block runs."""

    def __init__(self, badmx, names=("--all",), options=()):
        self._command = [badmx, "serve", *names, "--listen", "127.0.0.1", "--exit-with-stdin",
                         "--for", "10m", *options]
        self.servers = {}

    def __enter__(self):
        self.folder = tempfile.mkdtemp(prefix="badmx-test-")
        ready = os.path.join(self.folder, "ready.json")
        self._events = os.path.join(self.folder, "events.ndjson")
        self._said = open(os.path.join(self.folder, "serve.txt"), "w+")
        self._process = subprocess.Popen(
            [*self._command, "--ready-file", ready, "--events", self._events],
            stdin=subprocess.PIPE, stdout=self._said, stderr=subprocess.STDOUT,
            env=clean_environment())
        try:
            deadline = time.monotonic() + 120
            while not os.path.exists(ready):
                if self._process.poll() is not None or time.monotonic() > deadline:
                    self._said.seek(0)
                    raise RuntimeError("badmx serve isn't ready: " + self._said.read())
                time.sleep(0.02)
            with open(ready) as file:
                scenarios = json.load(file)["scenarios"]
            self.servers = {name: Server(name, entry) for name, entry in scenarios.items()}
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_):
        self._process.stdin.close()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()
        self._said.close()
        shutil.rmtree(self.folder, ignore_errors=True)

    def connections(self, scenario, count=1, seconds=10):
        """The records of a scenario's connections; waits until there are `count`."""
        deadline = time.monotonic() + seconds
        while True:
            records = []
            if os.path.exists(self._events):
                with open(self._events) as file:
                    whole = file.read().rpartition("\n")[0]
                records = [json.loads(line) for line in whole.splitlines()]
                records = [each for each in records if each["scenario"] == scenario]
            if len(records) >= count or time.monotonic() > deadline:
                return records
            time.sleep(0.02)


def side_by_side(work, items, at_once=4):
    """Calls work(item) for each, a few at once; what one of them raises is raised."""
    with concurrent.futures.ThreadPoolExecutor(at_once) as threads:
        return list(threads.map(work, items))


class Tally:
    """One line a case; passed() and the like may be called by several threads."""

    def __init__(self):
        self._lock = threading.Lock()
        self._counts = {"passed": 0, "FAILED": 0, "SKIPPED": 0}

    def _line(self, outcome, case, words):
        with self._lock:
            self._counts[outcome] += 1
            print(f"{outcome:8} {case}" + (f": {words}" if words else ""), flush=True)

    def passed(self, case, words=""):
        self._line("passed", case, words)

    def failed(self, case, words):
        self._line("FAILED", case, words)

    def skipped(self, case, why):
        self._line("SKIPPED", case, why)

    def judge(self, case, expected, found, words=""):
        if expected == found:
            self.passed(case, words)
        else:
            self.failed(case, f"expected {expected}, found {found}" + (f"; {words}" if words else ""))

    def end(self):
        """Prints the sum; the exit code: 1 for a failure, 77 when nothing was judged."""
        passed, failed, skipped = (self._counts[name] for name in ("passed", "FAILED", "SKIPPED"))
        print(f"{passed} passed, {failed} failed, {skipped} skipped", flush=True)
        return 1 if failed else 0 if passed else SKIPPED
